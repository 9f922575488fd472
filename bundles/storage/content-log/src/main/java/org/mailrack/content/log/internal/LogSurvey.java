package org.mailrack.content.log.internal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.store.ContentSurvey;

/** A survey of the log up to where it ended when the survey began. */
final class LogSurvey implements ContentSurvey, Compaction.Needed {

    /** Numbers of large files that are marked together. */
    private static final int GROUP_BITS = 12;
    /** References that are none of this store and are kept to be told of. */
    private static final int MAX_STRANGERS = 10_000;

    /** Does what a survey has found worth doing. */
    @FunctionalInterface
    interface Reclaimer {
        Reclaimed reclaim(Compaction.Needed needed, int liveBelow, long rate);
    }

    private final Disk disk;
    private final SegmentLog segments;
    private final LargeFiles large;
    private final Reclaimer reclaimer;
    private final Options options;
    private final Append.Place cut;
    /** The last segment, and the last large file, of which everybody knows who needs it. */
    private final long settledSegment;

    private final long settledLarge;
    /** Where this survey begins. */
    private final Start first;

    private final Marks marks;
    private final Marks largeMarks;
    private final List<Finding> strangers = new ArrayList<>();

    /** Where a survey begins: with which segment, and with which group of large files. */
    private record Start(long segment, long group) {

        static Start parse(String text) {
            if (!text.matches("[0-9]{1,19}-[0-9]{1,19}")) {
                throw new IllegalArgumentException("no survey of this store begins at " + text);
            }
            int hyphen = text.indexOf('-');
            try {
                return new Start(Long.parseLong(text.substring(0, hyphen)), Long.parseLong(text.substring(hyphen + 1)));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("no survey of this store begins at " + text, e);
            }
        }

        @Override
        public String toString() {
            return segment + "-" + group;
        }
    }

    LogSurvey(Disk disk, SegmentLog segments, LargeFiles large, Reclaimer reclaimer, long memory, Options options) {
        this.disk = disk;
        this.segments = segments;
        this.large = large;
        this.reclaimer = reclaimer;
        this.options = options;
        this.first = options.from().map(Start::parse).orElse(new Start(0, 0));
        this.settledSegment = settledSegment(options);
        this.settledLarge = large.settled(options.minAge());
        this.cut = segments.end();
        this.marks = new Marks(memory - memory / 4);
        this.largeMarks = new Marks(memory / 4);
    }

    private long settledSegment(Options wanted) {
        CheckpointFile.Mark mark = segments.mark();
        // The journal may still be read from the checkpoint before the last.
        long journal = mark == null ? 0 : mark.before().segment();
        return Math.min(
                segments.settled(wanted.minAge()), Math.min(segments.end().segment(), journal) - 1);
    }

    @Override
    public void reference(ContentRef content, long size) {
        Optional<LogRef> known = LogRef.parse(content);
        if (known.isEmpty() || !known.get().place().before(segments.end())) {
            stranger(content, size);
            return;
        }
        Append.Place place = known.get().place();
        long file = known.get().large();
        if (place.segment() >= first.segment() && place.before(cut)) {
            marks.add(place, file >= 0, size);
        }
        if (file >= 0 && group(file) >= first.group()) {
            largeMarks.add(new Append.Place(group(file), file & (1 << GROUP_BITS) - 1), true, size);
        }
    }

    private static long group(long file) {
        return file >>> GROUP_BITS;
    }

    private synchronized void stranger(ContentRef content, long size) {
        if (options.from().isEmpty() && strangers.size() < MAX_STRANGERS) {
            strangers.add(new Finding(
                    Finding.Kind.MISSING, Optional.of(content), disk.describe(""), size, "is none of this store"));
        }
    }

    @Override
    public Optional<String> rest() {
        Start rest = new Start(marks.end() > cut.segment() ? Long.MAX_VALUE : marks.end(), largeMarks.end());
        return rest.segment() == Long.MAX_VALUE && rest.group() == Long.MAX_VALUE
                ? Optional.empty()
                : Optional.of(rest.toString());
    }

    @Override
    public List<Usage> usage() {
        List<Usage> usage = new ArrayList<>();
        try {
            for (long number : covered()) {
                usage.add(usage(number));
            }
            largeUsage().ifPresent(usage::add);
        } catch (IOException e) {
            throw Stores.failed("segments not read", e);
        }
        return usage;
    }

    private Usage usage(long number) throws IOException {
        long size;
        try (Disk.File file = disk.open(Segment.name(number))) {
            size = file.size();
        }
        long needed = 0;
        long last = -1;
        for (long mark : marks.of(number)) {
            if (Marks.position(mark) != last) {
                needed += Marks.inSegment(mark);
                last = Marks.position(mark);
            }
        }
        return new Usage(Segment.name(number), size, Math.min(needed, size), number <= settledSegment);
    }

    /** What large files take, all together. */
    private Optional<Usage> largeUsage() throws IOException {
        long octets = 0;
        long needed = 0;
        List<Long> numbers = coveredLarge();
        for (long number : numbers) {
            try {
                long size = large.size(number);
                octets += size;
                needed += needed(number) ? size : 0;
            } catch (NoSuchFileException | FileNotFoundException e) {
                // a content that could not be committed
            }
        }
        return numbers.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Usage(LargeFiles.FOLDER, octets, needed, numbers.get(numbers.size() - 1) <= settledLarge));
    }

    private List<Long> covered() throws IOException {
        long end = Math.min(marks.end(), cut.segment() + 1);
        return segments.numbers().stream()
                .filter(number -> number >= first.segment() && number < end)
                .toList();
    }

    private List<Long> coveredLarge() throws IOException {
        return large.numbers().stream()
                .filter(number -> group(number) >= first.group() && group(number) < largeMarks.end())
                .toList();
    }

    private boolean needed(long file) {
        long wanted = file & (1 << GROUP_BITS) - 1;
        for (long mark : largeMarks.of(group(file))) {
            if (Marks.position(mark) == wanted) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void verify(Findings findings, LongConsumer progress) {
        synchronized (this) {
            strangers.forEach(findings::found);
        }
        try {
            long done = 0;
            List<Long> covered = covered();
            for (long number : marks.segments()) {
                if (!covered.contains(number)) {
                    check(number, findings).gone(marks.of(number));
                }
            }
            for (long number : covered) {
                done += check(number, findings).run(marks.of(number));
                progress.accept(done);
            }
            for (long number : deadLarge()) {
                findings.found(new Finding(
                        Finding.Kind.ORPHAN,
                        Optional.empty(),
                        disk.describe(LargeFiles.name(number)),
                        large.size(number),
                        "is needed by nobody"));
            }
        } catch (IOException e) {
            throw Stores.failed("segments not read", e);
        }
    }

    private SegmentCheck check(long number, Findings findings) {
        return new SegmentCheck(disk, segments, number, cut, number <= settledSegment, findings);
    }

    @Override
    public Reclaimed reclaim(int liveBelow) {
        return reclaimer.reclaim(this, liveBelow, options.rate());
    }

    @Override
    public List<Long> segments() throws IOException {
        return covered().stream().filter(number -> number <= settledSegment).toList();
    }

    @Override
    public long[] of(long segment) {
        return marks.of(segment);
    }

    @Override
    public List<Long> deadLarge() throws IOException {
        return coveredLarge().stream()
                .filter(number -> number <= settledLarge && !needed(number))
                .toList();
    }

    @Override
    public void close() {
        // Nothing but memory.
    }
}
