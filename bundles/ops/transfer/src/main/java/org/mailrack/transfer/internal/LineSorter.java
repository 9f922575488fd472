package org.mailrack.transfer.internal;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** Sorts any number of short texts in bounded memory: what does not fit goes to files, sorted in pieces that are then merged. */
public final class LineSorter implements Closeable {

    /** What a text takes beside its characters, about. */
    private static final int OVERHEAD = 64;
    /** Pieces that are merged at once, each with a buffer. */
    private static final int FAN = 64;

    /** Takes texts in order. */
    @FunctionalInterface
    public interface Visitor {
        void line(String line) throws IOException, InterruptedException;
    }

    private static final class Run implements Closeable {

        private final DataInputStream in;
        private String head;

        Run(Path file) throws IOException {
            in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
            advance();
        }

        void advance() throws IOException {
            try {
                head = in.readUTF();
            } catch (EOFException e) {
                head = null;
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private final Path folder;
    private final int memory;
    private final List<Path> pieces = new ArrayList<>();
    private List<String> lines = new ArrayList<>();
    private long used;

    /**
     * A sorter.
     *
     * @param folder where its files are for the time
     * @param memory octets that it may hold
     */
    public LineSorter(Path folder, int memory) {
        this.folder = folder;
        this.memory = memory;
    }

    /** Adds a text of at most 20,000 characters. */
    public void add(String line) throws IOException {
        lines.add(line);
        used += OVERHEAD + line.length();
        if (used >= memory) {
            spill();
        }
    }

    /** Visits all in the order of their characters; to be called once. */
    public void visit(Visitor visitor) throws IOException, InterruptedException {
        if (pieces.isEmpty()) {
            lines.sort(null);
            for (String line : lines) {
                visitor.line(line);
            }
            return;
        }
        spill();
        while (pieces.size() > FAN) {
            List<Path> some = List.copyOf(pieces.subList(0, FAN));
            Path merged = newPiece();
            try (DataOutputStream out = write(merged)) {
                merge(some, out::writeUTF);
            }
            pieces.removeAll(some);
            for (Path piece : some) {
                Files.delete(piece);
            }
        }
        merge(pieces, visitor);
    }

    private void spill() throws IOException {
        lines.sort(null);
        try (DataOutputStream out = write(newPiece())) {
            for (String line : lines) {
                out.writeUTF(line);
            }
        }
        lines = new ArrayList<>();
        used = 0;
    }

    private Path newPiece() throws IOException {
        Files.createDirectories(folder);
        Path piece = Files.createTempFile(folder, "sort-", ".tmp");
        pieces.add(piece);
        return piece;
    }

    private static DataOutputStream write(Path file) throws IOException {
        return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
    }

    private static void merge(List<Path> files, Visitor visitor) throws IOException, InterruptedException {
        PriorityQueue<Run> runs = new PriorityQueue<>((a, b) -> a.head.compareTo(b.head));
        List<Run> open = new ArrayList<>();
        try {
            for (Path file : files) {
                Run run = new Run(file);
                open.add(run);
                if (run.head != null) {
                    runs.add(run);
                }
            }
            for (Run run = runs.poll(); run != null; run = runs.poll()) {
                visitor.line(run.head);
                run.advance();
                if (run.head != null) {
                    runs.add(run);
                }
            }
        } finally {
            for (Run run : open) {
                run.close();
            }
        }
    }

    /** Deletes its files. */
    @Override
    public void close() throws IOException {
        for (Path piece : pieces) {
            Files.deleteIfExists(piece);
        }
        pieces.clear();
    }
}
