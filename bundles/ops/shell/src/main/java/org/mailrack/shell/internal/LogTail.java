package org.mailrack.shell.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** Reads the end of a log that grows and, when it is full, is renamed and begun anew. */
final class LogTail {

    private static final int PIECE = 64 * 1024;
    /** How often is looked whether the log has grown. */
    private static final long PAUSE_MILLIS = 200;

    private final Path file;
    private long position;
    private Object identity;

    LogTail(Path file) {
        this.file = file;
    }

    /** Copies the last lines. */
    void last(int lines, OutputStream out) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            position = begin(channel, size, lines);
            identity = identity();
            copy(channel, size, out);
        }
    }

    /** Copies what has come since, or waits a little when there is nothing. */
    void next(OutputStream out) throws IOException, InterruptedException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Object now = identity();
            long size = channel.size();
            if (!now.equals(identity) || size < position) {
                identity = now;
                position = 0;
            }
            if (size > position) {
                copy(channel, size, out);
                return;
            }
        } catch (NoSuchFileException e) {
            // Between the renaming of the old log and the first line of the new one.
        }
        Thread.sleep(PAUSE_MILLIS);
    }

    private Object identity() throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static long begin(FileChannel channel, long size, int lines) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        // The line end before the first wanted line; the last octet ends the last line.
        int left = lines + 1;
        long end = size;
        while (end > 0) {
            long from = Math.max(0, end - PIECE);
            piece.clear().limit((int) (end - from));
            while (piece.hasRemaining() && channel.read(piece, from + piece.position()) >= 0) {
                // until the piece is whole
            }
            for (int i = piece.position() - 1; i >= 0; i--) {
                boolean unfinished = from + i == size - 1 && piece.get(i) != '\n';
                if (unfinished) {
                    left--;
                }
                if (piece.get(i) == '\n' && --left == 0) {
                    return from + i + 1;
                }
            }
            end = from;
        }
        return 0;
    }

    private void copy(FileChannel channel, long end, OutputStream out) throws IOException {
        byte[] octets = new byte[PIECE];
        while (position < end) {
            int wanted = (int) Math.min(octets.length, end - position);
            int count = channel.read(ByteBuffer.wrap(octets, 0, wanted), position);
            if (count < 0) {
                return;
            }
            out.write(octets, 0, count);
            position += count;
        }
        out.flush();
    }
}
