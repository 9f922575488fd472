package org.mailrack.transport.internal;

import java.nio.ByteBuffer;

/**
 * Octets that came and were not consumed. Grows as needed and holds no memory while it is empty, because most connections are idle
 * most of the time. Appending is cheap however small the pieces are. Not thread-safe.
 */
final class InputBuffer {

    private static final byte[] NONE = new byte[0];
    private static final int FIRST = 512;

    private final int limit;
    private byte[] octets = NONE;
    private int start;
    private int end;

    InputBuffer(int limit) {
        this.limit = limit;
    }

    int size() {
        return end - start;
    }

    int room() {
        return limit - size();
    }

    /** Moves as much from the source as there is room for; says how much. */
    int append(ByteBuffer source) {
        int count = Math.min(source.remaining(), room());
        if (count > octets.length - end) {
            makeSpace(count);
        }
        source.get(octets, end, count);
        end += count;
        return count;
    }

    private void makeSpace(int count) {
        int needed = size() + count;
        byte[] target = octets;
        // Moving is worth it only when it frees at least as much as it moves; else small pieces would cost much.
        if (needed > octets.length || start < size()) {
            target = new byte[Math.min(limit, Math.max(Math.max(FIRST, needed), 2 * size()))];
        }
        System.arraycopy(octets, start, target, 0, size());
        end = size();
        start = 0;
        octets = target;
    }

    /** What is there, valid until the next call of another method. */
    ByteBuffer view() {
        return ByteBuffer.wrap(octets, start, size()).slice();
    }

    void consume(int count) {
        start += count;
        if (start == end) {
            clear();
        }
    }

    void clear() {
        octets = NONE;
        start = 0;
        end = 0;
    }
}
