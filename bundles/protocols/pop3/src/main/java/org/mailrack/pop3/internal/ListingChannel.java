package org.mailrack.pop3.internal;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.IntFunction;

/** A listing with a line per message and the final dot, made while it is sent, so that a million lines cost no memory. */
final class ListingChannel implements ReadableByteChannel {

    private static final int PIECE = 4096;

    private final int count;
    private final IntFunction<Optional<String>> line;
    private ByteBuffer out = ByteBuffer.allocate(0);
    private int next;
    private boolean done;
    private boolean open = true;

    /** Lines, without their ends, for indexes up to {@code count}; those for which there is none are left out. */
    ListingChannel(int count, IntFunction<Optional<String>> line) {
        this.count = count;
        this.line = line;
    }

    @Override
    public int read(ByteBuffer into) {
        while (!out.hasRemaining()) {
            if (done) {
                return -1;
            }
            fill();
        }
        int size = Math.min(out.remaining(), into.remaining());
        into.put(out.slice(out.position(), size));
        out.position(out.position() + size);
        return size;
    }

    private void fill() {
        StringBuilder piece = new StringBuilder();
        while (next < count && piece.length() < PIECE) {
            line.apply(next++).ifPresent(text -> piece.append(text).append("\r\n"));
        }
        if (next == count) {
            piece.append(".\r\n");
            done = true;
        }
        out = ByteBuffer.wrap(piece.toString().getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }
}
