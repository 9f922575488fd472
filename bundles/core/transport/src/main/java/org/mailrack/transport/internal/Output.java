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

    /** The next octets, or null when there are none before the end or the start of TLS. Reads a source if it is its turn. */
    ByteBuffer next() throws IOException {
        while (true) {
            ReadableByteChannel source;
            synchronized (this) {
                Object first = queue.peek();
                if (first == null || first == TLS_STARTS) {
                    return null;
                }
                if (first instanceof ByteBuffer) {
                    return gather();
                }
                source = (ReadableByteChannel) first;
            }
            ByteBuffer piece = ByteBuffer.allocate(PIECE);
            if (source.read(piece) >= 0) {
                return piece.flip();
            }
            synchronized (this) {
                queue.poll();
                sources--;
            }
            source.close();
        }
    }

    /** Joins small pieces, so that many short answers to pipelined commands leave in one packet. */
    private ByteBuffer gather() {
        ByteBuffer first = (ByteBuffer) queue.peek();
        if (first.remaining() > HIGH_WATER) {
            ByteBuffer part = first.slice().limit(HIGH_WATER);
            first.position(first.position() + HIGH_WATER);
            octets -= HIGH_WATER;
            return part;
        }
        queue.poll();
        octets -= first.remaining();
        if (!(queue.peek() instanceof ByteBuffer second) || first.remaining() + second.remaining() > PIECE) {
            return first;
        }
        ByteBuffer joined = ByteBuffer.allocate(PIECE).put(first);
        while (queue.peek() instanceof ByteBuffer more && more.remaining() <= joined.remaining()) {
            octets -= more.remaining();
            joined.put(more);
            queue.poll();
        }
        return joined.flip();
    }

    /** Closes all that is left; returns a failure of closing, if any. */
    synchronized IOException drop() {
        closed = true;
        IOException failure = null;
        for (Object item : queue) {
            if (item instanceof ReadableByteChannel source) {
                failure = closeSource(source, failure);
            }
        }
        queue.clear();
        return failure;
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
