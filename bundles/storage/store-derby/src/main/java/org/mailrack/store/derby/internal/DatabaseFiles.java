package org.mailrack.store.derby.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder of a database, and beside it a mark that stands while the database is being created. A creation that was cut off leaves
 * a folder that Derby can neither open nor create; the mark tells it from a real database.
 */
final class DatabaseFiles {

    private final Path folder;
    private final Path mark;

    DatabaseFiles(Path folder) {
        this.folder = folder;
        this.mark = folder.resolveSibling(folder.getFileName() + ".creating");
    }

    boolean exist() {
        return Files.exists(folder);
    }

    boolean marked() {
        return Files.exists(mark);
    }

    void mark() throws IOException {
        Files.createDirectories(folder.getParent());
        Files.write(mark, new byte[0]);
        force(folder.getParent());
    }

    /** Forced to disk before the database is used: a mark that came back after a power loss would cast doubt on it. */
    void unmark() throws IOException {
        force(folder);
        force(folder.resolve("seg0"));
        force(folder.resolve("log"));
        Files.deleteIfExists(mark);
        force(folder.getParent());
    }

    /** Moves what a creation that was cut off has left out of the way; nothing is ever deleted here. */
    Path setAside() throws IOException {
        int n = 1;
        Path aside;
        do {
            aside = folder.resolveSibling(folder.getFileName() + ".unfinished-" + n++);
        } while (Files.exists(aside));
        return Files.move(folder, aside);
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
