package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Walks over the records of the log, from one place to another, for the journal's entries. Damaged places are reported and passed. */
final class JournalScan {

    private static final Logger log = LoggerFactory.getLogger(JournalScan.class);

    /** Takes the entries of a journal. */
    @FunctionalInterface
    interface Entries {
        void entry(ByteBuffer entry, Optional<LogRef> content);
    }

    @FunctionalInterface
    private interface Records {
        void record(Append.Place place, RecordHeader header, ByteBuffer meta);
    }

    private final SegmentLog segments;
    private final Disk disk;
    private final Gaps gaps;

    JournalScan(SegmentLog segments, Disk disk, Gaps gaps) {
        this.segments = segments;
        this.disk = disk;
        this.gaps = gaps;
    }

    /** Where the last whole checkpoint between two places begins; null when there is none. */
    Append.Place lastCheckpoint(Append.Place from, Append.Place until) throws IOException {
        Append.Place[] found = new Append.Place[1];
        Append.Place[] begun = new Append.Place[1];
        int[] expected = {0};
        walk(from, until, false, (place, header, meta) -> {
            if (!header.is(RecordHeader.CHECKPOINT)) {
                begun[0] = null;
                return;
            }
            int part = Checkpoints.part(meta);
            if (part == 0) {
                begun[0] = place;
                expected[0] = 0;
            }
            if (begun[0] == null || part != expected[0]++) {
                begun[0] = null;
            } else if (Checkpoints.last(meta)) {
                found[0] = begun[0];
                begun[0] = null;
            }
        });
        return found[0];
    }

    /** Visits the entries from a place that is the begin of the last whole checkpoint, or of the log when there is none. */
    void visit(Append.Place from, Append.Place until, Entries visitor) throws IOException {
        boolean[] inCheckpoint = {true};
        walk(from, until, true, (place, header, meta) -> {
            if (header.is(RecordHeader.CHECKPOINT)) {
                // Of any other checkpoint behind the first not all parts are there.
                if (inCheckpoint[0]) {
                    boolean last = Checkpoints.last(meta);
                    Checkpoints.entries(meta, entry -> visitor.entry(entry, Optional.empty()));
                    inCheckpoint[0] = !last;
                }
                return;
            }
            inCheckpoint[0] = false;
            if (header.is(RecordHeader.ENTRY)) {
                long large = header.is(RecordHeader.LARGE)
                        ? RecordHeader.LargeFile.decode(meta).id()
                        : -1;
                visitor.entry(
                        meta.slice().asReadOnlyBuffer(),
                        header.is(RecordHeader.CONTENT) ? Optional.of(new LogRef(place, large)) : Optional.empty());
            }
        });
    }

    private void walk(Append.Place from, Append.Place until, boolean report, Records visitor) throws IOException {
        gaps.around(from, until, (begin, end) -> stretch(begin, end, report, visitor));
    }

    private void stretch(Append.Place from, Append.Place until, boolean report, Records visitor) throws IOException {
        List<Long> numbers = segments.numbers();
        for (long number : numbers) {
            if (number < from.segment() || number > until.segment()) {
                continue;
            }
            Optional<Segment> segment = segments.segment(number);
            if (segment.isEmpty() || segment.get().compacted()) {
                continue; // reported, or without entries
            }
            long start = number == from.segment() ? from.position() : Segment.HEADER;
            try (Disk.File file = disk.open(Segment.name(number))) {
                RecordReader reader = new RecordReader(file, segment.get(), start, segments.end(number, until));
                RecordReader.Damage damage = (at, length) -> {
                    if (report) {
                        log.warn(
                                "damage found file={} offset={} length={}; what stands behind it is read",
                                disk.describe(Segment.name(number)),
                                at,
                                length);
                    }
                };
                for (RecordHeader h = reader.next(damage); h != null; h = reader.next(damage)) {
                    visitor.record(new Append.Place(number, h.position()), h, reader.meta(h));
                }
            }
        }
    }
}
