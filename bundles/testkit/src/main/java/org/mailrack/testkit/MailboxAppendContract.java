package org.mailrack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.MailboxStore.AppendResult;
import org.mailrack.api.store.MailboxStore.AppendResult.Status;
import org.mailrack.api.store.MailboxStore.NewMessage;
import org.mailrack.api.store.StoreException.Kind;

/** Appending, reading and delivering once. */
abstract class MailboxAppendContract extends MailboxNamesContract {

    @Test
    void anAppendedMessageIsReadBackAsItWasTold() throws Exception {
        long id = mailbox("a").id();
        long before = info(id).highestModSeq();
        MessageRow told = append(new NewMessage(
                id,
                new ContentRef("seg-1.42"),
                5_000_000_000L,
                Flags.of("\\Seen", "\\Draft", "$Forwarded", "été"),
                DATE.plusNanos(123_456),
                Optional.empty()));
        assertThat(told.uid()).isEqualTo(1);
        assertThat(told.modSeq()).isGreaterThan(before);
        assertThat(told.size()).isEqualTo(5_000_000_000L);
        assertThat(told.flags()).isEqualTo(Flags.of("\\Seen", "\\Draft", "$Forwarded", "été"));
        assertThat(told.internalDate().toEpochMilli()).isEqualTo(DATE.toEpochMilli());
        assertThat(rows(id)).containsExactly(told);
        restart();
        assertThat(rows(id)).containsExactly(told);
        assertThat(info(id).uidNext()).isEqualTo(2);
        assertThat(info(id).highestModSeq()).isEqualTo(told.modSeq());
    }

    @Test
    void appendingKeepsTheOrderGivenInEachOfSeveralMailboxes() throws Exception {
        long a = mailbox("a").id();
        long b = mailbox("b").id();
        List<AppendResult> results =
                store.append(List.of(message(b, "1"), message(a, "2"), message(b, "3"), message(a, "4")));
        assertThat(results).extracting(AppendResult::status).containsOnly(Status.APPENDED);
        assertThat(contents(results.stream().map(r -> r.row().orElseThrow()).toList()))
                .containsExactly("1", "2", "3", "4");
        restart();
        assertThat(contents(rows(a))).containsExactly("2", "4");
        assertThat(contents(rows(b))).containsExactly("1", "3");
        assertThat(uids(a)).containsExactly(1L, 2L);
    }

    @Test
    void appendingNothingIsNothing() {
        assertThat(store.append(List.of())).isEmpty();
    }

    @Test
    void aMissingMailboxIsToldAndDoesNotHinderTheOthers() {
        long gone = mailbox("gone").id();
        store.delete(gone);
        long a = mailbox("a").id();
        List<AppendResult> results = store.append(List.of(message(gone, "1"), message(a, "2")));
        assertThat(results).extracting(AppendResult::status).containsExactly(Status.NO_MAILBOX, Status.APPENDED);
        assertThat(results.get(0).row()).isEmpty();
        assertThat(contents(rows(a))).containsExactly("2");
    }

    @Test
    void aDeliveryKeyIsUsedOnceInAMailbox() throws Exception {
        long a = mailbox("a").id();
        long b = mailbox("b").id();
        assertThat(store.append(List.of(delivery(a, "k"))).get(0).status()).isEqualTo(Status.APPENDED);
        restart();
        MailboxInfo before = info(a);
        List<AppendResult> again = store.append(List.of(delivery(a, "k"), delivery(b, "k"), delivery(a, "l")));
        assertThat(again)
                .extracting(AppendResult::status)
                .containsExactly(Status.DUPLICATE, Status.APPENDED, Status.APPENDED);
        assertThat(again.get(0).row()).isEmpty();
        assertThat(uids(a)).containsExactly(1L, 2L);
        assertThat(info(a).uidNext()).isEqualTo(before.uidNext() + 1);
    }

    @Test
    void aDuplicateAloneChangesNothing() {
        long a = mailbox("a").id();
        store.append(List.of(delivery(a, "k")));
        MailboxInfo before = info(a);
        assertThat(store.append(List.of(delivery(a, "k"))).get(0).status()).isEqualTo(Status.DUPLICATE);
        assertThat(info(a)).isEqualTo(before);
    }

    @Test
    void aDeliveryKeyIsUsedOnceAlsoWithinOneBatch() {
        long a = mailbox("a").id();
        assertThat(store.append(List.of(delivery(a, "k"), delivery(a, "k"))))
                .extracting(AppendResult::status)
                .containsExactly(Status.APPENDED, Status.DUPLICATE);
        assertThat(uids(a)).containsExactly(1L);
    }

