package org.mailrack.launcher;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server in the background: start, stop, status. */
final class Daemon {

    /** The line by which the child says that it is ready; the rest of its output until then is for the user. */
    private static final int MORE_SECONDS = 15;

    private final Instance instance;

    Daemon(Instance instance) {
        this.instance = instance;
    }

    /** Returns when the endpoints accept. */
    int start() throws InterruptedException {
        SettingsCheck.check(instance);
        if (InstanceLock.held(instance)) {
            throw LauncherException.failed("a server is running on " + instance.base() + " already"
                    + InstanceLock.running(instance)
                            .map(p -> " (process " + p.pid() + ")")
                            .orElse(""));
        }
        int limit = instance.number("start.timeout", 30, 1, 3600) + instance.number("stop.timeout", 20, 1, 3600);
        List<String> command = new ArrayList<>();
        setsid().ifPresent(path -> command.add(path.toString()));
        command.addAll(run("--daemon"));
        Process child;
        try {
            child = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectError(instance.consoleLog().toFile())
                    .start();
        } catch (IOException e) {
            throw LauncherException.failed("cannot start a process: " + Instance.reason(e));
        }
        CompletableFuture<String> said = CompletableFuture.supplyAsync(() -> read(child));
        try {
            String output = said.get(limit + MORE_SECONDS, TimeUnit.SECONDS);
            if (InstanceLock.held(instance) && child.isAlive()) {
                System.out.print(output);
                return 0;
            }
        } catch (TimeoutException | ExecutionException e) {
            child.descendants().forEach(ProcessHandle::destroyForcibly);
            child.destroyForcibly();
        }
        child.waitFor(MORE_SECONDS, TimeUnit.SECONDS);
        throw LauncherException.failed("not started: " + why());
    }

    private List<String> run(String option) {
        return List.of(
                instance.home().resolve("bin/mailrack").toString(),
                "--base",
                instance.base().toString(),
                "run",
                option);
    }

    /** Has a process of its own prepare the instance, which is how the archive of classes is made; returns what went wrong. */
    Optional<String> prepare() throws InterruptedException {
        int limit = MORE_SECONDS
                + instance.number("start.timeout", 30, 1, 3600)
                + instance.number("stop.timeout", 20, 1, 3600);
        String wrong = "not done within " + limit + " s";
        try {
            Process child = new ProcessBuilder(run("--prepare"))
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(instance.consoleLog().toFile())
                    .start();
            if (!child.waitFor(limit, TimeUnit.SECONDS)) {
                child.destroyForcibly().waitFor();
            } else if (child.exitValue() == 0) {
                return Optional.empty();
            } else {
                wrong = why();
            }
        } catch (IOException e) {
            wrong = Instance.reason(e);
        }
        return Optional.of(wrong);
    }

    /** Until the child closes its standard output: when it is ready, or when it ends. */
    private static String read(Process child) {
        StringBuilder text = new StringBuilder();
        try (BufferedReader reader = child.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                text.append(line).append('\n');
            }
        } catch (IOException e) {
            return text.toString();
        }
        return text.toString();
    }

    private String why() {
        try {
            String console = Files.readString(instance.consoleLog()).strip();
            String last = console.substring(Math.max(0, console.length() - 4000));
            return last.isEmpty() ? "it ended without a word" : last.replace("mailrack: ", "");
        } catch (IOException e) {
            return "and cannot read why in " + instance.consoleLog() + ": " + Instance.reason(e);
        }
    }

    private static Optional<Path> setsid() {
        return List.of("/usr/bin/setsid", "/bin/setsid").stream()
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Stops the server, if one runs; returns when it has ended. */
    int stop() throws InterruptedException {
        if (!InstanceLock.held(instance)) {
            System.out.println("no server is running on " + instance.base());
            return 0;
        }
        ProcessHandle process = InstanceLock.running(instance)
                .orElseThrow(() -> LauncherException.failed("a server is running on " + instance.base() + ", but "
                        + instance.pidFile() + " does not name its process"));
        int limit = instance.number("stop.timeout", 20, 1, 3600);
        if (!process.destroy()) {
            throw LauncherException.failed("cannot stop process " + process.pid() + ": permission denied");
        }
        try {
            process.onExit().get(limit + MORE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            process.destroyForcibly();
            throw LauncherException.failed("process " + process.pid() + " did not stop within " + (limit + MORE_SECONDS)
                    + " s and was killed");
        }
        System.out.println("stopped");
        return 0;
    }

    /** LSB: 0 runs, 1 dead with a pid file, 3 does not run, 4 cannot be told. */
    int status() {
        if (Files.exists(instance.data()) && !Files.isReadable(instance.data())) {
            throw new LauncherException(
                    LauncherException.UNKNOWN,
                    "only the owner of " + instance.data() + " can see whether a server runs: permission denied");
        }
        if (InstanceLock.held(instance)) {
            System.out.println("running on " + instance.base()
                    + InstanceLock.running(instance)
                            .map(p -> " (process " + p.pid() + ")")
                            .orElse(""));
            return 0;
        }
        if (Files.exists(instance.pidFile())) {
            System.out.println("not running on " + instance.base() + ": ended without a stop");
            return 1;
        }
        System.out.println("not running on " + instance.base());
        return LauncherException.NOT_RUNNING;
    }
}
