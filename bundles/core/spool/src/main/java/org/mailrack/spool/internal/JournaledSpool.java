package org.mailrack.spool.internal;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.spool.RecipientState;
import org.mailrack.api.spool.Spool;
import org.mailrack.api.spool.SpooledMail;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.SpoolJournal;
import org.mailrack.api.store.StoreException;

/** The spool: each change goes to the journal first and to the queue in memory when it is durable. */
final class JournaledSpool implements Spool {

    private static final Logger log = LoggerFactory.getLogger(JournaledSpool.class);
    /** Mails that are looked at under one lock. */
    private static final int PAGE = 1000;

    /**
     * The limits.
     *
     * @param maxMails mails in the spool
     * @param checkpointSize octets of entries after which the journal is replaced by a checkpoint
     * @param checkpointEntries entries after which it is
     * @param checkpointContents octets of contents after which it is: their space comes back only behind a checkpoint
     */
    record Limits(int maxMails, long checkpointSize, long checkpointEntries, long checkpointContents) {
        static final Limits DEFAULT = new Limits(500_000, 64 << 20, 100_000, 256 << 20);
    }

    private final SpoolJournal journal;
    private final ContentStore contents;
    private final Limits limits;
    private final Clock clock;
    private final MailIds ids;
    private final JournalGate gate = new JournalGate();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** Guards what follows. */
    private final Object lock = new Object();

    private final Queue queue = new Queue();
    private int accepting;
    private long journalSize;
    private long journalEntries;
    private long journalContents;
    private long checkpointed;
    private boolean stopped;

    JournaledSpool(SpoolJournal journal, ContentStore contents, Limits limits, Clock clock) {
        this.journal = journal;
        this.contents = contents;
        this.limits = limits;
        this.clock = clock;
        this.ids = new MailIds(clock::millis);
        recover();
    }

    private void recover() {
        journal.replay((entry, content) -> {
            int length = entry.remaining();
            try {
                SpoolCodec.decode(entry, content).forEach(this::apply);
            } catch (SpoolCodec.FormatException e) {
                log.error("queue entry not readable, passed over length={} reason=\"{}\"", length, e.getMessage());
            }
            journalSize += length;
            journalEntries++;
        });
        log.info("queue ready mails={} entries={}", queue.size(), journalEntries);
    }

    @Override
    public MailId newId() {
        return ids.next();
    }

    @Override
    public ContentWriter create() {
        synchronized (lock) {
            checkRoom();
        }
        return contents.create();
    }

