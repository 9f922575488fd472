package org.mailrack.backup.internal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.mailrack.api.store.BackupPart;

/** One backup in the making. It stands beside its place under another name until it is whole and on the disk. */
final class Backup {

    static final String UNFINISHED = "UNFINISHED";
    private static final String PARTIAL = ".partial";

    private final Path base;
    private final List<BackupPart> parts;
    private final Consumer<String> told;

    /**
     * A backup.
     *
     * @param told what the operator is told meanwhile, line by line
     */
    Backup(Path base, List<BackupPart> parts, Consumer<String> told) {
        this.base = base;
        this.parts =
                parts.stream().sorted((a, b) -> a.kind().compareTo(b.kind())).toList();
        this.told = told;
    }

    /** Takes it. */
    Manifest.Total take(Path target) throws IOException, InterruptedException {
        EnumSet<BackupPart.Kind> missing = EnumSet.of(BackupPart.Kind.MAILBOXES, BackupPart.Kind.CONTENTS);
        parts.forEach(part -> missing.remove(part.kind()));
        if (!missing.isEmpty()) {
            throw new IOException(
                    "the store of " + missing.iterator().next().name().toLowerCase(Locale.ROOT)
                            + " is not there or cannot be backed up");
        }
        Path partial = begin(target);
        boolean whole = false;
        try {
            Path data = Files.createDirectory(partial.resolve("data"));
            writeParts(data);
            told.accept("settings and the rest");
            Tree.copy(base.resolve("etc"), partial.resolve("etc"), name -> true);
            Tree.copy(base.resolve("deploy"), partial.resolve("deploy"), name -> true);
            Set<String> others = new HashSet<>();
            parts.forEach(part -> others.addAll(part.names()));
            Tree.copy(base.resolve("data"), data, name -> !others.contains(name) && !Tree.madeAnew(name));
            told.accept("checksums");
            Manifest.Total total = Manifest.write(partial);
            Files.delete(partial.resolve(UNFINISHED));
            Manifest.forceFolder(partial);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            Manifest.forceFolder(target.getParent());
            whole = true;
            return total;
        } finally {
            if (!whole) {
                Tree.delete(partial);
            }
        }
    }

    private Path begin(Path target) throws IOException {
        Path parent = target.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new IOException("there is no folder " + parent);
        }
        if (parent.toRealPath().resolve(target.getFileName()).startsWith(base.toRealPath())) {
            throw new IOException(target + " is in the instance's own folder, with which it would be lost");
        }
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        Path partial = target.resolveSibling(target.getFileName() + PARTIAL);
        if (Files.exists(partial.resolve(UNFINISHED))) {
            // Of a server that died over it.
            Tree.delete(partial);
        }
        Files.createDirectory(
                partial, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(partial.resolve(UNFINISHED), "This backup is not whole and cannot be restored.\n");
        return partial;
    }

    private void writeParts(Path data) throws IOException, InterruptedException {
        List<BackupPart.Copy> begun = new ArrayList<>();
        try {
            for (BackupPart part : parts) {
                begun.add(part.begin());
            }
            for (int i = 0; i < parts.size(); i++) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("the backup was cancelled");
                }
                told.accept(parts.get(i).names().stream().sorted().collect(Collectors.joining(", ", "data: ", "")));
                begun.get(i).write(data);
                begun.get(i).close();
            }
        } finally {
            begun.forEach(BackupPart.Copy::close);
        }
    }

    /** What a failure means, in words. */
    static String reason(Exception e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied: " + e.getMessage();
        }
        if (e instanceof FileAlreadyExistsException) {
            return e.getMessage() + " is there already; a backup makes a new folder";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file: " + e.getMessage();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
