package org.mailrack.launcher;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * Brings the framework's bundles to what lies in the installation, before anything starts. The features are installed as
 * FileInstall would do it, with its location strings and its notes of what it has seen, so that it takes them over and has nothing
 * left to do at the start; it would do the same one after another, and later.
 */
final class BundleSync {

    static final int LEVEL_LOGGING = 1;
    static final int LEVEL_SERVICES = 2;
    static final int LEVEL_WATCHER = 3;
    static final int LEVEL_FEATURES = 5;

    private static final String WATCHER = "org.apache.felix.fileinstall";

    private final BundleContext context;
    private final Path home;

    BundleSync(BundleContext context, Path home) {
        this.context = context;
        this.home = home;
    }

    void sync() throws IOException, BundleException {
        List<Path> system = jars(home.resolve("system"), 1);
        List<Path> features = jars(home.resolve("features"), 3);
        if (system.isEmpty()) {
            throw LauncherException.failed("the installation is not complete: nothing in " + home.resolve("system"));
        }
        // First the watcher, because it keeps the notes.
        Path watcherJar = system.stream()
                .filter(jar -> jar.getFileName().toString().startsWith(WATCHER))
                .findFirst()
                .orElseThrow(() -> LauncherException.failed("the installation is not complete: no " + WATCHER + " in "
                        + home.resolve("system")));
        Bundle watcher = context.getBundle(location(watcherJar));
        if (watcher == null) {
            watcher = install(watcherJar, LEVEL_WATCHER);
        }
        Set<String> known = new HashSet<>();
        for (Path jar : system) {
            known.add(location(jar));
            bring(jar, level(jar), watcher);
        }
        for (Path jar : features) {
            known.add(location(jar));
            bring(jar, LEVEL_FEATURES, watcher);
        }
        forget(known);
    }

    private static int level(Path jar) {
        String name = jar.getFileName().toString();
        if (name.startsWith("pax-logging") || name.startsWith("org.apache.felix.configadmin")) {
            return LEVEL_LOGGING;
        }
        return name.startsWith(WATCHER) ? LEVEL_WATCHER : LEVEL_SERVICES;
    }

    private void bring(Path jar, int level, Bundle watcher) throws IOException, BundleException {
        long checksum = checksum(jar);
        Bundle bundle = context.getBundle(location(jar));
        if (bundle == null) {
            bundle = install(jar, level);
            note(watcher, bundle, checksum);
        } else if (noted(watcher, bundle) != checksum) {
            try (InputStream in = Files.newInputStream(jar)) {
                bundle.update(in);
            }
            note(watcher, bundle, checksum);
        }
    }

    private Bundle install(Path jar, int level) throws IOException, BundleException {
        Bundle bundle;
        try (InputStream in = Files.newInputStream(jar)) {
            bundle = context.installBundle(location(jar), in);
        } catch (BundleException e) {
            throw LauncherException.failed("cannot install " + jar + ": " + e.getMessage());
        }
        bundle.adapt(BundleStartLevel.class).setStartLevel(level);
        if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        }
        return bundle;
    }

    /** Bundles of jars that have left the installation while no server ran. */
    private void forget(Set<String> known) throws BundleException {
        String system = home.resolve("system").toUri().toString();
        String features = home.resolve("features").toUri().toString();
        for (Bundle bundle : context.getBundles()) {
            String location = plain(bundle.getLocation());
            if ((location.startsWith(plain(system)) || location.startsWith(plain(features)))
                    && !known.contains(bundle.getLocation())) {
                bundle.uninstall();
            }
        }
    }

    /** Jars below a folder, in a fixed order; a folder that is missing has none. */
    static List<Path> jars(Path folder, int depth) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> jars = new ArrayList<>();
        try (Stream<Path> found = Files.walk(folder, depth)) {
            found.filter(file -> file.getFileName().toString().endsWith(".jar"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .forEach(jars::add);
        }
        return jars;
    }

    /** The location string that FileInstall gives a bundle: the file's URL, with one slash. */
    static String location(Path jar) {
        return plain(jar.toUri().toString());
    }

    private static String plain(String uri) {
        return uri.startsWith("file:///") ? "file:" + uri.substring("file://".length()) : uri;
    }

    /** What FileInstall knows a file's state by. Were it to differ, FileInstall would update the bundle once: slow, not wrong. */
    static long checksum(Path jar) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(jar.getFileName().toString().getBytes());
        add(crc, jar.toFile().lastModified());
        add(crc, Files.size(jar));
        add(crc, Files.isWritable(jar) ? 1000L : -1000L);
        return crc.getValue();
    }

    private static void add(CRC32 crc, long number) {
        long rest = number;
        for (int i = 0; i < 8; i++) {
            crc.update((int) (rest & 0xff));
            rest >>= 8;
        }
    }

    private static long noted(Bundle watcher, Bundle bundle) {
        Path note = watcher.getDataFile(bundle.getBundleId() + ".checksum").toPath();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(note))) {
            return in.readLong();
        } catch (IOException e) {
            return Long.MIN_VALUE;
        }
    }

    private static void note(Bundle watcher, Bundle bundle, long checksum) throws IOException {
        Path note = watcher.getDataFile(bundle.getBundleId() + ".checksum").toPath();
        Files.createDirectories(note.getParent());
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(note))) {
            out.writeLong(checksum);
        }
    }
}
