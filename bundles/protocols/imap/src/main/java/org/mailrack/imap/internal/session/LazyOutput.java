package org.mailrack.imap.internal.session;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

import org.mailrack.api.mail.Content;

/** Output made piece by piece while the client takes it, so that an answer of any length needs the memory of one piece. */
public abstract class LazyOutput implements ReadableByteChannel {

    private static final int COPY = 16 * 1024;

    private Piece current;
    private byte[] buffer;
    private boolean open = true;
    private Runnable whenDone = () -> {};

    /** A part of the output. */
    public sealed interface Piece permits Octets, Range {}

    /** Octets in memory. */
    public record Octets(ByteBuffer octets) implements Piece {}

    /** A range of a content, read when its turn comes. */
    public static final class Range implements Piece {
        private final Content content;
        private final long offset;
        private long left;
        private InputStream stream;

        public Range(Content content, long offset, long count) {
            this.content = content;
            this.offset = offset;
            this.left = count;
        }

        /** Opens it before its turn, to learn early when it cannot be read. */
        public void open() throws IOException {
            if (stream == null) {
                stream = content.open(offset, left);
            }
        }

        /** Closes it if it was opened. */
        public void close() throws IOException {
            if (stream != null) {
                stream.close();
                stream = null;
            }
        }
    }

    /** The next piece, or null at the end. */
    protected abstract Piece next() throws IOException;

    /** Sets what is called once, at the end or when the connection gives up. */
    final void whenDone(Runnable task) {
        whenDone = task;
    }

    @Override
    public final int read(ByteBuffer target) throws IOException {
        int before = target.position();
        while (target.hasRemaining() && open) {
            if (current == null) {
                current = next();
                if (current == null) {
                    done();
                    break;
                }
            }
            if (copied(target)) {
                current = null;
            }
        }
        int count = target.position() - before;
        return count > 0 || open ? count : -1;
    }

    /** Copies of the current piece what fits; whether it is used up. */
    private boolean copied(ByteBuffer target) throws IOException {
        if (current instanceof Octets piece) {
            ByteBuffer octets = piece.octets();
            int count = Math.min(octets.remaining(), target.remaining());
            target.put(octets.slice().limit(count));
            octets.position(octets.position() + count);
            return !octets.hasRemaining();
        }
        Range range = (Range) current;
        if (range.left > 0) {
            range.open();
            if (buffer == null) {
                buffer = new byte[COPY];
            }
            int wanted = (int) Math.min(Math.min(range.left, target.remaining()), buffer.length);
            int count = range.stream.read(buffer, 0, wanted);
            if (count < 0) {
                throw new EOFException("content is shorter than its length");
            }
            target.put(buffer, 0, count);
            range.left -= count;
        }
        if (range.left == 0) {
            range.close();
            return true;
        }
        return false;
    }

    private void done() {
        if (open) {
            open = false;
            whenDone.run();
        }
    }

    @Override
    public final boolean isOpen() {
        return open;
    }

    @Override
    public void close() throws IOException {
        done();
        if (current instanceof Range range) {
            range.close();
        }
        current = null;
    }
}
