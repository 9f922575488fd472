package org.mailrack.spool.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.spool.RecipientState;
import org.mailrack.api.spool.SpooledMail;
import org.mailrack.api.store.SpoolJournal;
import org.mailrack.api.store.StoreException;
import org.mailrack.testkit.InMemoryContentStore;

/** The power is cut at each entry of the journal and at each checkpoint in turn, and the next start has the queue as it was told. */
class SpoolPowerCutTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    /** So that checkpoints come often. */
    private static final JournaledSpool.Limits SMALL = new JournaledSpool.Limits(100, 1 << 20, 7, 1 << 20);

    private static final String TEXT = "Do you like ketchup?";

    /** Writes until the power is cut; whether what was being written then has reached the disk, nobody is told. */
    private static final class CutJournal implements SpoolJournal {

        private final SpoolJournal journal;
        private final int cutAt;
        private final boolean reached;
        private int steps;
        private int checkpoints;

        CutJournal(SpoolJournal journal, int cutAt, boolean reached) {
            this.journal = journal;
            this.cutAt = cutAt;
            this.reached = reached;
        }

        private <T> CompletionStage<T> step(Supplier<CompletionStage<T>> write) {
            steps++;
            if (steps < cutAt) {
                return write.get();
            }
            if (steps == cutAt && reached) {
                write.get().toCompletableFuture().join();
            }
            return CompletableFuture.failedFuture(new StoreException(StoreException.Kind.UNAVAILABLE, "power cut"));
        }

        @Override
        public CompletionStage<ContentRef> append(ByteBuffer entry, ContentWriter content) {
            return step(() -> journal.append(entry, content));
        }

        @Override
        public CompletionStage<Void> append(ByteBuffer entry) {
            return step(() -> journal.append(entry));
        }

        @Override
        public void replay(Visitor visitor) {
            journal.replay(visitor);
        }

        @Override
        public CompletionStage<Void> checkpoint(List<ByteBuffer> entries) {
            checkpoints++;
            return step(() -> journal.checkpoint(entries));
        }
    }

    private InMemoryContentStore store;
    private CutJournal journal;
    private JournaledSpool spool;
    /** What the spool has answered. */
    private final NavigableMap<MailId, SpooledMail> told = new TreeMap<>();
    /** What is so if the change in doubt has reached the disk; a mail that is not told yet is known by its id alone. */
    private Optional<NavigableMap<MailId, SpooledMail>> doubt = Optional.empty();

    private Optional<MailId> unanswered = Optional.empty();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theQueueIsAsItWasToldAfterAPowerCutAtEveryEntry(boolean reached) throws Exception {
        begin(Integer.MAX_VALUE, reached);
        assertThat(work()).isTrue();
        assertThat(journal.checkpoints).isGreaterThan(3);
        int all = journal.steps;
        for (int step = 1; step <= all; step++) {
            begin(step, reached);
            assertThat(work()).as("all is answered, cut at step " + step).isFalse();
            // Twice: what the first start makes of it is what the second has.
            for (int start = 1; start <= 2; start++) {
                check("start " + start + " after a cut at step " + step);
            }
        }
    }

    private void begin(int cutAt, boolean reached) {
        store = new InMemoryContentStore();
        journal = new CutJournal(store, cutAt, reached);
        spool = new JournaledSpool(journal, store, SMALL, CLOCK);
        told.clear();
        doubt = Optional.empty();
        unanswered = Optional.empty();
    }

    private void check(String when) throws Exception {
        JournaledSpool next = new JournaledSpool(store, store, SMALL, CLOCK);
        NavigableMap<MailId, SpooledMail> found = new TreeMap<>();
        for (SpooledMail mail : next.list(Optional.empty(), 1000)) {
            found.put(mail.id(), mail);
            assertThat(store.open(mail.content()).open().readAllBytes())
                    .as(when)
                    .asString()
                    .isEqualTo(TEXT);
        }
        // A mail without an answer may be there; the client sends it again.
        unanswered.ifPresent(found::remove);
        if (doubt.isPresent()) {
            assertThat(found).as(when).isIn(told, doubt.get());
        } else {
            assertThat(found).as(when).isEqualTo(told);
        }
        assertThat(next.take(1000)).as(when).allMatch(mail -> mail.held().isEmpty());
    }

    /** Whether all of it was answered; it ends with the first that was not, or with a checkpoint that was not written. */
    private boolean work() {
        for (int round = 0; round < 12; round++) {
            if (!accept("bob@hamburger.edu") || !accept("carol@hamburger.edu", "dave@crepes.fr")) {
                return false;
            }
            List<SpooledMail> due = spool.take(2);
            if (!settle(due) || round % 4 == 3 && !(hold() && remove())) {
                return false;
            }
        }
        spool.close();
        return journal.steps < journal.cutAt;
    }

    private boolean accept(String... recipients) {
        ContentWriter writer = spool.create();
        writer.write(ByteBuffer.wrap(TEXT.getBytes(StandardCharsets.US_ASCII)));
        MailId id = spool.newId();
        unanswered = Optional.of(id);
        try {
            SpooledMail mail = spool.accept(id, JournaledSpoolTest.envelope(recipients), writer)
                    .toCompletableFuture()
                    .join();
            told.put(id, mail);
            unanswered = Optional.empty();
            return on();
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(StoreException.class);
            return false;
        }
    }

    /** The first recipient of each has got it. */
    private boolean settle(List<SpooledMail> mails) {
        NavigableMap<MailId, SpooledMail> after = new TreeMap<>(told);
        List<SpooledMail> settled = new ArrayList<>();
        for (SpooledMail mail : mails) {
            List<RecipientState> states = new ArrayList<>(mail.recipients());
            int first = states.get(0).status() == RecipientState.Status.DELIVERED ? 1 : 0;
            states.set(
                    first,
                    new RecipientState(states.get(first).recipient(), RecipientState.Status.DELIVERED, "250 thanks"));
            SpooledMail changed = changed(mail, states, "");
            settled.add(changed);
            if (changed.finished()) {
                after.remove(mail.id());
            } else {
                after.put(mail.id(), changed);
            }
        }
        return change(after, () -> spool.settle(settled).toCompletableFuture().join());
    }

    private boolean hold() {
        SpooledMail mail = told.firstEntry().getValue();
        NavigableMap<MailId, SpooledMail> after = new TreeMap<>(told);
        after.put(mail.id(), changed(mail, mail.recipients(), "why"));
        return change(after, () -> spool.hold(List.of(mail.id()), "why"));
    }

    private boolean remove() {
        NavigableMap<MailId, SpooledMail> after = new TreeMap<>(told);
        MailId last = after.pollLastEntry().getKey();
        return change(after, () -> spool.remove(List.of(last)));
    }

    private boolean change(NavigableMap<MailId, SpooledMail> after, Runnable change) {
        doubt = Optional.of(after);
        try {
            change.run();
            told.clear();
            told.putAll(after);
            doubt = Optional.empty();
            return on();
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(StoreException.class);
            return false;
        } catch (StoreException e) {
            return false;
        }
    }

    /** A checkpoint follows an answer: the power may be gone all the same. */
    private boolean on() {
        return journal.steps < journal.cutAt;
    }

    private static SpooledMail changed(SpooledMail mail, List<RecipientState> states, String held) {
        return new SpooledMail(
                mail.id(),
                mail.envelope(),
                states,
                mail.content(),
                mail.size(),
                mail.received(),
                mail.attempts(),
                mail.nextAttempt(),
                held);
    }
}
