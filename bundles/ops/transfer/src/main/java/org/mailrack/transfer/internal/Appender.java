package org.mailrack.transfer.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.mailbox.Mailboxes.Delivered;
import org.mailrack.api.mailbox.Mailboxes.ToDeliver;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.StoreException;

/** Appends batches in a thread of its own, one after the other, while the next one is being read. */
final class Appender implements AutoCloseable {

    /**
     * What became of a batch.
     *
     * @param imported how many were appended
     * @param present how many were there already
     * @param refused where those came from that have no mailbox
     */
    record Outcome(int imported, int present, List<String> refused) {}

    private static final Outcome NOTHING = new Outcome(0, 0, List.of());

    private final ContentStore contents;
    private final Mailboxes mailboxes;
    private final String account;
    private final ExecutorService thread;
    private Future<Outcome> underWay;

    Appender(ContentStore contents, Mailboxes mailboxes, String account) {
        this.contents = contents;
        this.mailboxes = mailboxes;
        this.account = account;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "mailrack-import");
            made.setDaemon(true);
            return made;
        });
    }

    /** Hands a batch over; waits for the one before and says what became of that. */
    Outcome append(String mailbox, List<Pending> batch) throws InterruptedException {
        try {
            Outcome before = await();
            underWay = thread.submit(() -> store(mailbox, batch));
            return before;
        } catch (InterruptedException | RuntimeException e) {
            batch.forEach(pending -> pending.content().close());
            throw e;
        }
    }

    /** Waits for the last batch. */
    Outcome await() throws InterruptedException {
        if (underWay == null) {
            return NOTHING;
        }
        try {
            return underWay.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            underWay = null;
        }
    }

    private Outcome store(String mailbox, List<Pending> batch) {
        try {
            Set<String> known = new HashSet<>(mailboxes.delivered(
                    account, mailbox, batch.stream().map(Pending::key).toList()));
            // Of equal messages in one batch only the first is written.
            List<Pending> fresh =
                    batch.stream().filter(pending -> known.add(pending.key())).toList();
            List<Long> sizes = new ArrayList<>();
            List<CompletableFuture<ContentRef>> commits = new ArrayList<>();
            for (Pending pending : fresh) {
                sizes.add(pending.content().length());
                commits.add(contents.commit(pending.content()).toCompletableFuture());
            }
            List<ToDeliver> messages = new ArrayList<>();
            for (int i = 0; i < fresh.size(); i++) {
                Pending pending = fresh.get(i);
                messages.add(new ToDeliver(
                        account,
                        mailbox,
                        join(commits.get(i)),
                        sizes.get(i),
                        pending.flags(),
                        pending.date(),
                        pending.key()));
            }
            return outcome(batch.size(), fresh, messages.isEmpty() ? List.of() : mailboxes.deliver(messages));
        } finally {
            // Does nothing to those that were committed.
            batch.forEach(pending -> pending.content().close());
        }
    }

    private static Outcome outcome(int asked, List<Pending> fresh, List<Delivered> results) {
        int imported = 0;
        int present = asked - fresh.size();
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            switch (results.get(i).status()) {
                case APPENDED -> imported++;
                case DUPLICATE -> present++;
                case NO_MAILBOX -> refused.add(fresh.get(i).where());
            }
        }
        return new Outcome(imported, present, refused);
    }

    private static ContentRef join(CompletableFuture<ContentRef> commit) {
        try {
            return commit.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException known
                    ? new StoreException(known.kind(), known.getMessage(), known)
                    : new StoreException(StoreException.Kind.UNAVAILABLE, "the content could not be stored", e);
        }
    }

    /** Lets the batch under way end. */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = Thread.interrupted();
        try {
            thread.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
