package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments: recovery at start, appending by one thread, finding the journal's entries again.
 *
 * <p>After a failed write or force nobody knows what the disk has of a batch. So it is cut off, and the log goes on in a new
 * segment whose header says where the old one ends: once that header is durable, nothing of the failed batch can come back, even
 * if the cut did not succeed; and until then, nothing is accepted.
 */
final class SegmentLog implements GroupCommitter.Sink {

    private static final Logger log = LoggerFactory.getLogger(SegmentLog.class);

    private static final String ASIDE = ".damaged";
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 * 1024).asReadOnlyBuffer();

    private final Disk disk;
    private final long segmentSize;
    private final int ahead;
    private final CheckpointFile checkpointFile;
    private final Gaps gaps;
    private final CompactedFile compacted;
    private final SecureRandom random = new SecureRandom();
    private final Map<Long, Segment> known = new ConcurrentHashMap<>();

    private Segment segment;
    private Disk.File file;
    /** What is durable ends here. */
    private volatile Append.Place end;
    /** Where the last whole checkpoint begins; null when there is none. */
    private volatile Append.Place checkpoint;
    /** What the file says of the checkpoints; null when there is none. */
    private volatile CheckpointFile.Mark mark;

    private final Ages ages = new Ages(System::nanoTime);

    /** The greatest number a segment ever had, of those set aside too: a reference never comes to mean another content. */
    private long highest;

    /** Up to where the file has octets; those behind the end are zeros. */
    private long allocated;

    private boolean mustRoll;
    private boolean failing;

    /** @param ahead octets that are written ahead as zeros: what then takes their place is forced without a change of the file's size */
    SegmentLog(Disk disk, long segmentSize, int ahead) throws IOException {
        this.disk = disk;
        this.segmentSize = segmentSize;
        this.ahead = ahead;
        this.checkpointFile = new CheckpointFile(disk);
        this.gaps = new Gaps(disk);
        this.compacted = new CompactedFile(disk);
        recover();
    }

    /** Where what is durable ends. */
    Append.Place end() {
        return end;
    }

    /** What the file says of the checkpoints; null when there is none. */
    CheckpointFile.Mark mark() {
        return mark;
    }

    /** The greatest number of the segments that were full so long ago; -1 when there is none. */
    long settled(Duration age) {
        return ages.settled(age);
    }

    /** A segment was written anew, or is gone (null). */
    void replaced(long number, Segment by) {
        if (by == null) {
            known.remove(number);
        } else {
            known.put(number, by);
        }
    }

    /** What is no part of the journal. */
    List<Gaps.Gap> gaps() {
        return gaps.all();
    }

    /** The segment of that number, or empty when its header is lost. */
    Optional<Segment> segment(long number) throws IOException {
        Segment found = known.get(number);
        if (found != null) {
            return Optional.of(found);
        }
        try (Disk.File of = disk.open(Segment.name(number))) {
            found = Segment.read(of, number);
            if (found == null) {
                found = Segment.guess(of, number);
                log.warn(
                        "damage found file={} offset=0 length={} what=\"header of the segment{}\"",
                        disk.describe(Segment.name(number)),
                        Segment.HEADER,
                        found == null ? "" : ", its records can be read");
            }
        }
        if (found != null) {
            known.put(number, found);
        }
        return Optional.ofNullable(found);
    }

    // Appending

    @Override
    public void write(List<Append> batch) {
        try {
            if (file == null || mustRoll || end.position() >= segmentSize) {
                roll();
            }
            long newEnd = writeBatch(batch);
            if (newEnd > allocated) {
                allocate(newEnd);
            }
            file.force();
            end = new Append.Place(segment.number(), newEnd);
        } catch (IOException e) {
            failed(e);
            throw Stores.failed("content store cannot write", e);
        }
        if (failing) {
            failing = false;
            log.info("content store writes again segment={}", segment.number());
        }
        for (Append append : batch) {
            if (append.isCheckpoint()) {
                Append.Place before = checkpoint == null ? new Append.Place(0, 0) : checkpoint;
                checkpoint = append.place();
                remember(new CheckpointFile.Mark(checkpoint, before));
            }
        }
    }

    private long writeBatch(List<Append> batch) throws IOException {
        List<ByteBuffer> buffers = new ArrayList<>();
        long start = end.position();
        long at = start;
        int first = RecordHeader.FIRST;
        for (Append append : batch) {
            append.placeAt(new Append.Place(segment.number(), at));
            for (Append.Part part : append.parts()) {
                RecordHeader header = new RecordHeader(
                        at, part.type() | first, part.meta().remaining(), part.contentLength(), part.crc());
                first = 0;
                buffers.add(header.encode(segment.nonce(), part.meta()));
                buffers.add(part.meta().duplicate());
                part.content().forEach(octets -> buffers.add(octets.duplicate()));
                at = header.end();
            }
        }
        file.write(start, buffers.toArray(ByteBuffer[]::new));
        return at;
    }

    private void allocate(long from) {
        allocated = from;
        long to = Math.min(from + ahead, segmentSize);
        if (to <= from) {
            return;
        }
        try {
            for (long at = from; at < to; at += ZEROS.capacity()) {
                file.write(at, ZEROS.duplicate().limit((int) Math.min(ZEROS.capacity(), to - at)));
            }
            allocated = to;
        } catch (IOException e) {
            // Perhaps there is room for mail all the same.
            log.debug("no space written ahead segment={} reason={}", segment.number(), e.toString());
            cut(from);
        }
    }

    /** Leaves nothing behind the end, if that can be done: what is there does no harm. */
    private void cut(long at) {
        try {
            file.truncate(at);
        } catch (IOException e) {
            log.debug("segment not cut segment={} reason={}", segment.number(), e.toString());
        }
    }

    private void failed(IOException cause) {
        mustRoll = true;
        if (!failing) {
            failing = true;
            log.error("content store cannot write; mail is refused until it can reason=\"{}\"", cause.getMessage());
        }
        if (file != null) {
            try {
                file.truncate(end.position());
                file.force();
            } catch (IOException e) {
                log.debug("segment not cut after a failed write segment={} reason={}", segment.number(), e.toString());
            }
        }
    }

    private void roll() throws IOException {
        long number = highest + 1;
        Segment next = new Segment(number, random.nextLong(), segment == null ? -1 : end.position());
        Disk.File made = disk.create(Segment.name(number));
        try {
            made.write(0, next.encode());
            made.force();
            disk.forceFolder("");
        } catch (IOException e) {
            made.close();
            disk.delete(Segment.name(number));
            throw e;
        }
        if (file != null) {
            if (allocated > end.position()) {
                cut(end.position());
            }
            file.close();
        }
        file = made;
        allocated = Segment.HEADER;
        segment = next;
        known.put(number, next);
        highest = number;
        ages.note(number - 1);
        end = new Append.Place(number, Segment.HEADER);
        mustRoll = false;
    }

    private void remember(CheckpointFile.Mark next) {
        try {
            checkpointFile.write(next);
            mark = next;
            gaps.journalBegins(next.last());
        } catch (IOException e) {
            // The checkpoint is in the log all the same; a start reads more of it.
            log.warn("place of the checkpoint not written reason={}", e.toString());
        }
    }

    // Reading the journal again

    /** Calls the visitor with the entries of the journal. */
    void replay(JournalScan.Entries visitor) throws IOException {
        Append.Place from = checkpoint == null ? begin() : checkpoint;
        new JournalScan(this, disk, gaps).visit(from, end, visitor);
    }

    /** Where a segment ends for those after it; the present end if it is the last one. */
    long end(long number, Append.Place until) throws IOException {
        if (number == until.segment()) {
            return until.position();
        }
        Optional<Segment> segment = segment(number);
        if (segment.isPresent() && segment.get().compacted()) {
            return segment.get().index();
        }
        long size;
        try (Disk.File of = disk.open(Segment.name(number))) {
            size = of.size();
        }
        Optional<Long> next = numbers().stream().filter(n -> n > number).findFirst();
        Optional<Segment> behind = next.isPresent() ? segment(next.get()) : Optional.empty();
        // One that was set aside would have said it; the one behind it speaks of that, not of this.
        boolean known =
                behind.isPresent() && next.get() == number + 1 && behind.get().previousEnd() >= 0;
        return known ? Math.min(behind.get().previousEnd(), size) : size;
    }

    List<Long> numbers() throws IOException {
        return disk.list("").stream()
                .map(Segment::number)
                .filter(number -> number >= 0)
                .sorted()
                .toList();
    }

    /** Where the journal begins when no checkpoint can be found. */
    private Append.Place begin() throws IOException {
        long untouched = compacted.read() + 1;
        return new Append.Place(
                numbers().stream()
                        .filter(number -> number >= untouched)
                        .findFirst()
                        .orElse(end.segment()),
                Segment.HEADER);
    }

    /** Some of the segments up to this one will be written anew or go. */
    void compacting(long number) throws IOException {
        compacted.note(number);
    }

    // Recovery

    private void recover() throws IOException {
        highest = disk.list("").stream()
                .mapToLong(name -> Segment.number(name.replace(ASIDE, "")))
                .max()
                .orElse(0);
        highest = Math.max(0, highest);
        for (String name : disk.list("")) {
            if (name.endsWith(".log" + Segment.NEW)) {
                disk.delete(name);
            }
        }
        mark = checkpointFile.read().orElse(null);
        List<Long> numbers = numbers();
        while (!numbers.isEmpty() && !openLast(numbers.get(numbers.size() - 1))) {
            numbers = numbers();
        }
        if (file == null) {
            end = new Append.Place(highest + 1, Segment.HEADER);
            return;
        }
        gaps.open(end);
        ages.note(end.segment() - 1);
        JournalScan scan = new JournalScan(this, disk, gaps);
        if (mark != null) {
            checkpoint = scan.lastCheckpoint(mark.last(), end);
            if (checkpoint == null) {
                checkpoint = scan.lastCheckpoint(mark.before(), end);
            }
        }
        if (checkpoint == null) {
            // No mark, or what it marks is damaged: only the whole history tells.
            checkpoint = scan.lastCheckpoint(begin(), end);
            mark = null;
        }
        if (checkpoint != null) {
            gaps.journalBegins(checkpoint);
        }
    }

    /** Opens the last segment at the end of its last whole record; false if it was none and is gone. */
    private boolean openLast(long number) throws IOException {
        String name = Segment.name(number);
        Disk.File last = disk.open(name);
        Segment found = Segment.read(last, number);
        if (found == null) {
            found = Segment.guess(last, number);
        }
        if (found == null) {
            long size = last.size();
            last.close();
            if (size <= Segment.HEADER) {
                // The process died while it made the file: there was never a record in it.
                disk.delete(name);
            } else {
                disk.rename(name, name + ASIDE);
                log.error(
                        "damage found file={} what=\"no record readable, set aside as {}{}\"",
                        disk.describe(name),
                        name,
                        ASIDE);
            }
            disk.forceFolder("");
            return false;
        }
        known.put(number, found);
        if (found.compacted()) {
            // Those behind it are gone. What is compacted is never appended to.
            last.close();
            return true;
        }
        segment = found;
        file = last;
        allocated = 0;
        end = new Append.Place(number, cutTail(last, found, name));
        // A process that was killed leaves records, and the name of the file, that are not forced yet. From here on
        // mailboxes
        // may refer to them.
        last.force();
        disk.forceFolder("");
        return true;
    }

    private long cutTail(Disk.File last, Segment found, String name) throws IOException {
        long size = last.size();
        // A checkpoint is marked when it is durable, and with it all that stands before it.
        long start = mark != null && mark.last().segment() == found.number()
                ? mark.last().position()
                : Segment.HEADER;
        RecordHeader first = new RecordReader(last, found, start, size).here(start);
        if (first == null || !first.is(RecordHeader.CHECKPOINT)) {
            start = Segment.HEADER;
        }
        RecordReader reader = new RecordReader(last, found, start, size);
        long good = start;
        long batch = start;
        List<RecordHeader> broken = new ArrayList<>();
        for (RecordHeader h = reader.next((at, n) -> {}); h != null; h = reader.next((at, n) -> {})) {
            if (h.is(RecordHeader.FIRST)) {
                batch = h.position();
            }
            if (reader.contentIntact(h)) {
                good = h.end();
            } else {
                broken.add(h);
            }
        }
        for (RecordHeader h : broken) {
            if (h.position() >= batch && h.position() < good) {
                // Of the last batch, which was perhaps never forced: its octets need not reach the disk in order. Not
                // accepted.
                log.warn("torn record dropped file={} offset={}", disk.describe(name), h.position());
                last.write(h.position(), ByteBuffer.allocate(8));
                last.force();
            }
        }
        if (good < size) {
            if (!zeros(last, good, size)) {
                log.warn("torn tail cut file={} offset={} length={}", disk.describe(name), good, size - good);
            }
            last.truncate(good);
            last.force();
        }
        return good;
    }

    private static boolean zeros(Disk.File file, long from, long to) throws IOException {
        ByteBuffer some = ByteBuffer.allocate(64 * 1024);
        for (long at = from; at < to; at += some.limit()) {
            some.clear().limit((int) Math.min(some.capacity(), to - at));
            if (file.read(at, some) < 0) {
                return false;
            }
            some.flip();
            if (some.mismatch(ZEROS.duplicate().limit(some.limit())) >= 0) {
                return false;
            }
        }
        return true;
    }

    void close() throws IOException {
        if (file != null) {
            if (allocated > end.position()) {
                cut(end.position());
            }
            file.close();
        }
    }
}
