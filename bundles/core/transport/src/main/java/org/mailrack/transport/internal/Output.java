package org.mailrack.transport.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a session wrote and the client has not taken, in order: octets, sources and the point where TLS starts. Thread-safe; only
 * the connection's turn takes from it.
 */
final class Output {

    /** From here on the session is asked to stop producing. */
    static final int HIGH_WATER = 64 * 1024;
    /** From here on it may go on. */
    static final int LOW_WATER = 16 * 1024;

    private static final int PIECE = 16 * 1024;
    private static final Object TLS_STARTS = new Object();

    private final Deque<Object> queue = new ArrayDeque<>();
    private long octets;
    private int sources;
    private boolean starved;
    private boolean closed;
    /** Of a source, to be thrown after what came before it. Belongs to the turn. */
    private IOException failure;

    synchronized boolean add(ByteBuffer piece) {
        if (closed) {
            return false;
        }
        queue.add(piece);
        octets += piece.remaining();
        starved |= octets >= HIGH_WATER;
        return true;
    }

    synchronized boolean add(ReadableByteChannel source) {
        if (closed) {
            return false;
        }
        queue.add(source);
        sources++;
        starved = true;
        return true;
    }

    synchronized void addTlsStart() {
        queue.add(TLS_STARTS);
    }

    /** Takes nothing more from the session. */
    synchronized void close() {
        closed = true;
    }

    synchronized boolean closed() {
        return closed;
    }

    synchronized boolean isEmpty() {
        return queue.isEmpty();
    }

    synchronized boolean writable() {
        return !closed && !starved;
    }

    /** Whether a session that was asked to stop may go on now; true once. */
    synchronized boolean fedAgain(long inFlight) {
        if (!starved || sources > 0 || octets + inFlight > LOW_WATER) {
            return false;
        }
        starved = false;
        return true;
    }

    synchronized boolean starved() {
        return starved;
    }

    synchronized boolean tlsStartsNext() {
        return queue.peek() == TLS_STARTS;
    }

    synchronized void tlsStarted() {
        queue.remove(TLS_STARTS);
    }

    /**
     * The next octets, or null when there are none before the end or the start of TLS. Small writes and what sources give are joined,
     * so that an answer and the message after it, or many answers to pipelined commands, leave in one packet.
     */
    ByteBuffer next() throws IOException {
        if (failure != null) {
            throw failure;
        }
        ByteBuffer joined = null;
        while (joined == null || joined.hasRemaining()) {
            ReadableByteChannel source;
            synchronized (this) {
                Object first = queue.peek();
                if (first == null || first == TLS_STARTS) {
                    break;
                }
                if (first instanceof ByteBuffer piece) {
                    if (joined == null && (piece.remaining() >= PIECE || queue.size() == 1)) {
                        return take(piece);
                    }
                    joined = joined == null ? ByteBuffer.allocate(PIECE) : joined;
                    join(piece, joined);
                    continue;
                }
                source = (ReadableByteChannel) first;
            }
            joined = joined == null ? ByteBuffer.allocate(PIECE) : joined;
            int count = read(source, joined);
            if (count == 0) {
                break;
            }
        }
        return joined == null ? null : joined.flip();
    }

    /** Takes a piece as it is, or the beginning of it when it is long. */
    private ByteBuffer take(ByteBuffer piece) {
        if (piece.remaining() > HIGH_WATER) {
            ByteBuffer part = piece.slice().limit(HIGH_WATER);
            piece.position(piece.position() + HIGH_WATER);
            octets -= HIGH_WATER;
            return part;
        }
        queue.poll();
        octets -= piece.remaining();
        return piece;
    }

    private void join(ByteBuffer piece, ByteBuffer joined) {
        int count = Math.min(piece.remaining(), joined.remaining());
        joined.put(piece.slice().limit(count));
        piece.position(piece.position() + count);
        octets -= count;
        if (!piece.hasRemaining()) {
            queue.poll();
        }
    }

    /** Reads a source once and takes it away at its end; 0 when what was joined so far has to go first. */
    private int read(ReadableByteChannel source, ByteBuffer joined) throws IOException {
        try {
            int count = source.read(joined);
            if (count < 0) {
                synchronized (this) {
                    queue.poll();
                    sources--;
                }
                source.close();
            }
            return count;
        } catch (IOException | RuntimeException e) {
            if (joined.position() == 0) {
                throw e;
            }
            // What was promised before it is kept.
            failure = e instanceof IOException io ? io : new IOException(e);
            return 0;
        }
    }

    /** Closes all that is left; returns a failure of closing, if any. */
    synchronized IOException drop() {
        closed = true;
        IOException unclosed = null;
        for (Object item : queue) {
            if (item instanceof ReadableByteChannel source) {
                unclosed = closeSource(source, unclosed);
            }
        }
        queue.clear();
        return unclosed;
    }

    static IOException closeSource(ReadableByteChannel source, IOException before) {
        try {
            source.close();
            return before;
        } catch (IOException e) {
            return e;
        }
    }
}
