package org.mailrack.content.log.internal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.zip.CRC32C;

import org.mailrack.api.store.ContentSurvey.Finding;
import org.mailrack.api.store.ContentSurvey.Finding.Kind;
import org.mailrack.api.store.ContentSurvey.Findings;

/** Reads a segment from begin to end, beside the sorted marks of what is needed of it, and tells where the two do not agree. */
final class SegmentCheck {

    private final Disk disk;
    private final SegmentLog segments;
    private final long number;
    private final Append.Place cut;
    private final boolean settled;
    private final Findings findings;

    /**
     * @param cut where the log ended when the survey began
     * @param settled whether all of it is so old that what nobody needs is an orphan
     */
    SegmentCheck(Disk disk, SegmentLog segments, long number, Append.Place cut, boolean settled, Findings findings) {
        this.disk = disk;
        this.segments = segments;
        this.number = number;
        this.cut = cut;
        this.settled = settled;
        this.findings = findings;
    }

    private final ByteBuffer some = ByteBuffer.allocate(64 * 1024);
    private long read;

    /** Tells of marks when there is no such segment. */
    void gone(long[] marks) {
        missing(marks, 0, Long.MAX_VALUE, "segment is gone");
    }

    /** Returns how many octets were read. */
    long run(long[] marks) throws IOException {
        String name = Segment.name(number);
        Optional<Segment> segment = segments.segment(number);
        if (segment.isEmpty()) {
            missing(marks, 0, Long.MAX_VALUE, "segment is unreadable");
            return 0;
        }
        long end = segments.end(number, cut);
        int next = 0;
        try (Disk.File file = disk.open(name)) {
            RecordReader reader = new RecordReader(file, segment.get(), Segment.HEADER, end);
            RecordReader.Damage damage = (at, length) ->
                    findings.found(new Finding(Kind.DAMAGE, Optional.empty(), place(at), length, "no record readable"));
            for (RecordHeader h = reader.next(damage); h != null; h = reader.next(damage)) {
                next = missing(marks, next, h.position(), "no record begins there");
                int after = next;
                while (after < marks.length && Marks.position(marks[after]) == h.position()) {
                    after++;
                }
                if (h.is(RecordHeader.CONTENT)) {
                    content(reader, h, marks, next, after);
                } else {
                    missing(marks, next, h.position() + 1, "the record has no content");
                }
                next = after;
            }
        }
        missing(marks, next, Long.MAX_VALUE, "no record begins there");
        return end + read;
    }

    /** Tells of marks before a position; returns the first that is not. */
    private int missing(long[] marks, int from, long before, String what) {
        int next = from;
        for (; next < marks.length && Marks.position(marks[next]) < before; next++) {
            long at = Marks.position(marks[next]);
            findings.found(new Finding(
                    Kind.MISSING,
                    Optional.of(LogRef.small(new Append.Place(number, at)).ref()),
                    place(at),
                    Marks.size(marks[next]),
                    what));
        }
        return next;
    }

    private void content(RecordReader reader, RecordHeader h, long[] marks, int from, int to) throws IOException {
        long size = h.contentLength();
        LogRef ref = LogRef.small(new Append.Place(number, h.position()));
        String broken = reader.contentIntact(h) ? null : "does not fit its checksum";
        if (h.is(RecordHeader.LARGE)) {
            RecordHeader.LargeFile rest = RecordHeader.LargeFile.decode(reader.meta(h));
            ref = new LogRef(ref.place(), rest.id());
            size += rest.count();
            broken = broken == null && from < to ? large(rest) : broken;
        }
        boolean needed = from < to;
        long at = reader.offset(h);
        if (broken != null && (needed || !h.is(RecordHeader.LARGE))) {
            found(needed ? Kind.DAMAGED : Kind.DAMAGE, ref, at, size, broken);
        } else if (needed) {
            for (int i = from; i < to; i++) {
                if (!Marks.fits(marks[i], size)) {
                    found(Kind.SIZE, ref, at, size, "is said to have " + Marks.size(marks[i]) + " octets");
                }
            }
        } else if (settled) {
            found(Kind.ORPHAN, ref, at, size, "is needed by nobody");
        }
    }

    private String large(RecordHeader.LargeFile rest) throws IOException {
        long size = rest.skip() + rest.count();
        try (Disk.File file = disk.open(LargeFiles.name(rest.id()))) {
            if (file.size() < size) {
                return "its file is too short";
            }
            CRC32C crc = new CRC32C();
            for (long at = 0; at < size; ) {
                some.clear().limit((int) Math.min(some.capacity(), size - at));
                if (file.read(at, some) < 0) {
                    return "its file is too short";
                }
                at += some.position();
                crc.update(some.flip());
            }
            read += size;
            return (int) crc.getValue() == rest.crc() ? null : "its file does not fit its checksum";
        } catch (NoSuchFileException | FileNotFoundException e) {
            return "its file is gone";
        }
    }

    private void found(Kind kind, LogRef ref, long at, long size, String what) {
        findings.found(new Finding(kind, Optional.of(ref.ref()), place(at), size, what));
    }

    private String place(long at) {
        return disk.describe(Segment.name(number)) + " offset " + at;
    }
}
