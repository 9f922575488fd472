package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.ContentSurvey;
import org.mailrack.api.store.SpoolJournal;
import org.mailrack.api.store.StoreException;

/** The content store and spool journal over one folder. */
final class ContentLog implements ContentStore, SpoolJournal, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ContentLog.class);
    private static final int MAX_ENTRY = 16 << 20;

    /**
     * The limits.
     *
     * @param segmentSize octets after which a new segment is begun
     * @param memoryPerMessage octets of a content that are held in memory
     * @param openFiles files open for reading
     * @param maxWaiting commits that wait for the disk
     * @param minFreeSpace octets of free disk space below which no content is begun
     * @param surveyMemory octets of references that a survey holds
     * @param writtenAhead octets of a segment that are written before they are needed
     */
    record Limits(
            long segmentSize,
            int memoryPerMessage,
            int openFiles,
            int maxWaiting,
            long minFreeSpace,
            long surveyMemory,
            int writtenAhead) {
        static final Limits DEFAULT = new Limits(64 << 20, 256 * 1024, 64, 10_000, 64 << 20, 16 << 20, 1 << 20);
    }

    private final Disk disk;
    private final Limits limits;
    private final SegmentLog segments;
    private final OpenFiles files;
    private final LogReader reader;
    private final GroupCommitter committer;
    // Large files are forced apart, so that small mails do not wait behind a great one.
    private final ExecutorService largeForcers;
    private final LargeFiles large;
    /** Whether there is too little space: said once when it begins and once when it ends. */
    private final AtomicBoolean refusing = new AtomicBoolean();

    private final Holds holds = new Holds();
    private final AtomicBoolean reclaiming = new AtomicBoolean();
    private final OwnerFile owner;
    private volatile boolean closed;

    /** Locks the folder and opens the log in it; closing the log closes the disk. */
    static ContentLog open(Disk disk, Limits limits) throws IOException {
        disk.lock();
        try {
            return new ContentLog(disk, limits);
        } catch (IOException | RuntimeException e) {
            disk.close();
            throw e;
        }
    }

    private ContentLog(Disk disk, Limits limits) throws IOException {
        this.disk = disk;
        this.limits = limits;
        this.large = new LargeFiles(disk);
        this.owner = new OwnerFile(disk);
        this.segments = new SegmentLog(disk, limits.segmentSize(), limits.writtenAhead());
        this.files = new OpenFiles(disk, limits.openFiles());
        this.reader = new LogReader(disk, files, segments);
        this.committer = new GroupCommitter(segments, limits.maxWaiting());
        this.largeForcers = Executors.newFixedThreadPool(2, task -> GroupCommitter.daemon(task, "content-log-large"));
    }

    LargeFiles large() {
        return large;
    }

    @Override
    public ContentWriter create() {
        checkOpen();
        checkSpace();
        return new LogContentWriter(this, disk, limits.memoryPerMessage());
    }

    private void checkSpace() {
        boolean enough;
        try {
            enough = disk.usableSpace() >= limits.minFreeSpace();
        } catch (IOException e) {
            throw Stores.failed("free space not known", e);
        }
        if (refusing.compareAndSet(enough, !enough)) {
            if (enough) {
                log.info("content store takes messages again");
            } else {
                log.warn(
                        "content store takes no messages until {} MB are free (setting min.free.space)",
                        limits.minFreeSpace() >> 20);
            }
        }
        if (!enough) {
            throw new StoreException(
                    StoreException.Kind.NO_SPACE, "less disk space is free than the setting min.free.space asks for");
        }
    }

    @Override
    public CompletionStage<ContentRef> commit(ContentWriter writer) {
        return append(RecordHeader.CONTENT, ByteBuffer.allocate(0), writer);
    }

    @Override
    public CompletionStage<ContentRef> append(ByteBuffer entry, ContentWriter content) {
        return append(RecordHeader.CONTENT | RecordHeader.ENTRY, entry, content);
    }

    @Override
    public CompletionStage<Void> append(ByteBuffer entry) {
        return submit(new Append(List.of(part(entry)), null)).thenApply(place -> null);
    }

    @Override
    public CompletionStage<Void> appendSoon(ByteBuffer entry) {
        return submit(Append.patient(part(entry))).thenApply(place -> null);
    }

    private static Append.Part part(ByteBuffer entry) {
        checkEntry(entry);
        ByteBuffer meta =
                ByteBuffer.allocate(entry.remaining()).put(entry.duplicate()).flip();
        return Append.Part.of(RecordHeader.ENTRY, meta, List.of());
    }

    @Override
    public CompletionStage<Void> checkpoint(List<ByteBuffer> entries) {
        entries.forEach(ContentLog::checkEntry);
        return submit(Checkpoints.encode(entries)).thenApply(place -> null);
    }

    @Override
    public void replay(Visitor visitor) {
        checkOpen();
        try {
            segments.replay((entry, content) -> visitor.entry(entry, content.map(LogRef::ref)));
        } catch (IOException e) {
            throw Stores.failed("journal not read", e);
        }
    }

    @Override
    public Content open(ContentRef ref) {
        checkOpen();
        return reader.open(ref);
    }

    @Override
    public Registration hold() {
        return holds.hold();
    }

    /** Begins a copy for a backup; the journal in it is that of this moment. */
    LogCopy copy() {
        checkOpen();
        return new LogCopy(disk, segments, hold());
    }

    @Override
    public ContentSurvey survey(ContentSurvey.Options options) {
        checkOpen();
        return new LogSurvey(disk, segments, large, this::reclaim, limits.surveyMemory(), options);
    }

    private ContentSurvey.Reclaimed reclaim(Compaction.Needed needed, int liveBelow, long rate) {
        checkOpen();
        if (!reclaiming.compareAndSet(false, true)) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "another compaction is under way");
        }
        try {
            return new Compaction(disk, segments, large, reader, holds, needed, new Throttle(rate)).run(liveBelow);
        } catch (IOException e) {
            throw Stores.failed("content store not compacted", e);
        } finally {
            reclaiming.set(false);
        }
    }

    @Override
    public Optional<String> owner() {
        try {
            return owner.read();
        } catch (IOException e) {
            throw Stores.failed("owner not read", e);
        }
    }

    @Override
    public void claim(String newOwner) {
        checkOpen();
        try {
            owner.write(newOwner);
        } catch (IOException e) {
            throw Stores.failed("owner not written", e);
        }
    }

    /** Writes what is queued and gives the folder free. */
    @Override
    public void close() throws IOException {
        closed = true;
        holds.hold(); // for good: a compaction ends at its next step
        largeForcers.shutdown();
        try {
            if (!largeForcers.awaitTermination(30, TimeUnit.SECONDS)) {
                log.warn("content store stops without the large contents that are still being forced");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        committer.stop();
        files.close();
        segments.close();
        disk.close();
    }

    /** Drops everything as a crash does. For tests. */
    void kill() {
        closed = true;
        holds.hold();
        largeForcers.shutdownNow();
        committer.kill();
    }

    private CompletionStage<ContentRef> append(int type, ByteBuffer entry, ContentWriter writer) {
        checkEntry(entry);
        if (!(writer instanceof LogContentWriter ours) || ours.owner() != this) {
            throw new IllegalArgumentException("a writer of another store");
        }
        ours.finish();
        if (!ours.large()) {
            ByteBuffer meta = ByteBuffer.allocate(entry.remaining())
                    .put(entry.duplicate())
                    .flip();
            return submit(new Append(List.of(Append.Part.of(type, meta, ours.inRecord())), ours))
                    .thenApply(place -> LogRef.small(place).ref());
        }
        ByteBuffer meta = ByteBuffer.allocate(RecordHeader.LargeFile.SIZE + entry.remaining());
        meta.position(RecordHeader.LargeFile.SIZE).put(entry.duplicate()).flip();
        CompletableFuture<ContentRef> done = new CompletableFuture<>();
        Runnable task = () -> {
            long id = large.begin();
            try {
                ours.forceLarge(id).encode(meta.duplicate());
            } catch (IOException e) {
                ours.discard();
                large.end(id);
                done.completeExceptionally(Stores.failed("large content not written", e));
                return;
            }
            Append.Part part = Append.Part.of(type | RecordHeader.LARGE, meta, ours.inRecord());
            submit(new Append(List.of(part), ours)).whenComplete((place, failure) -> {
                large.end(id);
                if (failure == null) {
                    done.complete(new LogRef(place, id).ref());
                } else {
                    done.completeExceptionally(failure);
                }
            });
        };
        try {
            largeForcers.execute(task);
        } catch (RejectedExecutionException e) {
            ours.discard();
            done.completeExceptionally(
                    new StoreException(StoreException.Kind.UNAVAILABLE, "the content store is stopping"));
        }
        return done;
    }

    private CompletableFuture<Append.Place> submit(Append append) {
        committer.submit(append);
        return append.done();
    }

    private static void checkEntry(ByteBuffer entry) {
        if (entry.remaining() > MAX_ENTRY) {
            throw new IllegalArgumentException("journal entry longer than " + MAX_ENTRY + " octets");
        }
    }

    void checkOpen() {
        if (closed) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the content store is stopped");
        }
    }
}
