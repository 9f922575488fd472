package org.mailrack.content.log.internal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

import org.mailrack.api.store.ContentSurvey.Finding;
import org.mailrack.api.store.ContentSurvey.Finding.Kind;
import org.mailrack.api.store.ContentSurvey.Findings;

/** Reads a segment from begin to end, beside the sorted marks of what is needed of it, and tells where the two do not agree. */
final class SegmentCheck {

    private final Disk disk;
    private final SegmentLog segments;
    private final long number;
    private final Append.Place cut;
    private final Findings findings;

    SegmentCheck(Disk disk, SegmentLog segments, long number, Append.Place cut, Findings findings) {
        this.disk = disk;
        this.segments = segments;
        this.number = number;
        this.cut = cut;
        this.findings = findings;
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
        return end;
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
            broken = broken == null ? large(rest) : broken;
        }
        boolean needed = from < to;
        if (broken != null && (needed || !h.is(RecordHeader.LARGE))) {
            found(needed ? Kind.DAMAGED : Kind.DAMAGE, ref, size, broken);
        } else if (needed) {
            for (int i = from; i < to; i++) {
                if (!Marks.fits(marks[i], size)) {
                    found(Kind.SIZE, ref, size, "is said to have " + Marks.size(marks[i]) + " octets");
                }
            }
        }
    }

    private String large(RecordHeader.LargeFile rest) throws IOException {
        try (Disk.File file = disk.open(RecordHeader.LargeFile.name(rest.id()))) {
            return file.size() < rest.skip() + rest.count() ? "its file is too short" : null;
        } catch (NoSuchFileException | FileNotFoundException e) {
            return "its file is gone";
        }
    }

    private void found(Kind kind, LogRef ref, long size, String what) {
        findings.found(
                new Finding(kind, Optional.of(ref.ref()), place(ref.place().position()), size, what));
    }

    private String place(long at) {
        return disk.describe(Segment.name(number)) + " offset " + at;
    }
}
