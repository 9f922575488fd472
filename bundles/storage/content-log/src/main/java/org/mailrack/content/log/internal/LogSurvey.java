package org.mailrack.content.log.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.store.ContentSurvey;

/** A survey of the log up to where it ended when the survey began. */
final class LogSurvey implements ContentSurvey {

    /** About how many octets a large content's record takes. */
    private static final long LARGE_RECORD = 256;
    /** References that are none of this store and are kept to be told of. */
    private static final int MAX_STRANGERS = 10_000;

    private final ContentLog log;
    private final Disk disk;
    private final SegmentLog segments;
    private final Append.Place cut;
    private final long first;
    private final Marks marks;
    private final List<Finding> strangers = new ArrayList<>();

    LogSurvey(ContentLog log, Disk disk, SegmentLog segments, long memory, Options options) {
        this.log = log;
        this.disk = disk;
        this.segments = segments;
        this.cut = segments.end();
        this.first = options.from().map(LogSurvey::number).orElse(0L);
        this.marks = new Marks(memory);
    }

    private static long number(String from) {
        if (!from.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("no survey of this store begins at " + from);
        }
        return Long.parseLong(from);
    }

    @Override
    public void reference(ContentRef content, long size) {
        Optional<LogRef> known = LogRef.parse(content);
        if (known.isEmpty() || !known.get().place().before(segments.end())) {
            stranger(content, size);
        } else if (known.get().place().segment() >= first && known.get().place().before(cut)) {
            marks.add(known.get().place(), known.get().large() >= 0, size);
        }
    }

    private synchronized void stranger(ContentRef content, long size) {
        if (first == 0 && strangers.size() < MAX_STRANGERS) {
            strangers.add(new Finding(
                    Finding.Kind.MISSING, Optional.of(content), disk.describe(""), size, "is none of this store"));
        }
    }

    @Override
    public Optional<String> rest() {
        return marks.end() > cut.segment() ? Optional.empty() : Optional.of(Long.toString(marks.end()));
    }

    @Override
    public List<Usage> usage() {
        List<Usage> usage = new ArrayList<>();
        try {
            for (long number : covered()) {
                usage.add(usage(number));
            }
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
                needed += RecordHeader.SIZE + (Marks.large(mark) ? LARGE_RECORD : Marks.size(mark));
                last = Marks.position(mark);
            }
        }
        return new Usage(Segment.name(number), size, Math.min(needed, size), false);
    }

    private List<Long> covered() throws IOException {
        long end = Math.min(marks.end(), cut.segment() + 1);
        return segments.numbers().stream()
                .filter(number -> number >= first && number < end)
                .toList();
    }

    @Override
    public void verify(Findings findings, LongConsumer progress) {
        synchronized (this) {
            strangers.forEach(findings::found);
        }
        try {
            long done = 0;
            for (long number : covered()) {
                done += new SegmentCheck(disk, segments, number, cut, findings).run(marks.of(number));
                progress.accept(done);
            }
        } catch (IOException e) {
            throw Stores.failed("segments not read", e);
        }
    }

    @Override
    public Reclaimed reclaim(int liveBelow) {
        log.checkOpen();
        // It cannot do so yet, and says that it has not.
        return new Reclaimed(0, 0, 0, false);
    }

    @Override
    public void close() {
        // Nothing but memory.
    }
}
