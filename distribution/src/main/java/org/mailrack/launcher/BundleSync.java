package org.mailrack.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;

/** Brings the framework's bundles to what lies in the installation, before anything starts. */
final class BundleSync {

    static final int LEVEL_LOGGING = 1;
    static final int LEVEL_SERVICES = 2;
    static final int LEVEL_WATCHER = 3;
    static final int LEVEL_FEATURES = 5;

    private final BundleContext context;
    private final Instance instance;
    private final Path home;
    private final Gate gate;
    private final BundleNotes notes;

    BundleSync(BundleContext context, Instance instance, Gate gate, BundleNotes notes) {
        this.context = context;
        this.instance = instance;
        this.home = instance.home();
        this.gate = gate;
        this.notes = notes;
    }

    void sync() throws IOException, BundleException {
        List<Path> system = jars(home.resolve("system"));
        if (system.isEmpty()) {
            throw LauncherException.failed("the installation is not complete: nothing in " + home.resolve("system"));
        }
        Set<String> known = new HashSet<>();
        for (Path jar : system) {
            bring(jar, level(jar));
            known.add(location(jar));
        }
        closed(home.resolve("system"));
        closed(home.resolve("features"));
        for (Path folder : features(home)) {
            closed(folder);
            for (Path jar : jars(folder)) {
                bring(jar, LEVEL_FEATURES);
                known.add(location(jar));
            }
        }
        for (Path jar : jars(instance.deploy())) {
            if (deploy(jar)) {
                known.add(location(jar));
            }
        }
        forget(known);
        notes.save();
    }

    /** Whoever can write there could run anything as the server's user. */
    private static void closed(Path folder) throws IOException {
        Optional<String> open = Files.exists(folder) ? Gate.open(folder) : Optional.empty();
        if (open.isPresent()) {
            throw LauncherException.failed(folder + " " + open.get());
        }
    }

    /** What is not let in now is no reason not to start; the watcher tries it again, and says why it is not taken. */
    private boolean deploy(Path jar) throws IOException {
        try {
            Path copy = gate.passFrom(jar.getParent(), jar);
            try {
                bring(jar, copy, LEVEL_FEATURES);
                return true;
            } finally {
                Files.deleteIfExists(copy);
            }
        } catch (Refusal | IOException | BundleException e) {
            notes.remove(location(jar));
            return false;
        }
    }

    private static int level(Path jar) {
        String name = jar.getFileName().toString();
        if (name.startsWith("pax-logging") || name.startsWith("org.apache.felix.configadmin")) {
            return LEVEL_LOGGING;
        }
        return name.startsWith("org.apache.felix.fileinstall") ? LEVEL_WATCHER : LEVEL_SERVICES;
    }

    private void bring(Path jar, int level) throws IOException {
        try {
            bring(jar, jar, level);
        } catch (BundleException e) {
            throw LauncherException.failed("cannot install " + jar + ": " + e.getMessage());
        }
    }

    /** @param content the jar itself or a copy */
    private void bring(Path jar, Path content, int level) throws IOException, BundleException {
        String location = location(jar);
        String state = BundleNotes.state(jar);
        Bundle bundle = context.getBundle(location);
        try (InputStream in = bundle == null || !notes.holds(location, state) ? Files.newInputStream(content) : null) {
            if (in == null) {
                return;
            }
            if (bundle == null) {
                bundle = context.installBundle(location, in);
                bundle.adapt(BundleStartLevel.class).setStartLevel(level);
                if (!fragment(bundle)) {
                    bundle.start(Bundle.START_ACTIVATION_POLICY);
                }
            } else {
                bundle.update(in);
            }
            notes.put(location, state);
        }
    }

    /** Bundles of jars that left the installation while no server ran. */
    private void forget(Set<String> known) throws BundleException {
        String system = location(home.resolve("system"));
        String features = location(home.resolve("features"));
        String deploy = location(instance.deploy());
        for (Bundle bundle : context.getBundles()) {
            String location = bundle.getLocation();
            boolean ours = location.startsWith(system) || location.startsWith(features) || location.startsWith(deploy);
            if (ours && !known.contains(location)) {
                bundle.uninstall();
                notes.remove(location);
            }
        }
    }

    /** The folders whose jars are followed while the server runs. */
    static List<Path> folders(Instance instance) throws IOException {
        List<Path> folders = new ArrayList<>(features(instance.home()));
        if (Files.isDirectory(instance.deploy())) {
            folders.add(instance.deploy());
        }
        return folders;
    }

    /** The features that are there. */
    private static List<Path> features(Path home) throws IOException {
        return list(home.resolve("features"), "*").stream()
                .filter(Files::isDirectory)
                .toList();
    }

    static List<Path> jars(Path folder) throws IOException {
        return list(folder, "[!.]*.jar");
    }

    /** In a fixed order; nothing when there is no such folder, or no longer. */
    private static List<Path> list(Path folder, String names) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, names)) {
            found.forEach(files::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        files.sort(null);
        return files;
    }

    /** A jar's URL, as FileInstall would write it. */
    static String location(Path jar) {
        String uri = jar.toUri().toString();
        return uri.startsWith("file:///") ? "file:" + uri.substring("file://".length()) : uri;
    }

    static boolean fragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }
}
