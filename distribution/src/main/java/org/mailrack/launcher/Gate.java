package org.mailrack.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/**
 * Lets jars into the running server: from folders that not everybody can write to, whole ones, bundles, and those that the
 * operator trusts. Safe for use by several threads.
 */
final class Gate {

    private final Instance instance;

    Gate(Instance instance) {
        this.instance = instance;
    }

    /** Why nothing in a folder is taken, or a file is not; empty when it may be. */
    static Optional<String> open(Path path) throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return Optional.empty();
        }
        return Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE)
                ? Optional.of("is writable by everybody: chmod o-w " + path)
                : Optional.empty();
    }

    /**
     * Lets a jar of a watched folder in.
     *
     * @return a copy that nobody else writes to, for the caller to use and to delete
     */
    Path passFrom(Path folder, Path jar) throws IOException, Refusal {
        Optional<String> open = open(folder);
        if (open.isPresent()) {
            throw new Refusal("its folder " + open.get());
        }
        open = open(jar);
        if (open.isPresent()) {
            throw new Refusal(open.get());
        }
        return pass(jar);
    }

    /**
     * Lets a jar in that somebody who may give commands has named.
     *
     * @return a copy that nobody else writes to, for the caller to use and to delete
     */
    Path pass(Path jar) throws IOException, Refusal {
        Trust trust;
        try {
            trust = Trust.of(instance);
        } catch (LauncherException e) {
            throw new Refusal("nothing is trusted, since " + e.getMessage(), e);
        }
        Path copy = Files.createTempFile(instance.data().resolve("tmp"), "bundle", ".jar");
        boolean passed = false;
        try {
            Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
            JarCheck.check(copy, trust);
            passed = true;
            return copy;
        } finally {
            if (!passed) {
                Files.deleteIfExists(copy);
            }
        }
    }

    /** Changes when what is let in may be other than before. */
    String rules() throws IOException {
        String settings = state(instance.etc().resolve(Instance.SETTINGS));
        try {
            return settings + ' ' + state(Trust.certificates(instance));
        } catch (LauncherException e) {
            return settings + ' ' + e.getMessage();
        }
    }

    private static String state(Path file) throws IOException {
        return Files.exists(file) ? BundleNotes.state(file) : "";
    }
}
