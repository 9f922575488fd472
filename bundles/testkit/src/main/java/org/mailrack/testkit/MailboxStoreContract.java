package org.mailrack.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.Registration;
import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.api.store.MailboxStore.AppendResult;
import org.mailrack.api.store.MailboxStore.AppendResult.Status;
import org.mailrack.api.store.MailboxStore.Copied;
import org.mailrack.api.store.MailboxStore.Expunged;
import org.mailrack.api.store.StoreException.Kind;

/**
 * What every {@link MailboxStore} promises. Extend it in your store's tests:
 *
 * <pre>
 * class MyStoreTest extends MailboxStoreContract {
 *     protected MailboxStore open() { return new MyStore(folder); }
 *     protected MailboxStore reopen(MailboxStore opened) { close(opened); return open(); }
 *     protected void close(MailboxStore opened) { … }
 * }
 * </pre>
 */
public abstract class MailboxStoreContract extends MailboxChangeContract {

    @Test
    void expungeRemovesThoseThatAreThereAndTellsThem() throws Exception {
        long a = mailbox("a").id();
        fill(a, 6);
        long before = info(a).highestModSeq();
        store.expunge(a, UidSet.of(2));
        Expunged expunged = store.expunge(a, UidSet.of(1, 2, 3, 6, 7, 1000));
        assertThat(expunged.uids()).isEqualTo(UidSet.of(1, 3, 6));
        assertThat(expunged.modSeq()).isGreaterThan(before).isEqualTo(info(a).highestModSeq());
        restart();
        assertThat(uids(a)).containsExactly(4L, 5L);
    }

    @Test
    void expungingNothingChangesNothing() {
        long a = mailbox("a").id();
        fill(a, 2);
        MailboxInfo before = info(a);
        Expunged expunged = store.expunge(a, UidSet.range(3, 99));
        assertThat(expunged.uids()).isEqualTo(UidSet.EMPTY);
        assertThat(expunged.modSeq()).isEqualTo(before.highestModSeq());
        assertThat(store.expunge(a, UidSet.EMPTY).uids()).isEqualTo(UidSet.EMPTY);
        assertThat(info(a)).isEqualTo(before);
    }

    @Test
    void copyingKeepsUidOrderFlagsAndInternalDates() throws Exception {
        long a = mailbox("a").id();
        long b = mailbox("b").id();
        append(message(a, "1", "\\Seen"));
        append(message(a, "2"));
        append(message(a, "3", "$k"));
        fill(b, 2);
        MailboxInfo source = info(a);
        long before = info(b).highestModSeq();
        Copied copied = store.copy(a, UidSet.of(3, 1, 99), b);
        assertThat(copied.source()).isEqualTo(UidSet.of(1, 3));
        assertThat(copied.sourceModSeq()).isZero();
        assertThat(copied.rows()).extracting(MessageRow::uid).containsExactly(3L, 4L);
        assertThat(contents(copied.rows())).containsExactly("1", "3");
        assertThat(copied.rows()).extracting(MessageRow::flags).containsExactly(Flags.of("\\Seen"), Flags.of("$k"));
        assertThat(copied.rows()).extracting(MessageRow::internalDate).containsOnly(DATE);
        assertThat(copied.rows()).allMatch(r -> r.modSeq() > before);
        restart();
        assertThat(rows(b)).hasSize(4).containsAll(copied.rows());
        assertThat(info(a)).as("the source is as it was").isEqualTo(source);
        assertThat(info(b).uidNext()).isEqualTo(5);
    }

    @Test
    void copyingWithinAMailboxMakesNewMessages() {
        long a = mailbox("a").id();
        fill(a, 2);
        assertThat(store.copy(a, UidSet.of(1, 2), a).rows())
                .extracting(MessageRow::uid)
                .containsExactly(3L, 4L);
        assertThat(contents(rows(a))).containsExactly("m1", "m2", "m1", "m2");
    }

