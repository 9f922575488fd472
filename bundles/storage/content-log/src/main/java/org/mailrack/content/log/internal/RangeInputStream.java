package org.mailrack.content.log.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Reads a range of a file with reads that name their place, so that any number of streams share one file. */
final class RangeInputStream extends InputStream {

    private static final int BUFFER = 16 * 1024;

    /** Fills a buffer from a place. */
    @FunctionalInterface
    interface Source {
        void read(long position, ByteBuffer into) throws IOException;
    }

    private final Source source;
    private final long end;
    private long position;
    private ByteBuffer buffer = ByteBuffer.allocate(0);

    RangeInputStream(Source source, long position, long count) {
        this.source = source;
        this.position = position;
        this.end = position + count;
    }

    @Override
    public int read() throws IOException {
        return fill() ? buffer.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (!buffer.hasRemaining() && length >= BUFFER && position < end) {
            int count = (int) Math.min(length, end - position);
            source.read(position, ByteBuffer.wrap(into, offset, count));
            position += count;
            return count;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(into, offset, count);
        return count;
    }

    @Override
    public long skip(long wanted) {
        if (wanted <= 0) {
            return 0;
        }
        int buffered = (int) Math.min(wanted, buffer.remaining());
        buffer.position(buffer.position() + buffered);
        long beyond = Math.min(wanted - buffered, end - position);
        position += beyond;
        return buffered + beyond;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, buffer.remaining() + end - position);
    }

    private boolean fill() throws IOException {
        if (buffer.hasRemaining()) {
            return true;
        }
        if (position >= end) {
            return false;
        }
        int count = (int) Math.min(BUFFER, end - position);
        if (buffer.capacity() < count) {
            buffer = ByteBuffer.allocate(count);
        }
        buffer.clear().limit(count);
        try {
            source.read(position, buffer);
        } catch (IOException | RuntimeException e) {
            buffer.position(0).limit(0);
            throw e;
        }
        buffer.flip();
        position += count;
        return true;
    }
}
