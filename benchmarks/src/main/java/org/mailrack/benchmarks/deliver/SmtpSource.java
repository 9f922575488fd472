package org.mailrack.benchmarks.deliver;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.mailrack.benchmarks.side.Side;

/** Postfix's load generator, which we did not write. */
final class SmtpSource {

    private static final Path PROGRAM = Path.of("/usr/sbin/smtp-source");

    private SmtpSource() {}

    /** Why it cannot run here; empty when it can. */
    static String missing() {
        return Files.isExecutable(PROGRAM)
                ? ""
                : PROGRAM + " is not installed: it is in the package postfix (benchmarks/install-peers)";
    }

    /** Refuses a benchmark that needs it and has it not, in loud words. */
    static void require() {
        String absent = missing();
        if (!absent.isEmpty()) {
            throw new IllegalArgumentException("the benchmark is SKIPPED: " + absent);
        }
    }

    /** Returns when the last message was answered with 250. Any other answer is a failure. */
    static void send(InetSocketAddress server, Load load, int messages, long deadlineNanos) throws IOException {
        for (List<Load.Part> step : load.steps(messages)) {
            List<Process> processes = new ArrayList<>();
            try {
                for (Load.Part part : step) {
                    processes.add(start(server, load, part));
                }
                for (Process process : processes) {
                    await(process, deadlineNanos);
                }
            } finally {
                processes.forEach(Process::destroyForcibly);
            }
        }
    }

    private static Process start(InetSocketAddress server, Load load, Load.Part part) throws IOException {
        List<String> words = new ArrayList<>(List.of(PROGRAM.toString()));
        words.addAll(List.of("-s", "" + part.sessions(), "-m", "" + part.messages(), "-l", "" + load.octets()));
        words.addAll(List.of("-M", "client.example.net", "-f", "sender@example.net"));
        words.addAll(List.of("-S", "load", "-t", part.to() + "@" + Side.DOMAIN));
        if (part.numbered()) {
            words.add("-N");
        }
        words.add("inet:" + server.getAddress().getHostAddress() + ":" + server.getPort());
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .start();
    }

    private static void await(Process process, long deadlineNanos) throws IOException {
        try {
            if (!process.waitFor(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new IOException("smtp-source has not ended in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while smtp-source sends");
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    "smtp-source: " + new String(process.getInputStream().readAllBytes()).strip());
        }
    }
}
