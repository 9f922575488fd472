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
    private long offset;
    /** Where the record found last stands in the file, less its position. */
    private long shift;

    private ByteBuffer window = ByteBuffer.allocate(0);
    private long windowStart;

    RecordReader(Disk.File file, Segment segment, long start, long end) {
        this.file = file;
        this.segment = segment;
        this.offset = start;
        this.end = end;
    }

    /** The next record whose header and entry are whole, or null at the end. */
    RecordHeader next(Damage damage) throws IOException {
        if (offset >= end) {
            return null;
        }
        RecordHeader header = here(offset);
        if (header == null) {
            long from = offset;
            header = search(offset + 1);
            offset = header == null ? end : offset(header);
            damage.found(from, offset - from);
        }
        if (header != null) {
            offset += header.length();
        }
        return header;
    }

    /** Where the record found last stands in the file. */
    long offset(RecordHeader header) {
        return header.position() + shift;
    }

    /** The record that stands in a place of the file, or null when there is none that is whole but for its content. */
    RecordHeader here(long at) throws IOException {
        if (at < 0 || at + RecordHeader.SIZE > end) {
            return null;
        }
        ByteBuffer octets = octets(at, RecordHeader.SIZE);
        long position = segment.compacted() ? octets.getLong(octets.position() + Long.BYTES) : at;
        RecordHeader header = RecordHeader.decode(octets, segment.nonce(), position);
        if (header == null || at + header.length() > end) {
            return null;
        }
        ByteBuffer whole = octets(at, RecordHeader.SIZE + header.metaLength());
        if (!RecordHeader.intact(whole, whole.slice(whole.position() + RecordHeader.SIZE, header.metaLength()))) {
            return null;
        }
        shift = at - position;
        return header;
    }

    /** The entry of the record found last, with what stands before it if it is large; valid until the next call. */
    ByteBuffer meta(RecordHeader header) throws IOException {
        return octets(offset(header) + RecordHeader.SIZE, header.metaLength()).slice();
    }

    /** Whether the content of the record found last fits its sum. */
    boolean contentIntact(RecordHeader header) throws IOException {
        CRC32C crc = new CRC32C();
        content(header, crc::update);
        return (int) crc.getValue() == header.contentCrc();
    }

    /** Takes a content, part by part. */
    @FunctionalInterface
    interface Octets {
        void some(ByteBuffer octets) throws IOException;
    }

    /** Reads the content of the record found last, whether it fits its sum or not. */
    void content(RecordHeader header, Octets to) throws IOException {
        long at = header.contentPosition() + shift;
        for (int left = header.contentLength(); left > 0; ) {
            int count = Math.min(left, WINDOW);
            to.some(octets(at, count));
            at += count;
            left -= count;
        }
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
                    RecordHeader header = here(found);
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
