package org.mailrack.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a server in this process until it is told to stop. */
final class Server {

    private final Instance instance;
    private final String version;
    private final boolean demo;
    private final boolean daemon;

    Server(Instance instance, String version, boolean demo, boolean daemon) {
        this.instance = instance;
        this.version = version;
        this.demo = demo;
        this.daemon = daemon;
    }

    /** Does not return while the server runs. The exit code is 0 when it was stopped in order, by whatever means. */
    int run() throws InterruptedException {
        SettingsCheck.check(instance);
        int startTimeout = instance.number("start.timeout", 30, 1, 3600);
        int stopTimeout = instance.number("stop.timeout", 20, 1, 3600);
        InstanceLock lock = InstanceLock.take(instance);
        Rack rack = null;
        Stopper stopper = null;
        try {
            rack = Rack.prepare(instance, version, !daemon, instance.etc());
            stopper = new Stopper(instance, rack, lock, stopTimeout);
            Runtime.getRuntime().addShutdownHook(new Thread(stopper, "stop"));
            rack.start();
            Readiness readiness = new Readiness(rack.context(), instance);
            List<String> problems = readiness.await(Duration.ofSeconds(startTimeout));
            if (!problems.isEmpty()) {
                throw LauncherException.failed(String.join("\n", problems));
            }
            Map<String, String> passwords = demo ? Demo.accounts(new ControlClient(instance)) : Map.of();
            announce(readiness, passwords);
            stopper.ready();
            rack.await();
            return 0;
        } catch (IllegalStateException e) {
            if (stopper != null && stopper.begun()) {
                // Stopped while it started.
                rack.await();
                return 0;
            }
            throw e;
        } finally {
            if (stopper != null && !stopper.begun()) {
                stopper.stop();
            }
            if (rack == null) {
                lock.close();
            }
        }
    }

    private void announce(Readiness readiness, Map<String, String> passwords) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - Main.BEGUN);
        Announcement announcement = new Announcement(
                instance, version, List.copyOf(readiness.endpoints().values()));
        System.out.print(announcement.text(passwords, millis, !daemon));
        System.out.flush();
        if (daemon) {
            // The one that started this process listens no longer.
            System.out.close();
            System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        }
    }

    /** Stops in order, once, within a bounded time. */
    private static final class Stopper implements Runnable {

        private final Instance instance;
        private final Rack rack;
        private final InstanceLock lock;
        private final int seconds;
        private boolean ready;
        private boolean begun;

        Stopper(Instance instance, Rack rack, InstanceLock lock, int seconds) {
            this.instance = instance;
            this.rack = rack;
            this.lock = lock;
            this.seconds = seconds;
        }

        synchronized void ready() {
            ready = true;
        }

        synchronized boolean begun() {
            return begun;
        }

        /** On a signal. Without the halt, the exit code would be the signal's, as if it had not been a stop in order. */
        @Override
        public void run() {
            if (!begun()) {
                boolean stopped = stop();
                if (!stopped) {
                    System.err.println("mailrack: not stopped within " + seconds + " s, ended");
                }
                Runtime.getRuntime().halt(stopped ? 0 : 1);
            }
        }

        boolean stop() {
            synchronized (this) {
                if (begun) {
                    return true;
                }
                begun = true;
                if (!ready) {
                    instance.distrustArchive();
                }
            }
            boolean stopped = rack.stop(seconds);
            lock.close();
            return stopped;
        }
    }
}
