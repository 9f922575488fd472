package org.mailrack.backup.internal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Set;
import java.util.function.Predicate;

/** Folders of small files as a whole. */
final class Tree {

    /** What every start makes anew, or what says who runs now. */
    private static final Set<String> MADE_ANEW = Set.of(
            "cache",
            "cache.key",
            "cache.notes",
            "classes.incomplete",
            "control.path",
            "control.sock",
            "mailrack.lock",
            "mailrack.pid",
            "tmp",
            "views");

    private Tree() {}

    /** Whether a file or folder of an instance's data folder is of no use in another one. */
    static boolean madeAnew(String name) {
        return MADE_ANEW.contains(name) || name.endsWith(".jsa");
    }

    /**
     * Copies a folder, if it is there, with permissions and times. A link to a file is copied as the file, since what it points to
     * would not be in the backup; folders behind links, sockets and the like are left out.
     *
     * @param which the names directly in the folder that are wanted
     */
    static void copy(Path from, Path to, Predicate<String> which) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        if (!Files.isDirectory(to)) {
            Files.createDirectory(to);
            copyMode(from, to);
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
            for (Path entry : entries) {
                if (!which.test(entry.getFileName().toString())) {
                    continue;
                }
                Path target = to.resolve(entry.getFileName().toString());
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    copy(entry, target, name -> true);
                } else if (Files.isRegularFile(entry)) {
                    copyFile(entry, target);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static void copyFile(Path from, Path to) throws IOException {
        try {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (NoSuchFileException e) {
            if (Files.exists(from)) {
                throw e;
            }
            // It was removed meanwhile.
        }
    }

    private static void copyMode(Path from, Path to) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(from, PosixFileAttributeView.class);
        if (view != null) {
            Files.setPosixFilePermissions(to, view.readAttributes().permissions());
        }
    }

    /** Deletes a folder; links in it are not followed. */
    static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
