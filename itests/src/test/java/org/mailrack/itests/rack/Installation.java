package org.mailrack.itests.rack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/** A copy of the packaged rack that a test may change, as an operator changes an installed one. */
public final class Installation {

    private static final Path PACKAGED = Path.of(System.getProperty("mailrack.packaged"));
    /** What belongs to the instance that somebody may have tried in the build folder. */
    private static final Set<String> INSTANCE = Set.of("etc", "data", "log", "deploy");

    private final Path home;

    private Installation(Path home) {
        this.home = home;
    }

    public static Installation copyTo(Path folder) throws IOException {
        Files.walkFileTree(PACKAGED, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                Path relative = PACKAGED.relativize(dir);
                if (relative.getNameCount() == 1 && INSTANCE.contains(relative.toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(folder.resolve(relative.toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(
                        file, folder.resolve(PACKAGED.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
        return new Installation(folder);
    }

    public Path home() {
        return home;
    }

    public Path command() {
        return home.resolve("bin/mailrack");
    }

    public Path feature(String name) {
        return home.resolve("features").resolve(name);
    }

    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