    @Test
    void copyingToAMissingMailboxHasNoEffect() {
        long gone = mailbox("gone").id();
        store.delete(gone);
        long a = mailbox("a").id();
        fill(a, 2);
        MailboxInfo before = info(a);
        fails(Kind.NOT_FOUND, () -> store.copy(a, UidSet.range(1, 2), gone));
        fails(Kind.NOT_FOUND, () -> store.move(a, UidSet.range(1, 2), gone));
        assertThat(info(a)).isEqualTo(before);
        assertThat(uids(a)).containsExactly(1L, 2L);
    }

    @Test
    void copyingOrMovingNothingChangesNothing() {
        long a = mailbox("a").id();
        long b = mailbox("b").id();
        fill(a, 1);
        MailboxInfo source = info(a);
        MailboxInfo target = info(b);
        for (Copied copied : List.of(store.copy(a, UidSet.of(9), b), store.move(a, UidSet.of(9), b))) {
            assertThat(copied.source()).isEqualTo(UidSet.EMPTY);
            assertThat(copied.rows()).isEmpty();
        }
        assertThat(info(a)).isEqualTo(source);
        assertThat(info(b)).isEqualTo(target);
    }

    @Test
    void movingIsCopyingAndRemovingInOneStep() throws Exception {
        long a = mailbox("a").id();
        long b = mailbox("b").id();
        append(message(a, "1", "\\Seen"));
        append(message(a, "2"));
        append(message(a, "3", "$k"));
        long before = info(a).highestModSeq();
        Copied moved = store.move(a, UidSet.of(3, 1, 99), b);
        assertThat(moved.source()).isEqualTo(UidSet.of(1, 3));
        assertThat(moved.sourceModSeq()).isGreaterThan(before).isEqualTo(info(a).highestModSeq());
        assertThat(contents(moved.rows())).containsExactly("1", "3");
        assertThat(moved.rows()).extracting(MessageRow::flags).containsExactly(Flags.of("\\Seen"), Flags.of("$k"));
        restart();
        assertThat(contents(rows(a))).containsExactly("2");
        assertThat(rows(b)).isEqualTo(moved.rows());
        assertThat(append(message(a, "x")).uid()).as("UIDs only grow").isEqualTo(4);
    }

    @Test
    void movingWithinAMailboxGivesNewUids() {
        long a = mailbox("a").id();
        fill(a, 3);
        long before = info(a).highestModSeq();
        Copied moved = store.move(a, UidSet.of(1, 2), a);
        assertThat(moved.rows()).extracting(MessageRow::uid).containsExactly(4L, 5L);
        assertThat(contents(rows(a))).containsExactly("m3", "m1", "m2");
        assertThat(moved.sourceModSeq()).isGreaterThan(before).isEqualTo(info(a).highestModSeq());
        assertThat(store.changes(a, before).vanished()).isEqualTo(UidSet.of(1, 2));
        assertThat(store.changes(a, before).rows()).isEqualTo(moved.rows());
    }

    @Test
    void claimRecentGivesEachMessageToOneCaller() throws Exception {
        long a = mailbox("a").id();
        assertThat(store.recent(a)).isEqualTo(1);
        fill(a, 2);
        MailboxInfo before = info(a);
        assertThat(store.claimRecent(a)).isEqualTo(1);
        assertThat(store.recent(a)).isEqualTo(3);
        assertThat(store.claimRecent(a)).isEqualTo(3);
        assertThat(info(a)).as("claiming changes no message").isEqualTo(before);
        append(message(a, "3"));
        restart();
        assertThat(store.recent(a)).isEqualTo(3);
        assertThat(store.claimRecent(a)).isEqualTo(3);
        assertThat(store.recent(a)).isEqualTo(4);
    }

    @Test
    void detailsAreReadBackAndGoWithTheirMessage() {
        long a = mailbox("a").id();
        fill(a, 4);
        MailboxInfo before = info(a);
        ByteBuffer one = ByteBuffer.wrap("--one--".getBytes(UTF_8), 2, 3);
        store.putDetails(a, Map.of(1L, one, 2L, octets(20_000), 3L, octets(0), 99L, octets(3)));
        assertThat(one.remaining()).as("the caller's buffer is only read").isEqualTo(3);
        assertThat(info(a)).as("a cache changes no message").isEqualTo(before);
        Map<Long, ByteBuffer> found = store.details(a, UidSet.range(1, 1000));
        assertThat(found)
                .containsOnlyKeys(1L, 2L, 3L)
                .containsEntry(1L, ByteBuffer.wrap("one".getBytes(UTF_8)))
                .containsEntry(2L, octets(20_000))
                .containsEntry(3L, octets(0));
        assertThat(store.details(a, UidSet.of(2))).containsOnlyKeys(2L);
        store.putDetails(a, Map.of(1L, octets(7)));
        assertThat(store.details(a, UidSet.of(1))).containsEntry(1L, octets(7));
        store.expunge(a, UidSet.of(1));
        assertThat(store.details(a, UidSet.range(1, 1000))).containsOnlyKeys(2L, 3L);
    }