    @Override
    public CompletionStage<SpooledMail> accept(MailId id, Envelope envelope, ContentWriter content) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        List<RecipientState> states = envelope.recipients().stream()
                .map(recipient -> new RecipientState(recipient, RecipientState.Status.PENDING, ""))
                .toList();
        if (states.isEmpty()) {
            throw new IllegalArgumentException("an envelope without recipients");
        }
        long size = content.length();
        // The reference is not known before the content is appended; the entry does not have it.
        SpooledMail draft = new SpooledMail(id, envelope, states, new ContentRef("0"), size, now, 0, now, "");
        ByteBuffer entry = SpoolCodec.accepted(draft);
        synchronized (lock) {
            try {
                checkRoom();
            } catch (StoreException e) {
                content.close();
                return CompletableFuture.failedFuture(e);
            }
            accepting++;
        }
        return gate.pass(() -> journal.append(entry, content).handle((ref, failure) -> {
                    synchronized (lock) {
                        accepting--;
                        if (failure != null) {
                            throw wrapped(failure);
                        }
                        SpooledMail mail = new SpooledMail(id, envelope, states, ref, size, now, 0, now, "");
                        queue.put(mail);
                        return mail;
                    }
                }))
                .thenApply(mail -> {
                    grown(entry, size);
                    tellListeners();
                    return mail;
                });
    }

    @Override
    public List<SpooledMail> take(int max) {
        synchronized (lock) {
            return stopped ? List.of() : queue.take(max, clock.instant());
        }
    }

    @Override
    public CompletionStage<Void> settle(Collection<SpooledMail> mails) {
        return settle(mails, journal::append);
    }

    @Override
    public CompletionStage<Void> settleSoon(Collection<SpooledMail> mails) {
        return settle(mails, journal::appendSoon);
    }

    private CompletionStage<Void> settle(
            Collection<SpooledMail> mails, Function<ByteBuffer, CompletionStage<Void>> append) {
        List<SpoolCodec.Change> changes = new ArrayList<>();
        synchronized (lock) {
            for (SpooledMail mail : mails) {
                if (!queue.isLeased(mail.id())) {
                    throw new IllegalArgumentException("mail " + mail.id() + " is not leased");
                }
                if (mail.finished()) {
                    changes.add(new SpoolCodec.Change.Gone(mail.id()));
                } else if (!mail.equals(queue.get(mail.id()))) {
                    changes.add(state(mail));
                }
            }
        }
        return write(changes, append, () -> mails.forEach(mail -> queue.release(mail.id())));
    }

    @Override
    public Optional<Instant> nextDue() {
        synchronized (lock) {
            return queue.nextDue();
        }
    }

    @Override
    public Registration listen(Runnable listener) {
        Runnable own = listener::run;
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    @Override
    public List<SpooledMail> list(Optional<MailId> after, int max) {
        synchronized (lock) {
            return queue.list(after, max);
        }
    }

    @Override
    public Optional<SpooledMail> find(MailId id) {
        synchronized (lock) {
            return Optional.ofNullable(queue.get(id));
        }
    }

    @Override
    public void references(References visitor) {
        Optional<MailId> after = Optional.empty();
        for (List<SpooledMail> page = list(after, PAGE); !page.isEmpty(); page = list(after, PAGE)) {
            page.forEach(mail -> visitor.reference(mail.content(), mail.size()));
            after = Optional.of(page.get(page.size() - 1).id());
        }
    }

    @Override
    public int size() {
        synchronized (lock) {
            return queue.size();
        }
    }

    @Override
    public int retryNow(Collection<MailId> which) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return change(which, mail -> state(scheduled(mail, now, "")));
    }

    @Override
    public int hold(Collection<MailId> which, String reason) {
        String given = reason.isBlank() ? "held by the operator" : reason;
        return change(which, mail -> state(scheduled(mail, mail.nextAttempt(), given)));
    }

    @Override
    public int remove(Collection<MailId> which) {
        return change(which, mail -> new SpoolCodec.Change.Gone(mail.id()));
    }

    /** Writes a checkpoint and takes no more mail. */
    void close() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (lock) {
            stopped = true;
        }
        try {
            // One may be on its way already; then this one follows it.
            while (!gate.passAlone(() -> writeCheckpoint(done))) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            done.get(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("queue stopped without a checkpoint; the next start reads its journal reason={}", e.toString());
        }
    }

    private interface Changing {
        SpoolCodec.Change of(SpooledMail mail);
    }

    /** Changes mails that are not leased, and waits until that is durable. */
    private int change(Collection<MailId> which, Changing how) {
        List<MailId> taken = new ArrayList<>();
        List<SpoolCodec.Change> changes = new ArrayList<>();
        synchronized (lock) {
            checkRunning();
            for (MailId id : new LinkedHashSet<>(which)) {
                if (queue.lease(id)) {
                    taken.add(id);
                    changes.add(how.of(queue.get(id)));
                }
            }
        }
        CompletableFuture<Void> written;
        try {
            written = write(changes, journal::append, () -> taken.forEach(queue::release))
                    .toCompletableFuture();
            written.join();
        } catch (CompletionException e) {
            synchronized (lock) {
                taken.forEach(queue::release);
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        return taken.size();
    }

    private CompletionStage<Void> write(
            List<SpoolCodec.Change> changes, Function<ByteBuffer, CompletionStage<Void>> append, Runnable after) {
        if (changes.isEmpty()) {
            synchronized (lock) {
                after.run();
            }
            tellListeners();
            return CompletableFuture.completedFuture(null);
        }
        ByteBuffer entry = SpoolCodec.encode(changes);
        return gate.pass(() -> append.apply(entry).thenApply(nothing -> {
                    synchronized (lock) {
                        changes.forEach(this::apply);
                        after.run();
                    }
                    return nothing;
                }))
                .thenApply(nothing -> {
                    grown(entry, 0);
                    tellListeners();
                    return nothing;
                });
    }

    private void apply(SpoolCodec.Change change) {
        if (change instanceof SpoolCodec.Change.Put put) {
            queue.put(put.mail());
        } else if (change instanceof SpoolCodec.Change.Gone gone) {
            queue.remove(gone.id());
        } else if (change instanceof SpoolCodec.Change.State state) {
            SpooledMail mail = queue.get(state.id());
            if (mail != null) {
                queue.put(new SpooledMail(
                        mail.id(),
                        mail.envelope(),
                        state.recipients(),
                        mail.content(),
                        mail.size(),
                        mail.received(),
                        state.attempts(),
                        state.nextAttempt(),
                        state.held()));
            }
        }
    }

    private void grown(ByteBuffer entry, long content) {
        boolean due;
        synchronized (lock) {
            journalSize += entry.capacity();
            journalEntries++;
            journalContents += content;
            // A checkpoint of a long queue is long itself: it must have been worth it.
            due = !stopped
                    && (journalSize > Math.max(limits.checkpointSize(), checkpointed)
                            || journalEntries > Math.max(limits.checkpointEntries(), queue.size())
                            || journalContents > Math.max(limits.checkpointContents(), checkpointed));
        }
        if (due) {
            gate.passAlone(() -> writeCheckpoint(new CompletableFuture<>()));
        }
    }

    /** Called while no change is on its way. */
    private void writeCheckpoint(CompletableFuture<Void> done) {
        List<ByteBuffer> entries = new ArrayList<>();
        long before;
        synchronized (lock) {
            for (SpooledMail mail : queue.list(Optional.empty(), Integer.MAX_VALUE)) {
                entries.add(SpoolCodec.encode(List.of(new SpoolCodec.Change.Put(mail))));
            }
            before = journalEntries;
            journalEntries = entries.size();
            journalSize = 0;
            journalContents = 0;
            checkpointed = entries.stream().mapToLong(ByteBuffer::remaining).sum();
        }
        journal.checkpoint(entries).whenComplete((nothing, failure) -> {
            if (failure == null) {
                log.debug("queue checkpoint mails={} entries.before={}", entries.size(), before);
                done.complete(null);
            } else {
                log.warn("queue checkpoint failed; the journal goes on reason={}", failure.toString());
                done.completeExceptionally(failure);
            }
        });
    }

    private void checkRunning() {
        if (stopped) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the spool is stopping");
        }
    }

    private void checkRoom() {
        checkRunning();
        if (queue.size() + accepting >= limits.maxMails()) {
            throw new StoreException(StoreException.Kind.NO_SPACE, "the queue is full (setting max.mails)");
        }
    }

    private void tellListeners() {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                log.warn("queue listener failed", e);
            }
        }
    }

    private static SpoolCodec.Change.State state(SpooledMail mail) {
        return new SpoolCodec.Change.State(
                mail.id(), mail.recipients(), mail.attempts(), mail.nextAttempt(), mail.held());
    }

    private static SpooledMail scheduled(SpooledMail mail, Instant next, String held) {
        return new SpooledMail(
                mail.id(),
                mail.envelope(),
                mail.recipients(),
                mail.content(),
                mail.size(),
                mail.received(),
                mail.attempts(),
                next,
                held);
    }

    private static CompletionException wrapped(Throwable failure) {
        return failure instanceof CompletionException already ? already : new CompletionException(failure);
    }
}
