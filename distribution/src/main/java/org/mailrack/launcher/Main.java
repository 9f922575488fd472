package org.mailrack.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/** Where {@code bin/mailrack} begins. */
public final class Main {

    /** For the start time that is told. The Java machine itself began a little earlier. */
    static final long BEGUN = System.nanoTime();

    private static final Set<String> OWN =
            Set.of("init", "run", "start", "stop", "restart", "status", "restore", "version");
    private static final Set<String> HELP = Set.of("--help", "-h");

    private Main() {}

    public static void main(String[] words) {
        int code;
        try {
            code = run(List.of(words));
        } catch (LauncherException e) {
            System.out.flush();
            for (String line : e.getMessage().split("\n")) {
                System.err.println("mailrack: " + line);
            }
            code = e.exitCode();
        } catch (InterruptedException e) {
            code = LauncherException.FAILED;
        }
        System.out.flush();
        System.exit(code);
    }

    private static int run(List<String> words) throws InterruptedException {
        Path home = home();
        Arguments arguments = Arguments.parse(words);
        Instance instance = new Instance(home, base(arguments, home));
        return switch (asksForHelp(arguments) ? "help" : arguments.command()) {
            case "init" -> init(instance, arguments.rest());
            case "run" -> serve(instance, arguments.rest());
            case "start" -> {
                none(arguments);
                yield new Daemon(instance).start();
            }
            case "stop" -> {
                none(arguments);
                yield new Daemon(instance).stop();
            }
            case "restart" -> {
                none(arguments);
                new Daemon(instance).stop();
                yield new Daemon(instance).start();
            }
            case "status" -> {
                none(arguments);
                yield new Daemon(instance).status();
            }
            case "restore" -> new Restore(instance).run(arguments.rest());
            case "version" -> {
                none(arguments);
                System.out.println("Mailrack " + version());
                yield 0;
            }
            case "help" -> help(instance, OWN.contains(arguments.command()) ? List.of() : arguments.rest());
            default -> new ControlClient(instance).run(command(arguments), System.in, System.out, System.err);
        };
    }

    /** {@code mailrack init --help} and the like; the server's commands have their own. */
    private static boolean asksForHelp(Arguments arguments) {
        return OWN.contains(arguments.command()) && arguments.rest().stream().anyMatch(HELP::contains);
    }

    private static List<String> command(Arguments arguments) {
        java.util.ArrayList<String> command = new java.util.ArrayList<>();
        command.add(arguments.command());
        command.addAll(arguments.rest());
        return command;
    }

    private static int init(Instance instance, List<String> rest) throws InterruptedException {
        boolean changed = new InstanceWriter(instance, InitOptions.parse(rest)).write();
        if (changed) {
            System.out.println("preparing the database and the archive of classes, which takes some seconds");
            // Not needed: what could not be prepared is made by the first start, which then takes longer.
            new Daemon(instance).prepare().ifPresent(why -> System.err.println("mailrack: not prepared: " + why));
        }
        System.out.println(
                changed
                        ? "made " + instance.base() + ", start it with: " + instance.command() + " start"
                        : "nothing to change in " + instance.base());
        return 0;
    }

    private static int serve(Instance instance, List<String> rest) throws InterruptedException {
        boolean demo = false;
        boolean daemon = false;
        boolean prepare = false;
        for (String option : rest) {
            switch (option) {
                case "--demo" -> demo = true;
                // How `start` runs it in the background.
                case "--daemon" -> daemon = true;
                // How `init` runs it once.
                case "--prepare" -> prepare = true;
                default -> throw LauncherException.usage("run does not know " + option + ", see: mailrack help");
            }
        }
        if (!instance.initialized()) {
            if (!demo) {
                throw LauncherException.failed("there is no instance in " + instance.base() + ", make it with: "
                        + instance.command() + " init");
            }
            new InstanceWriter(instance, InitOptions.demo()).write();
        }
        try {
            return prepare
                    ? new Preparation(instance, version()).run()
                    : new Server(instance, version(), demo, daemon).run();
        } catch (LauncherException e) {
            instance.distrustArchive();
            throw e;
        }
    }

    private static int help(Instance instance, List<String> rest) {
        System.out.print(Usage.TEXT);
        if (Files.isReadable(instance.data()) && InstanceLock.held(instance)) {
            System.out.printf("%nCommands of the server on %s%n", instance.base());
            System.out.flush();
            return new ControlClient(instance)
                    .run(command(new Arguments(null, "help", rest)), System.in, System.out, System.err);
        }
        System.out.printf("%nThe commands of a server are listed here while it runs.%n");
        return 0;
    }

    private static void none(Arguments arguments) {
        if (!arguments.rest().isEmpty()) {
            throw LauncherException.usage(
                    arguments.command() + " does not know " + arguments.rest().get(0) + ", see: mailrack help");
        }
    }

    /** The installation, told by bin/mailrack. */
    private static Path home() {
        String home = System.getProperty("mailrack.home");
        if (home == null) {
            throw LauncherException.failed("run bin/mailrack, which says where the installation is");
        }
        try {
            return Path.of(home).toRealPath();
        } catch (IOException e) {
            throw LauncherException.failed("cannot read the installation " + home + ": " + Instance.reason(e));
        }
    }

    private static Path base(Arguments arguments, Path home) {
        Path base = arguments.base().orElse(home).toAbsolutePath().normalize();
        try {
            // The folder watcher compares real paths.
            return Files.exists(base) ? base.toRealPath() : base;
        } catch (IOException e) {
            throw LauncherException.failed("cannot read " + base + ": " + Instance.reason(e));
        }
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = Main.class.getResourceAsStream("version.properties")) {
            properties.load(new java.io.InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw LauncherException.failed("cannot read the version: " + Instance.reason(e));
        }
        return properties.getProperty("version");
    }
}
