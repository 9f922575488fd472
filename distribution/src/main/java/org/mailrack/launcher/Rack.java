package org.mailrack.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;

/** The framework in one instance: set up, started, stopped. */
final class Rack {

    private final Framework framework;
    private final BundleWatcher watcher;
    private final Gate gate;

    private Rack(Framework framework, BundleWatcher watcher, Gate gate) {
        this.framework = framework;
        this.watcher = watcher;
        this.gate = gate;
    }

    /** Sets the framework up and brings the bundles in; nothing runs yet. The settings are those of a folder, normally etc. */
    static Rack prepare(Instance instance, String version, boolean console, Path settings) {
        String key = instance.home() + "\n" + version + "\n";
        Path keyFile = instance.data().resolve("cache.key");
        try {
            // Locations name the installation: after it moved, the cache is of no use.
            if (!Files.exists(keyFile) || !Files.readString(keyFile).equals(key)) {
                delete(instance.cache());
                Files.writeString(keyFile, key);
            }
            // The files in etc are the settings; what they said at the last run is of no interest.
            delete(instance.data().resolve("config"));
            InstanceWriter.ownersFolder(instance.data().resolve("tmp"));
            // Read by the logging settings.
            System.setProperty("mailrack.base", instance.base().toString());
            System.setProperty("mailrack.console", console ? "WARN" : "OFF");
            Framework framework = new FrameworkFactory().newFramework(properties(instance, version, settings));
            framework.init();
            BundleNotes notes = new BundleNotes(instance.data().resolve("cache.notes"));
            Gate gate = new Gate(instance);
            new BundleSync(framework.getBundleContext(), instance, gate, notes).sync();
            return new Rack(framework, new BundleWatcher(framework.getBundleContext(), instance, gate, notes), gate);
        } catch (IOException e) {
            throw LauncherException.failed("cannot prepare " + instance.data() + ": " + Instance.reason(e));
        } catch (BundleException e) {
            throw LauncherException.failed(
                    "cannot set up the container in " + instance.cache() + ": " + e.getMessage());
        }
    }

    private static Map<String, Object> properties(Instance instance, String version, Path settings) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("mailrack.base", instance.base().toString());
        properties.put("mailrack.home", instance.home().toString());
        properties.put("mailrack.version", version);
        properties.put(Constants.FRAMEWORK_STORAGE, instance.cache().toString());
        properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(BundleSync.LEVEL_FEATURES));
        properties.put("felix.startlevel.bundle", Integer.toString(BundleSync.LEVEL_FEATURES));
        // What goes wrong comes as an event, which the log shows.
        properties.put("felix.log.level", "0");
        properties.put("felix.cache.locking", "false");
        properties.put("felix.cm.dir", instance.data().resolve("config").toString());
        properties.put(
                "org.ops4j.pax.logging.property.file",
                instance.etc().resolve("logback.xml").toString());
        properties.put("org.ops4j.pax.logging.DefaultServiceLog.level", "ERROR");
        properties.put("org.ops4j.pax.logging.service.frameworkEventsLogLevel", "WARN");
        // Each line as an event to nobody costs as much as the line.
        properties.put("org.ops4j.pax.logging.eventAdminEnabled", "false");
        properties.put("org.ops4j.pax.logging.logReaderEnabled", "false");
        properties.put("ds.loglevel", "warn");
        properties.put("ds.service.changecount.timeout", "20");
        // Without a terminal the interactive shell would take the framework down.
        properties.put("gosh.args", "--nointeractive");
        properties.put("felix.fileinstall.dir", settings.toString());
        properties.put("felix.fileinstall.filter", "(?!mailrack\\.cfg$)[^.].*\\.(cfg|config)");
        properties.put("felix.fileinstall.subdir.mode", "skip");
        // A file counts once two looks in a row find it the same, so that one half copied is not taken.
        properties.put("felix.fileinstall.poll", "500");
        properties.put("felix.fileinstall.disableNio2", "true");
        properties.put("felix.fileinstall.noInitialDelay", "true");
        properties.put("felix.fileinstall.enableConfigSave", "false");
        properties.put("felix.fileinstall.disableConfigSave", "false");
        properties.put("felix.fileinstall.configEncoding", "UTF-8");
        properties.put(
                "felix.fileinstall.tmpdir", instance.data().resolve("tmp").toString());
        properties.put("felix.fileinstall.start.level", Integer.toString(BundleSync.LEVEL_FEATURES));
        properties.put("felix.fileinstall.active.level", Integer.toString(BundleSync.LEVEL_FEATURES));
        properties.put("felix.fileinstall.log.level", "2");
        // A new bundle may not restart others for the sake of an optional import.
        properties.put("felix.fileinstall.optionalImportRefreshScope", "none");
        return properties;
    }

    /** Starts all bundles, level by level; returns when the last one was asked to start. */
    void start() {
        try {
            Supplier<List<String>> refused = watcher::refused;
            context()
                    .registerService(
                            Supplier.class, refused, new Hashtable<>(Map.of("mailrack.bundles.refused", true)));
            UnaryOperator<Path> pass = this::pass;
            context().registerService(UnaryOperator.class, pass, new Hashtable<>(Map.of("mailrack.gate", true)));
            framework.start();
            Thread bundles = new Thread(watcher, "bundles");
            bundles.setDaemon(true);
            bundles.start();
        } catch (BundleException e) {
            throw LauncherException.failed("cannot start the container: " + e.getMessage());
        }
    }

    /** For commands, which share no class of the launcher's. */
    private Path pass(Path jar) {
        try {
            return gate.pass(jar);
        } catch (Refusal e) {
            throw new IllegalArgumentException(jar + " " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + jar + ": " + Instance.reason(e), e);
        }
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** Waits until the framework has stopped. */
    void await() throws InterruptedException {
        FrameworkEvent event;
        do {
            event = framework.waitForStop(0);
        } while (event.getType() == FrameworkEvent.WAIT_TIMEDOUT);
    }

    /** Stops in order; returns whether that was done within the time. */
    boolean stop(int seconds) {
        try {
            stopEvents();
            framework.stop();
            FrameworkEvent event = framework.waitForStop(seconds * 1000L);
            return event.getType() == FrameworkEvent.STOPPED;
        } catch (BundleException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** First, while it is idle: in the middle of the many events of a stop it warns that some may come in the wrong order. */
    private void stopEvents() throws BundleException {
        for (Bundle bundle : context() == null ? new Bundle[0] : context().getBundles()) {
            if ("org.apache.felix.eventadmin".equals(bundle.getSymbolicName())) {
                bundle.stop(Bundle.STOP_TRANSIENT);
            }
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> found = Files.walk(folder)) {
            found.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
