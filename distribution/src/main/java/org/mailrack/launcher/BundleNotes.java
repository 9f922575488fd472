package org.mailrack.launcher;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Which state of each jar the framework's cache holds, so that only changed ones are read again at the next start. */
final class BundleNotes {

    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    private final Path file;
    private final Properties states = new Properties();
    private boolean changed;

    BundleNotes(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                states.load(reader);
            } catch (IllegalArgumentException e) {
                // Cut off by a crash: then all are read again.
                states.clear();
            }
        }
    }

    /** What tells one state of a jar from another without reading it. */
    static String state(Path jar) throws IOException {
        String state = Files.size(jar) + "-" + Files.getLastModifiedTime(jar).toMillis();
        // A reproducible build gives all its jars one time, and a new one may have the old one's size.
        return UNIX ? state + "-" + Files.getAttribute(jar, "unix:ctime") : state;
    }

    boolean holds(String location, String state) {
        return state.equals(states.getProperty(location));
    }

    void put(String location, String state) {
        if (!state.equals(states.setProperty(location, state))) {
            changed = true;
        }
    }

    void remove(String location) {
        changed |= states.remove(location) != null;
    }

    void save() throws IOException {
        if (changed) {
            try (Writer writer = Files.newBufferedWriter(file)) {
                states.store(writer, null);
            }
            changed = false;
        }
    }
}
