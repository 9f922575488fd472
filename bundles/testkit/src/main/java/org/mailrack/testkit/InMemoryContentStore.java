package org.mailrack.testkit;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.ContentSurvey;
import org.mailrack.api.store.SpoolJournal;
import org.mailrack.api.store.StoreException;

/**
 * Keeps contents and a spool's journal in memory, for tests and as the smallest example of a backend. What was committed is
 * as durable as the object: a spool that is made anew over the same object finds it. Thread-safe.
 */
public final class InMemoryContentStore implements ContentStore, SpoolJournal {

    private record Entry(byte[] octets, Optional<ContentRef> content) {}

    /** A content and when it was committed. */
    record Kept(byte[] octets, long nanoTime, boolean damaged) {}

    final Map<ContentRef, Kept> contents = new ConcurrentHashMap<>();
    private final AtomicLong lastRef = new AtomicLong();
    private final List<Entry> journal = new ArrayList<>();
    private volatile StoreException.Kind failure;
    private volatile String owner;
    private int holds;

    /** From now on every change fails in that way; null makes the store work again. */
    public void failWith(StoreException.Kind kind) {
        failure = kind;
    }

    /** How many contents are kept. */
    public int size() {
        return contents.size();
    }

    /** How many journal entries a replay would give. */
    public int journalSize() {
        synchronized (journal) {
            return journal.size();
        }
    }

    /** Keeps a content at once; for setting up a test. */
    public ContentRef put(byte[] octets) {
        ContentRef ref = new ContentRef("m" + lastRef.incrementAndGet());
        contents.put(ref, new Kept(octets.clone(), System.nanoTime(), false));
        return ref;
    }

    /** Loses a content, so that opening it fails; for tests of damage. */
    public void lose(ContentRef ref) {
        contents.remove(ref);
    }

    /** Has a content be unreadable; for tests of damage. */
    public void damage(ContentRef ref) {
        contents.computeIfPresent(ref, (key, kept) -> new Kept(kept.octets(), kept.nanoTime(), true));
    }

    @Override
    public ContentWriter create() {
        check();
        return new Writer(this);
    }

    @Override
    public CompletionStage<ContentRef> commit(ContentWriter writer) {
        byte[] octets = take(writer);
        try {
            check();
            return CompletableFuture.completedFuture(put(octets));
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public Content open(ContentRef ref) {
        Kept kept = contents.get(ref);
        if (kept == null) {
            throw new StoreException(StoreException.Kind.NOT_FOUND, "no content " + ref);
        }
        if (kept.damaged()) {
            throw new StoreException(StoreException.Kind.DAMAGED, "content " + ref + " is damaged");
        }
        return new Octets(kept.octets());
    }

    @Override
    public synchronized Registration hold() {
        holds++;
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            synchronized (this) {
                if (open.getAndSet(false)) {
                    holds--;
                }
            }
        };
    }

    @Override
    public ContentSurvey survey(ContentSurvey.Options options) {
        return new InMemorySurvey(this, options);
    }

    /** Removes a content unless somebody holds them all. */
    synchronized boolean remove(ContentRef ref) {
        if (holds == 0) {
            contents.remove(ref);
        }
        return holds == 0;
    }

    @Override
    public Optional<String> owner() {
        return Optional.ofNullable(owner);
    }

    @Override
    public void claim(String newOwner) {
        owner = newOwner;
    }

    @Override
    public CompletionStage<ContentRef> append(ByteBuffer entry, ContentWriter content) {
        byte[] octets = take(content);
        try {
            check();
            synchronized (journal) {
                ContentRef ref = put(octets);
                journal.add(new Entry(copy(entry), Optional.of(ref)));
                return CompletableFuture.completedFuture(ref);
            }
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletionStage<Void> append(ByteBuffer entry) {
        try {
            check();
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        }
        synchronized (journal) {
            journal.add(new Entry(copy(entry), Optional.empty()));
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void replay(Visitor visitor) {
        List<Entry> entries;
        synchronized (journal) {
            entries = List.copyOf(journal);
        }
        for (Entry entry : entries) {
            visitor.entry(ByteBuffer.wrap(entry.octets()).asReadOnlyBuffer(), entry.content());
        }
    }

    @Override
    public CompletionStage<Void> checkpoint(List<ByteBuffer> entries) {
        try {
            check();
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        }
        synchronized (journal) {
            journal.clear();
            entries.forEach(entry -> journal.add(new Entry(copy(entry), Optional.empty())));
        }
        return CompletableFuture.completedFuture(null);
    }

    private void check() {
        StoreException.Kind kind = failure;
        if (kind != null) {
            throw new StoreException(kind, "the test store was told to fail");
        }
    }

    private byte[] take(ContentWriter writer) {
        if (!(writer instanceof Writer ours) || ours.store != this) {
            throw new IllegalArgumentException("a writer of another store");
        }
        return ours.take();
    }

    private static byte[] copy(ByteBuffer entry) {
        byte[] octets = new byte[entry.remaining()];
        entry.duplicate().get(octets);
        return octets;
    }

    private static final class Writer implements ContentWriter {

        private final InMemoryContentStore store;
        private byte[] octets = new byte[1024];
        private int length;
        private boolean over;

        Writer(InMemoryContentStore store) {
            this.store = store;
        }

        @Override
        public void write(ByteBuffer data) {
            open();
            store.check();
            int more = data.remaining();
            if (octets.length - length < more) {
                octets = Arrays.copyOf(octets, Math.max(octets.length * 2, Math.addExact(length, more)));
            }
            data.get(octets, length, more);
            length += more;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public Content content() {
            open();
            return new Octets(Arrays.copyOf(octets, length));
        }

        @Override
        public void replaceHead(long oldLength, ByteBuffer head) {
            open();
            Objects.checkFromIndexSize(0, oldLength, length);
            byte[] changed = new byte[Math.addExact(head.remaining(), length - (int) oldLength)];
            int headLength = head.remaining();
            head.get(changed, 0, headLength);
            System.arraycopy(octets, (int) oldLength, changed, headLength, length - (int) oldLength);
            octets = changed;
            length = changed.length;
        }

        @Override
        public void close() {
            over = true;
        }

        byte[] take() {
            open();
            over = true;
            return Arrays.copyOf(octets, length);
        }

        private void open() {
            if (over) {
                throw new IllegalStateException("the writer was committed or closed");
            }
        }
    }

    private record Octets(byte[] octets) implements Content {

        @Override
        public long length() {
            return octets.length;
        }

        @Override
        public InputStream open(long offset, long count) {
            Objects.checkFromIndexSize(offset, count, octets.length);
            return new ByteArrayInputStream(octets, (int) offset, (int) count);
        }
    }
}
