package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongPredicate;

/**
 * Writes a segment anew beside the old one, with the contents that are needed and without entries. Any doubt about what is in it, and
 * it is left alone: a segment that is damaged may hold what a better look finds again.
 */
final class Rewriting {

    private static final int BUFFER = 256 * 1024;

    /**
     * What came of it.
     *
     * @param segment the new segment; null when it was not finished
     * @param fault why it is better left as it is, or null
     */
    record Result(Segment segment, String fault) {}

    private final Disk disk;
    private final SegmentLog segments;
    private final Segment segment;
    private final long[] marks;
    private final SegmentIndex index = new SegmentIndex();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private Disk.File to;
    /** Where the buffer's first octet goes. */
    private long at = Segment.HEADER;

    private String fault;

    /** @param marks what is needed, at least one */
    Rewriting(Disk disk, SegmentLog segments, Segment segment, long[] marks) {
        this.disk = disk;
        this.segments = segments;
        this.segment = segment;
        this.marks = marks;
    }

    /** Whether less than so many percent of a segment are needed, and it would become smaller. */
    static boolean worthIt(long[] marks, long size, int liveBelow) {
        long needed = 0;
        long records = 0;
        long last = -1;
        for (long mark : marks) {
            if (Marks.position(mark) != last) {
                last = Marks.position(mark);
                needed += Marks.inSegment(mark);
                records++;
            }
        }
        return needed * 100 < size * liveBelow && Segment.HEADER + needed + SegmentIndex.size(records) < size;
    }

    /** Writes it and forces it to disk; the caller gives it its name. */
    Result run(LongPredicate spend) throws IOException {
        String name = Segment.name(segment.number());
        try (Disk.File from = disk.open(name);
                Disk.File made = disk.create(name + Segment.NEW)) {
            to = made;
            RecordReader reader =
                    new RecordReader(from, segment, Segment.HEADER, segments.end(segment.number(), segments.end()));
            if (!copy(reader, spend) || fault != null) {
                return new Result(null, fault);
            }
            flush();
            Segment next = new Segment(segment.number(), segment.nonce(), segment.previousEnd(), at);
            to.write(at, index.encode());
            to.write(0, next.encode());
            to.force();
            return new Result(next, null);
        }
    }

    private boolean copy(RecordReader reader, LongPredicate spend) throws IOException {
        int next = 0;
        RecordReader.Damage damage = (place, length) -> fault = "is damaged at offset " + place;
        for (RecordHeader h = reader.next(damage); h != null && fault == null; h = reader.next(damage)) {
            if (next < marks.length && Marks.position(marks[next]) < h.position()) {
                break;
            }
            boolean wanted = false;
            for (; next < marks.length && Marks.position(marks[next]) == h.position(); next++) {
                wanted = true;
            }
            if (wanted) {
                if (!h.is(RecordHeader.CONTENT)) {
                    fault = "has no content at position " + h.position() + ", where one is needed";
                    return true;
                }
                record(reader, h);
            }
            if (!spend.test(wanted ? 2 * h.length() : h.length())) {
                return false;
            }
        }
        if (fault == null && next < marks.length) {
            fault = "has no record at position " + Marks.position(marks[next]) + ", where one is needed";
        }
        return true;
    }

    private void record(RecordReader reader, RecordHeader h) throws IOException {
        ByteBuffer meta = ByteBuffer.allocate(h.is(RecordHeader.LARGE) ? RecordHeader.LargeFile.SIZE : 0);
        if (meta.hasRemaining()) {
            meta.put(reader.meta(h).limit(RecordHeader.LargeFile.SIZE)).flip();
        }
        int type = h.type() & (RecordHeader.CONTENT | RecordHeader.LARGE);
        index.add(h.position(), at + buffer.position());
        put(new RecordHeader(h.position(), type, meta.remaining(), h.contentLength(), h.contentCrc())
                .encode(segment.nonce(), meta));
        put(meta);
        reader.content(h, this::put);
    }

    private void put(ByteBuffer octets) throws IOException {
        ByteBuffer from = octets.duplicate();
        while (from.hasRemaining()) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int count = Math.min(from.remaining(), buffer.remaining());
            buffer.put(from.slice(from.position(), count));
            from.position(from.position() + count);
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        int count = buffer.remaining();
        to.write(at, buffer);
        at += count;
        buffer.clear();
    }
}
