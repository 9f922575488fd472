package org.mailrack.content.log.internal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.store.ContentSurvey.Reclaimed;

/**
 * Gives back the space of what nobody needs, one file after the other: first large files and segments of which nothing is needed, which
 * takes no space, then segments of which little is, by writing them anew. Each step leaves the log as it was or as it will be, whenever
 * the power goes. Used by one thread; one at a time.
 */
final class Compaction {

    private static final Logger log = LoggerFactory.getLogger(Compaction.class);
    private static final long MAX_SEGMENT = Integer.MAX_VALUE;

    /** What a survey has found. */
    interface Needed {

        /** Segments that are so old that everybody who needs something of them has said so, in ascending order. */
        List<Long> segments() throws IOException;

        /** Sorted marks of what is needed of a segment. */
        long[] of(long segment);

        /** Large files that nobody needs. */
        List<Long> deadLarge() throws IOException;
    }

    private final Disk disk;
    private final SegmentLog segments;
    private final LargeFiles large;
    private final LogReader reader;
    private final Holds holds;
    private final Needed needed;
    private final Throttle throttle;

    private long octets;
    private int removed;
    private int rewritten;

    Compaction(
            Disk disk,
            SegmentLog segments,
            LargeFiles large,
            LogReader reader,
            Holds holds,
            Needed needed,
            Throttle throttle) {
        this.disk = disk;
        this.segments = segments;
        this.large = large;
        this.reader = reader;
        this.holds = holds;
        this.needed = needed;
        this.throttle = throttle;
    }

    /** Runs it. */
    Reclaimed run(int liveBelow) throws IOException {
        List<Long> settled = needed.segments();
        if (!settled.isEmpty()) {
            segments.compacting(settled.get(settled.size() - 1));
        }
        boolean complete = removeLarge() && removeSegments() && rewriteSegments(liveBelow);
        return new Reclaimed(octets, removed, rewritten, complete);
    }

    private boolean removeLarge() throws IOException {
        for (long number : needed.deadLarge()) {
            long size = large.size(number);
            if (!mayGoOn() || !holds.step(() -> disk.delete(LargeFiles.name(number)))) {
                return false;
            }
            octets += size;
            removed++;
        }
        return true;
    }

    private boolean removeSegments() throws IOException {
        for (long number : needed.segments()) {
            if (needed.of(number).length == 0) {
                long size = size(number);
                if (!mayGoOn() || size <= MAX_SEGMENT && !holds.step(() -> remove(number))) {
                    return false;
                }
                octets += size;
                removed++;
            }
        }
        return true;
    }

    private void remove(long number) throws IOException {
        cutBefore(number);
        reader.change(number, null, () -> disk.delete(Segment.name(number)));
    }

    /** The header of a segment says where the one before it ends, whatever else is in that one's file. From now on its size must say it. */
    private void cutBefore(long number) throws IOException {
        long before = number - 1;
        if (!segments.numbers().contains(before)) {
            return;
        }
        Optional<Segment> segment = segments.segment(before);
        if (segment.isEmpty() || segment.get().compacted()) {
            return;
        }
        long end = segments.end(before, segments.end());
        try (Disk.File file = disk.open(Segment.name(before))) {
            if (end < file.size()) {
                file.truncate(end);
                file.force();
            }
        }
    }

    private boolean rewriteSegments(int liveBelow) throws IOException {
        for (long number : needed.segments()) {
            long[] marks = needed.of(number);
            long size = marks.length == 0 ? 0 : size(number);
            // Segments whose header is lost, too, stay as they are: what can still be read of them is read.
            if (size > 0 && size <= MAX_SEGMENT && Rewriting.worthIt(marks, size, liveBelow)) {
                Optional<Segment> segment = segments.segment(number);
                if (!mayGoOn() || segment.isPresent() && !rewrite(segment.get(), marks, size)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean rewrite(Segment segment, long[] marks, long size) throws IOException {
        String name = Segment.name(segment.number());
        boolean done = false;
        try {
            Rewriting.Result result = new Rewriting(disk, segments, segment, marks).run(this::spend);
            if (result.fault() != null) {
                log.warn("segment not compacted file={} reason=\"{}\"", disk.describe(name), result.fault());
                return true;
            }
            if (result.segment() == null) {
                return false;
            }
            done = holds.step(() ->
                    reader.change(segment.number(), result.segment(), () -> disk.rename(name + Segment.NEW, name)));
            if (done) {
                disk.forceFolder("");
                octets += size - size(segment.number());
                rewritten++;
            }
            return done;
        } finally {
            if (!done) {
                disk.delete(name + Segment.NEW);
            }
        }
    }

    private boolean spend(long count) {
        return throttle.spend(count) && mayGoOn();
    }

    private boolean mayGoOn() {
        return !holds.held() && !Thread.currentThread().isInterrupted();
    }

    private long size(long number) throws IOException {
        try (Disk.File file = disk.open(Segment.name(number))) {
            return file.size();
        }
    }
}
