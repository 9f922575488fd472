package org.mailrack.content.log.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Reads the records of a segment in order and finds its way past damaged places. Used by one thread. */
final class RecordReader {

    private static final int WINDOW = 64 * 1024;

    /** Told of octets that are no record. */
    @FunctionalInterface
    interface Damage {
        void found(long position, long length);
    }

    private final Disk.File file;
    private final Segment segment;
    private final long end;
    private long position;
    private ByteBuffer window = ByteBuffer.allocate(0);
    private long windowStart;

    RecordReader(Disk.File file, Segment segment, long start, long end) {
        this.file = file;
        this.segment = segment;
        this.position = start;
        this.end = end;
    }

    /** The next record whose header and entry are whole, or null at the end. */
    RecordHeader next(Damage damage) throws IOException {
        if (position >= end) {
            return null;
        }
        RecordHeader header = at(position);
        if (header == null) {
            long from = position;
            header = search(position + 1);
            position = header == null ? end : header.position();
            damage.found(from, position - from);
        }
        if (header != null) {
            position = header.end();
        }
        return header;
    }

    /** The record at a place, or null when there is none that is whole but for its content. */
    RecordHeader at(long at) throws IOException {
        if (at < 0 || at + RecordHeader.SIZE > end) {
            return null;
        }
        RecordHeader header = RecordHeader.decode(octets(at, RecordHeader.SIZE), segment.nonce(), at);
        if (header == null || header.end() > end) {
            return null;
        }
        ByteBuffer whole = octets(at, RecordHeader.SIZE + header.metaLength());
        return RecordHeader.intact(whole, whole.slice(whole.position() + RecordHeader.SIZE, header.metaLength()))
                ? header
                : null;
    }

    /** The entry of a record, with what stands before it if it is large; valid until the next call. */
    ByteBuffer meta(RecordHeader header) throws IOException {
        return octets(header.position() + RecordHeader.SIZE, header.metaLength())
                .slice();
    }

    /** Whether the content of a record fits its sum. */
    boolean contentIntact(RecordHeader header) throws IOException {
        CRC32C crc = new CRC32C();
        long at = header.contentPosition();
        for (int left = header.contentLength(); left > 0; ) {
            int count = Math.min(left, WINDOW);
            crc.update(octets(at, count));
            at += count;
            left -= count;
        }
        return (int) crc.getValue() == header.contentCrc();
    }

    private RecordHeader search(long from) throws IOException {
        long last = end - RecordHeader.SIZE;
        byte first = (byte) (segment.nonce() >>> 56);
        for (long at = from; at <= last; ) {
            int count = (int) Math.min(WINDOW / 2, end - at);
            ByteBuffer some = octets(at, count);
            for (int i = some.position(); i + 8 <= some.limit(); i++) {
                if (some.get(i) == first && some.getLong(i) == segment.nonce()) {
                    long found = at + i - some.position();
                    RecordHeader header = at(found);
                    if (header != null) {
                        return header;
                    }
                    some = octets(at, count); // the window may have moved, and octets stand elsewhere in it
                    i = some.position() + (int) (found - at);
                }
            }
            at += Math.max(1, count - 7);
        }
        return null;
    }

    /** Octets of the file as a part of the window. */
    private ByteBuffer octets(long at, int count) throws IOException {
        if (at < windowStart || at + count > windowStart + window.limit()) {
            int size = (int) Math.max(count, Math.min(WINDOW, end - at));
            if (window.capacity() < size) {
                window = ByteBuffer.allocate(size);
            }
            window.clear().limit(size);
            windowStart = at;
            int more = 0;
            while (window.hasRemaining() && more >= 0) {
                more = file.read(at + window.position(), window);
            }
            window.flip();
            if (window.limit() < count) {
                throw new EOFException("the file became shorter");
            }
        }
        int start = (int) (at - windowStart);
        return window.duplicate().limit(start + count).position(start);
    }
}
