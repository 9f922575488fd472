package org.mailrack.spool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.spool.RecipientState;
import org.mailrack.api.spool.SpooledMail;
import org.mailrack.api.store.SpoolJournal;
import org.mailrack.api.store.StoreException;
import org.mailrack.testkit.InMemoryContentStore;

class JournaledSpoolTest {

    private final InMemoryContentStore store = new InMemoryContentStore();
    private final HandClock clock = new HandClock();
    private JournaledSpool spool = open(JournaledSpool.Limits.DEFAULT);

    @Test
    void anAcceptedMailIsDueAtOnceAndHasItsContent() throws Exception {
        SpooledMail mail = accept("bob@hamburger.edu");
        assertThat(spool.nextDue()).contains(clock.now);
        assertThat(spool.take(10)).containsExactly(mail);
        assertThat(spool.take(10)).isEmpty();
        assertThat(spool.nextDue()).isEmpty();
        assertThat(store.open(mail.content()).open().readAllBytes()).asString().isEqualTo("Do you like ketchup?");
    }

    @Test
    void everyMailNamesItsContentUntilItIsGone() {
        SpooledMail gone = accept("bob@hamburger.edu");
        SpooledMail leased = accept("carol@hamburger.edu");
        List<SpooledMail> waiting = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            waiting.add(accept("dave@crepes.fr"));
        }
        spool.remove(List.of(gone.id()));
        spool.take(1);
        waiting.add(leased);
        Map<ContentRef, Long> named = new HashMap<>();
        spool.references(named::put);
        assertThat(named)
                .containsExactlyInAnyOrderEntriesOf(
                        waiting.stream().collect(Collectors.toMap(SpooledMail::content, SpooledMail::size)));
    }

    @Test
    void everythingThatWasAcceptedIsThereAfterARestartWithoutFarewell() {
        SpooledMail first = accept("bob@hamburger.edu", "Carol.O'x@hamburger.edu");
        SpooledMail second = accept("dave@crepes.fr");
        spool.take(1);
        restart();
        assertThat(spool.list(Optional.empty(), 10)).containsExactly(first, second);
        assertThat(spool.take(10)).containsExactly(first, second);
    }

    @Test
    void aSettledStateIsKeptAndAFinishedMailIsGone() {
        SpooledMail first = accept("bob@hamburger.edu", "carol@hamburger.edu");
        accept("dave@crepes.fr");
        spool.take(10);
        SpooledMail retried = with(
                first,
                List.of(
                        state(first, 0, RecipientState.Status.DELIVERED),
                        state(first, 1, RecipientState.Status.PENDING)),
                clock.now.plusSeconds(300));
        SpooledMail second = spool.list(Optional.of(first.id()), 1).get(0);
        SpooledMail finished = with(second, List.of(state(second, 0, RecipientState.Status.FAILED)), clock.now);
        spool.settle(List.of(retried, finished)).toCompletableFuture().join();
        for (int round = 0; round < 2; round++) {
            assertThat(spool.list(Optional.empty(), 10)).containsExactly(retried);
            assertThat(spool.take(10)).isEmpty();
            assertThat(spool.nextDue()).contains(clock.now.plusSeconds(300));
            restart();
        }
        clock.now = clock.now.plusSeconds(300);
        assertThat(spool.take(10)).containsExactly(retried);
    }

    @Test
    void mailIsTakenOldestDueFirstAndNotMoreThanAsked() {
        List<SpooledMail> mails = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            mails.add(accept("bob@hamburger.edu"));
            clock.now = clock.now.plusMillis(1);
        }
        assertThat(spool.take(2)).isEqualTo(mails.subList(0, 2));
        assertThat(spool.take(9)).isEqualTo(mails.subList(2, 5));
    }

    @Test
    void aMailGivenBackUnchangedIsGivenOutAgain() {
        SpooledMail mail = accept("bob@hamburger.edu");
        int before = store.journalSize();
        spool.settle(spool.take(1)).toCompletableFuture().join();
        assertThat(spool.take(1)).containsExactly(mail);
        assertThat(store.journalSize()).isEqualTo(before);
    }

    @Test
    void onlyLeasedMailIsSettled() {
        SpooledMail mail = accept("bob@hamburger.edu");
        assertThatThrownBy(() -> spool.settle(List.of(mail))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFailedAppendKeepsNothing() {
        ContentWriter writer = spool.create();
        store.failWith(StoreException.Kind.NO_SPACE);
        CompletionStage<SpooledMail> stage = spool.accept(spool.newId(), envelope("bob@hamburger.edu"), writer);
        assertThatThrownBy(() -> stage.toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NO_SPACE));
        store.failWith(null);
        assertThat(spool.size()).isZero();
        assertThat(accept("bob@hamburger.edu")).isNotNull();
    }

    @Test
    void aFailedSettleKeepsTheLeaseSoThatNothingIsDeliveredTwice() {
        SpooledMail mail = accept("bob@hamburger.edu");
        spool.take(1);
        SpooledMail done = with(mail, List.of(state(mail, 0, RecipientState.Status.DELIVERED)), clock.now);
        store.failWith(StoreException.Kind.UNAVAILABLE);
        assertThat(spool.settle(List.of(done)).toCompletableFuture()).isCompletedExceptionally();
        assertThat(spool.take(1)).isEmpty();
        store.failWith(null);
        spool.settle(List.of(done)).toCompletableFuture().join();
        assertThat(spool.size()).isZero();
    }

    @Test
    void theQueueIsBounded() {
        spool = open(new JournaledSpool.Limits(2, 1 << 20, 1000, 1 << 20));
        accept("bob@hamburger.edu");
        ContentWriter late = spool.create();
        accept("bob@hamburger.edu");
        assertThatThrownBy(() -> spool.create())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("max.mails");
        assertThat(spool.accept(spool.newId(), envelope("bob@hamburger.edu"), late)
                        .toCompletableFuture())
                .isCompletedExceptionally();
    }

    @Test
    void holdReleaseRetryAndRemoveAreKeptAndLeaveLeasedMailAlone() {
        SpooledMail mail = accept("bob@hamburger.edu");
        SpooledMail leased = spool.take(1).get(0);
        assertThat(spool.hold(List.of(leased.id()), "why")).isZero();
        assertThat(spool.remove(List.of(leased.id()))).isZero();
        spool.settle(List.of(leased)).toCompletableFuture().join();
        assertThat(spool.hold(List.of(mail.id(), mail.id(), new MailId("0")), "why"))
                .isEqualTo(1);
        restart();
        assertThat(spool.take(1)).isEmpty();
        assertThat(spool.find(mail.id())).get().extracting(SpooledMail::held).isEqualTo("why");
        assertThat(spool.retryNow(List.of(mail.id()))).isEqualTo(1);
        restart();
        assertThat(spool.take(1)).hasSize(1);
        restart();
        assertThat(spool.remove(List.of(mail.id()))).isEqualTo(1);
        restart();
        assertThat(spool.size()).isZero();
    }

    @Test
    void theJournalIsReplacedByACheckpointWhenItHasGrown() {
        spool = open(new JournaledSpool.Limits(100, 1 << 20, 20, 1 << 20));
        for (int i = 0; i < 50; i++) {
            SpooledMail mail = accept("bob@hamburger.edu");
            if (i % 10 != 0) {
                spool.take(1);
                spool.settle(List.of(with(mail, List.of(state(mail, 0, RecipientState.Status.DELIVERED)), clock.now)))
                        .toCompletableFuture()
                        .join();
            } else {
                spool.take(1);
            }
        }
        assertThat(store.journalSize()).isLessThan(30);
        restart();
        assertThat(spool.size()).isEqualTo(5);
    }

    /** Space of removed messages comes back only behind a checkpoint. */
    @Test
    void theJournalIsReplacedByACheckpointWhenManyOctetsWereAccepted() {
        SpooledMail mail = accept("bob@hamburger.edu");
        spool = open(new JournaledSpool.Limits(100, 1 << 20, 1000, 3 * mail.size()));
        for (int i = 0; i < 20; i++) {
            accept("bob@hamburger.edu");
            spool.remove(List.of(spool.list(Optional.empty(), 1).get(0).id()));
        }
        assertThat(store.journalSize()).as("of 41 entries").isLessThan(20);
    }

    @Test
    void aCleanStopLeavesACheckpointAndTakesNoMoreMail() {
        SpooledMail mail = accept("bob@hamburger.edu");
        for (int i = 0; i < 10; i++) {
            spool.hold(List.of(mail.id()), "why " + i);
        }
        spool.close();
        assertThat(store.journalSize()).isEqualTo(1);
        assertThatThrownBy(() -> spool.create()).isInstanceOf(StoreException.class);
        restart();
        assertThat(spool.find(mail.id())).get().extracting(SpooledMail::held).isEqualTo("why 9");
    }

    /** The checkpoint replaces every entry before it, so a mail that is just being accepted must not fall between. */
    @Test
    void noMailFallsBetweenTheStatesThatACheckpointWritesDown() {
        SpooledMail first = accept("bob@hamburger.edu");
        for (int i = 0; i < 40; i++) {
            spool.hold(List.of(first.id()), "why " + i);
        }
        SlowJournal slow = new SlowJournal(store);
        JournaledSpool busy =
                new JournaledSpool(slow, store, new JournaledSpool.Limits(100, 1 << 20, 2, 1 << 20), clock);
        List<CompletableFuture<SpooledMail>> accepted = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            accepted.add(busy.accept(busy.newId(), envelope("bob@hamburger.edu"), written(busy))
                    .toCompletableFuture());
            if (i % 3 == 0) {
                slow.letOne();
            }
        }
        while (slow.letOne()) {
            // until all are through
        }
        assertThat(accepted).allMatch(CompletableFuture::isDone);
        assertThat(slow.checkpoints).isPositive();
        restart();
        assertThat(spool.size()).isEqualTo(31);
    }

    @Test
    void everyChangeThatMayMakeMailDueIsTold() {
        AtomicInteger told = new AtomicInteger();
        Registration registration = spool.listen(told::incrementAndGet);
        SpooledMail mail = accept("bob@hamburger.edu");
        assertThat(told.getAndSet(0)).isPositive();
        spool.hold(List.of(mail.id()), "x");
        told.set(0);
        spool.retryNow(List.of(mail.id()));
        assertThat(told.getAndSet(0)).isPositive();
        registration.close();
        accept("bob@hamburger.edu");
        assertThat(told).hasValue(0);
    }

    @Test
    void aJournalEntryThatCannotBeReadHindersNoOther() {
        SpooledMail mail = accept("bob@hamburger.edu");
        store.append(ByteBuffer.wrap(new byte[] {9, 9, 9}))
                .toCompletableFuture()
                .join();
        SpooledMail other = accept("carol@hamburger.edu");
        restart();
        assertThat(spool.list(Optional.empty(), 10)).containsExactly(mail, other);
    }

    @Test
    void idsGrowWithTimeAndAreUniqueOverRestarts() {
        List<MailId> ids = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            ids.add(spool.newId());
        }
        clock.now = clock.now.plusMillis(40);
        ids.add(spool.newId());
        clock.now = clock.now.minusSeconds(100);
        ids.add(spool.newId());
        assertThat(ids)
                .isSorted()
                .doesNotHaveDuplicates()
                .allMatch(id -> id.value().length() == 16);
        restart();
        assertThat(spool.newId()).isNotIn(ids);
    }

    @Test
    void theCommandListsWithExactlyTheseKeysAndChanges() {
        SpooledMail mail = accept("bob@hamburger.edu");
        QueueCommand command = new QueueCommand(spool);
        @SuppressWarnings("unchecked")
        List<Map<String, Object>> rows = (List<Map<String, Object>>) command.queue("list");
        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).keySet())
                .containsExactly(
                        "id", "sender", "recipients", "size", "received", "attempts", "nextAttempt", "lastReply");
        assertThat(rows.get(0))
                .containsEntry("sender", "alice@crepes.fr")
                .containsEntry("recipients", List.of("bob@hamburger.edu"))
                .containsEntry("size", 20L)
                .containsEntry("received", mail.received().toString());
        assertThat(command.queue("hold", mail.id().value())).isEqualTo("1 mail held");
        assertThat(command.queue("list").toString()).contains("held: held by the operator");
        assertThat(command.queue("release", "all")).isEqualTo("1 mail released");
        assertThat(command.queue("show", mail.id().value()).toString()).contains("recipient bob@hamburger.edu");
        for (String[] wrong : new String[][] {
            {"frobnicate"},
            {"hold"},
            {"list", "x"},
            {"show"},
            {"show", "nosuch"},
            {"remove", "../x"},
            {"retry", "nosuch"}
        }) {
            assertThatThrownBy(() -> command.queue(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("usage: .*|no mail .*|'.*' is not the id of a mail");
        }
        assertThat(command.queue("remove", mail.id().value())).isEqualTo("1 mail removed");
        assertThat((List<?>) command.queue()).isEmpty();
    }

    private JournaledSpool open(JournaledSpool.Limits limits) {
        return new JournaledSpool(store, store, limits, clock);
    }

    private void restart() {
        spool = open(JournaledSpool.Limits.DEFAULT);
    }

    private SpooledMail accept(String... recipients) {
        return spool.accept(spool.newId(), envelope(recipients), written(spool))
                .toCompletableFuture()
                .join();
    }

    private static ContentWriter written(JournaledSpool spool) {
        ContentWriter writer = spool.create();
        writer.write(ByteBuffer.wrap("Do you like ketchup?".getBytes(StandardCharsets.US_ASCII)));
        return writer;
    }

    static Envelope envelope(String... recipients) {
        List<Recipient> all = new ArrayList<>();
        for (String recipient : recipients) {
            all.add(new Recipient(MailAddress.parse(recipient), Map.of("NOTIFY", "NEVER")));
        }
        return new Envelope(
                Optional.of(MailAddress.parse("alice@crepes.fr")), all, Map.of(Envelope.CLIENT_ADDRESS, "127.0.0.1"));
    }

    private static RecipientState state(SpooledMail mail, int index, RecipientState.Status status) {
        return new RecipientState(mail.recipients().get(index).recipient(), status, "250 grüße");
    }

    private static SpooledMail with(SpooledMail mail, List<RecipientState> states, Instant next) {
        return new SpooledMail(
                mail.id(),
                mail.envelope(),
                states,
                mail.content(),
                mail.size(),
                mail.received(),
                mail.attempts() + 1,
                next,
                "");
    }

    private static final class HandClock extends Clock {

        Instant now = Instant.parse("2026-01-02T03:04:05.678Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    /** Completes appends one by one, when told. */
    private static final class SlowJournal implements SpoolJournal {

        private final SpoolJournal journal;
        private final List<Runnable> waiting = Collections.synchronizedList(new ArrayList<>());
        int checkpoints;

        SlowJournal(SpoolJournal journal) {
            this.journal = journal;
        }

        boolean letOne() {
            if (waiting.isEmpty()) {
                return false;
            }
            waiting.remove(0).run();
            return true;
        }

        @Override
        public CompletionStage<ContentRef> append(ByteBuffer entry, ContentWriter content) {
            CompletionStage<ContentRef> stage = journal.append(entry, content);
            CompletableFuture<ContentRef> later = new CompletableFuture<>();
            waiting.add(() -> stage.thenAccept(later::complete));
            return later;
        }

        @Override
        public CompletionStage<Void> append(ByteBuffer entry) {
            return journal.append(entry);
        }

        @Override
        public void replay(Visitor visitor) {
            journal.replay(visitor);
        }

        @Override
        public CompletionStage<Void> checkpoint(List<ByteBuffer> entries) {
            checkpoints++;
            return journal.checkpoint(entries);
        }
    }
}
