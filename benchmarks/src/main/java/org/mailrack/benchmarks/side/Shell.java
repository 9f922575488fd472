package org.mailrack.benchmarks.side;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs other programs, each with an end in time. */
final class Shell {

    private static final int PAUSE_MILLIS = 20;

    private Shell() {}

    static boolean present(String program) {
        return List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin").stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Runs a program to its end; what it says is in the exception when it fails. */
    static void run(int seconds, String input, List<String> command) throws IOException {
        output(seconds, input, command);
    }

    /** The same, and gives what it says. */
    static String output(int seconds, String input, List<String> command) throws IOException {
        Path said = Files.createTempFile("benchmark", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            try (var stdin = process.outputWriter()) {
                stdin.write(input);
            }
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " has not ended in " + seconds + " s: " + Files.readString(said));
            }
            if (process.exitValue() != 0) {
                throw new IOException(command + " exited with " + process.exitValue() + ": " + Files.readString(said));
            }
            return Files.readString(said).strip();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while running " + command);
        } finally {
            Files.delete(said);
        }
    }

    /** Starts a program that stays. */
    static Process start(Path log, List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** @param address of a port or of a socket in the file system */
    static void await(SocketAddress address, int seconds) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            try (SocketChannel channel = address instanceof UnixDomainSocketAddress
                    ? SocketChannel.open(StandardProtocolFamily.UNIX)
                    : SocketChannel.open()) {
                channel.connect(address);
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw new IOException("nobody accepts at " + address + " after " + seconds + " s", e);
                }
            }
            pause();
        }
    }

    /** Asks a process politely to end, then does not ask. */
    static void end(ProcessHandle process, int seconds) throws IOException {
        process.destroy();
        try {
            process.onExit().get(seconds, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            process.destroyForcibly();
            throw new IOException("process " + process.pid() + " did not end in " + seconds + " s and was killed", e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a process ends");
        }
    }

    static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
