package org.mailrack.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.mailrack.benchmarks.side.Side;

/** The running sides of a benchmark, which end with it, however it ends; and the folder that they all write to. */
public final class Sides implements AutoCloseable {

    private static final String MARK = "contents";

    private final Path folder;
    private final boolean keep;
    private final String contents;
    private final boolean filled;
    private final List<Side> open = new ArrayList<>();
    private final Thread hook = new Thread(this::closeQuietly, "end of the servers");

    /** @param contents what the folder has to hold to be used again; with anything else in it, it is emptied */
    Sides(Path folder, boolean keep, String contents) throws IOException {
        this.folder = folder.toAbsolutePath().normalize();
        this.keep = keep;
        this.contents = contents;
        Path mark = this.folder.resolve(MARK);
        filled = !contents.isEmpty()
                && Files.exists(mark)
                && contents.equals(Files.readString(mark).strip());
        if (!filled) {
            delete();
        }
        Files.createDirectories(this.folder);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    public Path folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    /** Whether the servers hold everything already, from a benchmark before. */
    public boolean filled() {
        return filled;
    }

    /** Remembers that the servers hold everything now. */
    public void markFilled() throws IOException {
        if (!contents.isEmpty()) {
            Files.writeString(folder.resolve(MARK), contents + "\n");
        }
    }

    /** Not yet started. */
    public synchronized <S extends Side> S add(S side) {
        open.add(side);
        return side;
    }

    public synchronized List<Side> all() {
        return List.copyOf(open);
    }

    /** Says which they are and how they are set up. */
    public void describe() throws IOException {
        for (Side side : all()) {
            System.out.println(
                    side.name() + " (" + side.version() + "): " + side.durability() + "; " + side.settings());
        }
        System.out.println("on " + fileSystem() + ", " + Runtime.getRuntime().availableProcessors()
                + " processors, Java " + Runtime.version());
    }

    /** What they write to, and so what forces it costs. */
    public String fileSystem() throws IOException {
        return Files.getFileStore(folder).toString();
    }

    private synchronized void closeQuietly() {
        try {
            closeAll();
        } catch (IOException e) {
            System.err.println("benchmarks: " + e.getMessage());
        }
    }

    private synchronized void closeAll() throws IOException {
        IOException failure = null;
        for (Side side : open) {
            try {
                side.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        open.clear();
        if (failure != null) {
            throw failure;
        }
    }

    private void delete() throws IOException {
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

    @Override
    public void close() throws IOException {
        closeAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It runs already: somebody ended the benchmark by a signal.
            return;
        }
        if (!keep) {
            delete();
        }
    }
}