    @Test
    void aDeliveryKeyOutlivesItsMessage() throws Exception {
        long a = mailbox("a").id();
        long b = mailbox("b").id();
        store.append(List.of(delivery(a, "expunged"), delivery(a, "moved")));
        store.expunge(a, UidSet.of(1));
        store.move(a, UidSet.of(2), b);
        restart();
        assertThat(store.append(List.of(delivery(a, "expunged"), delivery(a, "moved"))))
                .extracting(AppendResult::status)
                .containsOnly(Status.DUPLICATE);
        assertThat(rows(a)).isEmpty();
    }

    @Test
    void messagesWithoutADeliveryKeyAreNeverDuplicates() {
        long a = mailbox("a").id();
        store.append(List.of(message(a, "x"), message(a, "x")));
        append(message(a, "x"));
        assertThat(uids(a)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void forgottenDeliveriesMayBeDoneAgain() throws Exception {
        long a = mailbox("a").id();
        long b = mailbox("b").id();
        store.append(List.of(delivery(a, "k"), delivery(b, "k"), delivery(a, "kept")));
        store.forgetDeliveries(List.of(account + "/k", account + "/unknown"));
        store.forgetDeliveries(List.of());
        restart();
        assertThat(store.append(List.of(delivery(a, "k"), delivery(b, "k"), delivery(a, "kept"))))
                .extracting(AppendResult::status)
                .containsExactly(Status.APPENDED, Status.APPENDED, Status.DUPLICATE);
    }

    @Test
    void usedDeliveryKeysAreTold() throws Exception {
        long a = mailbox("a").id();
        long b = mailbox("b").id();
        store.append(List.of(delivery(a, "k"), delivery(a, "forgotten"), delivery(b, "other")));
        store.forgetDeliveries(List.of(account + "/forgotten"));
        store.expunge(a, UidSet.of(1));
        restart();
        assertThat(store.delivered(
                        a,
                        List.of(
                                account + "/k",
                                account + "/k",
                                account + "/forgotten",
                                account + "/other",
                                account + "/unknown")))
                .containsExactly(account + "/k");
        assertThat(store.delivered(a, List.of())).isEmpty();
        store.delete(b);
        fails(Kind.NOT_FOUND, () -> store.delivered(b, List.of(account + "/other")));
    }

    @Test
    void uidsGrowAlsoAfterTheLastWasExpunged() throws Exception {
        long a = mailbox("a").id();
        fill(a, 3);
        store.expunge(a, UidSet.range(1, 3));
        restart();
        assertThat(info(a).uidNext()).isEqualTo(4);
        assertThat(append(message(a, "x")).uid()).isEqualTo(4);
    }

    @Test
    void everyChangeHasAGreaterModSeqThanAllBefore() throws Exception {
        MailboxInfo a = mailbox("a");
        MailboxInfo b = mailbox("b");
        List<Long> seen = new ArrayList<>();
        seen.add(a.highestModSeq());
        seen.add(append(message(a.id(), "1")).modSeq());
        seen.add(append(message(a.id(), "2")).modSeq());
        seen.add(store.expunge(a.id(), UidSet.of(2)).modSeq());
        restart();
        seen.add(append(message(a.id(), "3")).modSeq());
        seen.add(store.move(a.id(), UidSet.of(1, 3), b.id()).sourceModSeq());
        store.rename(Map.of(a.id(), "c"));
        restart();
        seen.add(append(message(a.id(), "4")).modSeq());
        assertThat(seen).isSorted().doesNotHaveDuplicates();
        assertThat(info(a.id()).highestModSeq()).isEqualTo(seen.get(seen.size() - 1));
    }

    @Test
    void messagesAreVisitedInAscendingUidOrderAndTheVisitorMayCallTheStore() {
        long a = mailbox("a").id();
        List<NewMessage> many = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            many.add(message(a, "m" + i));
        }
        store.append(many);
        List<Long> seen = new ArrayList<>();
        store.messages(a, row -> {
            if (row.uid() % 1000 == 0) {
                assertThat(info(a).uidNext()).isEqualTo(5001);
            }
            seen.add(row.uid());
        });
        assertThat(seen).hasSize(5000).isSorted().doesNotHaveDuplicates();
        assertThat(seen.get(4999)).isEqualTo(5000);
    }
}
