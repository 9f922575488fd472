package org.mailrack.itests.rack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An instance of the packaged rack in a folder of its own, driven by its command as an operator does. */
public final class Rack implements AutoCloseable {

    private static final int[] STANDARD_PORTS = {24, 25, 80, 110, 143, 443, 465, 587, 993, 995, 4190};

    private final Installation installation;
    private final Path base;
    private final int offset;

    /** What a command printed, and its exit code. */
    public record Result(int exit, String out, String err) {
        public Result ok() {
            assertThat(exit)
                    .as("exit code, with on stderr: %s and on stdout: %s", err, out)
                    .isZero();
            return this;
        }
    }

    private Rack(Installation installation, Path base, int offset) {
        this.installation = installation;
        this.base = base;
        this.offset = offset;
    }

    /** Makes an instance on ports that are free. */
    public static Rack init(Installation installation, Path base, String... options) throws Exception {
        Rack rack = new Rack(installation, base, freeOffset());
        List<String> arguments = new ArrayList<>(List.of("init", "--port-offset", String.valueOf(rack.offset)));
        arguments.addAll(List.of(options));
        rack.run(arguments.toArray(String[]::new)).ok();
        return rack;
    }

    /** An instance on known ports, that {@code init} has not made yet. */
    public static Rack at(Installation installation, Path base, int offset) {
        return new Rack(installation, base, offset);
    }

    /** An offset with which every standard port is free; below the range from which the system takes its own ports. */
    public static int freeOffset() {
        for (int offset = 11_000 + (int) (ProcessHandle.current().pid() % 50) * 300; offset < 31_000; offset += 101) {
            if (free(offset)) {
                return offset;
            }
        }
        throw new IllegalStateException("no free ports");
    }

    private static boolean free(int offset) {
        for (int port : STANDARD_PORTS) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port + offset));
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    public int port(int standard) {
        return standard + offset;
    }

    public Path base() {
        return base;
    }

    public Path etc(String file) {
        return base.resolve("etc").resolve(file);
    }

    /** Runs {@code mailrack --base … arguments}. */
    public Result run(String... arguments) throws Exception {
        return runWith("", arguments);
    }

    /** Runs a command with something on its standard input. */
    public Result runWith(String input, String... arguments) throws Exception {
        Process process = process(arguments).start();
        CompletableFuture<String> out = read(process.getInputStream());
        CompletableFuture<String> err = read(process.getErrorStream());
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The command did not want to read it.
        }
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("mailrack " + String.join(" ", arguments) + " did not end in a minute");
        }
        return new Result(process.exitValue(), out.get(10, TimeUnit.SECONDS), err.get(10, TimeUnit.SECONDS));
    }

    /** A command that was not started yet. */
    public ProcessBuilder process(String... arguments) {
        List<String> command = new ArrayList<>(List.of(installation.command().toString(), "--base", base.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        // The suite decides on the JDK, not what happens to be first on the path.
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    private static CompletableFuture<String> read(java.io.InputStream stream) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                return "unreadable: " + e;
            }
        });
    }

    public Rack start() throws Exception {
        run("start").ok();
        return this;
    }

    public void addUser(String address, String password) throws Exception {
        runWith(password + "\n", "user", "add", address, "--password-stdin").ok();
    }

    /** The process that serves, by its pid file. */
    public ProcessHandle server() throws IOException {
        String pid = Files.readString(base.resolve("data/mailrack.pid")).trim().split("\\s+")[0];
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    /** As the power or {@code kill -9} ends it. */
    public void kill() throws Exception {
        ProcessHandle server = server();
        server.destroyForcibly();
        server.onExit().get(20, TimeUnit.SECONDS);
    }

    /** The same, when there may be no process yet or no more; false if there is none. */
    public boolean killIfThere() throws Exception {
        Path file = base.resolve("data/mailrack.pid");
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        if (lines.size() < 2) {
            return false;
        }
        // The system may have given the number to another process since.
        Optional<ProcessHandle> server = ProcessHandle.of(
                        Long.parseLong(lines.get(0).trim()))
                .filter(process -> process.info()
                        .startInstant()
                        .map(Instant::toEpochMilli)
                        .filter(start -> start == Long.parseLong(lines.get(1).trim()))
                        .isPresent());
        if (server.isEmpty()) {
            return false;
        }
        server.get().destroyForcibly();
        server.get().onExit().get(20, TimeUnit.SECONDS);
        return true;
    }

    public String log() throws IOException {
        Path log = base.resolve("log/mailrack.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    @Override
    public void close() {
        try {
            run("stop");
        } catch (Exception e) {
            throw new IllegalStateException("cannot stop " + base, e);
        }
    }
}
