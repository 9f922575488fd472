package org.mailrack.launcher;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code bin/mailrack} of an installation.
 *
 * @param scratch where its output goes to
 * @param as words that go before it, such as those that make it run as another user
 */
record Command(Path home, Path scratch, List<String> as) {

    static final Path PACKAGED = Path.of("target/mailrack").toAbsolutePath();

    private static final long MINUTES = 2;

    record Result(int code, String out, String err) {}

    ProcessBuilder process(Path base, String... words) {
        List<String> command = new ArrayList<>(as);
        command.addAll(List.of(home.resolve("bin/mailrack").toString(), "--base", base.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        // The suite decides on the JDK, not what happens to be first on the path.
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    /** Runs it to its end. A first word that ends a line is its standard input. */
    Result run(Path base, String... words) throws Exception {
        boolean input = words[0].endsWith("\n");
        String[] command = input ? Stream.of(words).skip(1).toArray(String[]::new) : words;
        Path out = Files.createTempFile(scratch, "out", null);
        Path err = Files.createTempFile(scratch, "err", null);
        Process process = process(base, command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (var stdin = process.getOutputStream()) {
            if (input) {
                stdin.write(words[0].getBytes(StandardCharsets.UTF_8));
            }
        }
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("hangs: " + List.of(command));
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    static int port(Path base, String endpoint) {
        return Integer.parseInt(Instance.load(base.resolve("etc").resolve(Instance.ENDPOINT_PREFIX + endpoint + ".cfg"))
                .getProperty("port"));
    }

    /** An offset with which all ports are free now; another one in each run, for other builds on the machine want ports, too. */
    static int offset() throws IOException {
        for (int offset = 11_000 + (int) (ProcessHandle.current().pid() % 50) * 300; offset < 31_000; offset += 101) {
            boolean free = true;
            for (EndpointDefaults endpoint : EndpointDefaults.ALL) {
                try (ServerSocket probe = new ServerSocket()) {
                    probe.bind(new InetSocketAddress("127.0.0.1", endpoint.port() + offset));
                } catch (IOException e) {
                    free = false;
                }
            }
            if (free) {
                return offset;
            }
        }
        throw new IOException("no free ports");
    }
}