    private static ByteBuffer octets(int length) {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = (byte) (i * 31);
        }
        return ByteBuffer.wrap(octets);
    }

    @Test
    void aListenerCanBeRegisteredAndClosedTwice() {
        Registration registration = store.listen(id -> {});
        registration.close();
        registration.close();
    }

    @Test
    void concurrentAppendsGiveEachUidOnce() throws Exception {
        long a = mailbox("a").id();
        long b = mailbox("b").id();
        int threads = 8;
        int rounds = 20;
        List<Callable<List<AppendResult>>> tasks = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            // Both orders, so that a store that locks in the order given would stand still.
            long first = t % 2 == 0 ? a : b;
            long second = t % 2 == 0 ? b : a;
            int thread = t;
            tasks.add(() -> {
                List<AppendResult> results = new ArrayList<>();
                for (int i = 0; i < rounds; i++) {
                    results.addAll(store.append(
                            List.of(message(first, "x"), message(second, "y"), delivery(a, thread + "." + i))));
                }
                return results;
            });
        }
        List<AppendResult> results =
                together(tasks).stream().flatMap(List::stream).toList();
        assertThat(results).extracting(AppendResult::status).containsOnly(Status.APPENDED);
        long inA = 2L * threads * rounds;
        long inB = (long) threads * rounds;
        assertThat(uids(a)).isEqualTo(LongStream.rangeClosed(1, inA).boxed().toList());
        assertThat(uids(b)).isEqualTo(LongStream.rangeClosed(1, inB).boxed().toList());
        assertThat(info(a).uidNext()).isEqualTo(inA + 1);
        assertThat(rows(a).stream().map(MessageRow::modSeq).toList())
                .as("a later UID has no smaller mod-sequence")
                .isSorted();
    }

    @Test
    void concurrentDeliveriesOfOneKeyAreDoneOnce() throws Exception {
        long a = mailbox("a").id();
        List<Callable<List<AppendResult>>> tasks = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            tasks.add(() -> store.append(List.of(delivery(a, "k"))));
        }
        assertThat(together(tasks).stream().flatMap(List::stream).filter(r -> r.status() == Status.APPENDED))
                .hasSize(1);
        assertThat(uids(a)).containsExactly(1L);
    }

    @Test
    void concurrentChangesOfAllKindsEndAndLoseNothing() throws Exception {
        long a = mailbox("a").id();
        long b = mailbox("b").id();
        fill(a, 40);
        fill(b, 40);
        FlagChange seen = new FlagChange(FlagChange.Kind.ADD, Flags.of("\\Seen"));
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            long from = t % 2 == 0 ? a : b;
            long to = t % 2 == 0 ? b : a;
            int first = t * 10 + 1;
            tasks.add(() -> {
                int moved = 0;
                for (int i = first; i < first + 10; i++) {
                    store.changeFlags(from, UidSet.range(1, 40), seen, OptionalLong.empty());
                    moved += store.move(from, UidSet.of(i), to).rows().size();
                    store.changes(to, 0);
                    rows(from);
                    store.claimRecent(to);
                }
                return moved;
            });
        }
        assertThat(together(tasks)).containsOnly(10);
        assertThat(rows(a).size() + rows(b).size()).isEqualTo(80);
    }

    /** Runs the tasks at the same time. */
    private static <T> List<T> together(List<Callable<T>> tasks) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
        CountDownLatch start = new CountDownLatch(tasks.size());
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (Callable<T> task : tasks) {
                futures.add(executor.submit(() -> {
                    start.countDown();
                    start.await();
                    return task.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }
}
