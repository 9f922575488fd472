package org.mailrack.store.derby.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.MailboxStore.NewMessage;

/** Limits and locks that the contract does not know of. */
class LocksTest {

    private static final FlagChange SEEN = new FlagChange(FlagChange.Kind.ADD, Flags.of("\\Seen"));

    @TempDir
    Path base;

    private Database database;
    private DerbyMailboxStore store;
    private long a;
    private long b;

    @BeforeEach
    void open() {
        Settings settings = new Settings(
                base.resolve("data"), 1000, 16, Duration.ofSeconds(20), Duration.ofSeconds(1), 10, 100, 0, 0);
        database = Databases.open(settings);
        store = new DerbyMailboxStore(database);
        a = store.create("bob", "a", Optional.empty()).id();
        b = store.create("bob", "b", Optional.empty()).id();
        fill(a, 20);
        fill(b, 20);
    }

    @AfterEach
    void close() throws Exception {
        store.stop();
        database.close();
    }

    private void fill(long mailbox, int messages) {
        store.append(IntStream.range(0, messages)
                .mapToObj(i -> new NewMessage(
                        mailbox, new ContentRef("c"), 1, Flags.NONE, Instant.EPOCH, Optional.of("key" + i)))
                .toList());
    }

    @Test
    void aTransactionOnOneMailboxHoldsUpNobodyOnAnother() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread writer = new Thread(() -> database.run("hold", tx -> {
            MailboxTable.Row row = MailboxTable.advance(tx, MailboxTable.lock(tx, a), 1);
            MessageTable.setFlags(
                    tx,
                    a,
                    new UidSet.Range(1, 20),
                    Flags.of("\\Deleted"),
                    row.info().highestModSeq());
            busy.countDown();
            try {
                assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return null;
        }));
        writer.start();
        assertThat(busy.await(30, TimeUnit.SECONDS)).isTrue();
        // Each of these would fail after the lock wait, were it to touch a row of the other mailbox.
        fill(b, 21);
        assertThat(store.changeFlags(b, UidSet.range(1, 10), SEEN, OptionalLong.empty())
                        .changed())
                .hasSize(10);
        store.putDetails(b, Map.of(1L, ByteBuffer.allocate(3)));
        assertThat(store.details(b, UidSet.range(1, 99))).containsOnlyKeys(1L);
        assertThat(store.expunge(b, UidSet.range(1, 5)).uids().size()).isEqualTo(5);
        assertThat(store.move(b, UidSet.range(6, 7), b).rows()).hasSize(2);
        assertThat(store.changes(b, 0).rows()).hasSize(16);
        store.claimRecent(b);
        assertThat(store.mailboxes("carol")).isEmpty();
        store.delete(store.create("carol", "c", Optional.empty()).id());
        assertThat(database.<List<Long>>run("find", tx -> tx.list(MailboxTable.DELETED, r -> r.getLong(1))))
                .as("deleted mailboxes that could not be swept")
                .isEmpty();
        store.forgetDeliveries(List.of("key0", "key1"));
        assertThat(writer.isAlive()).isTrue();
        end.countDown();
        writer.join();
    }

    @Test
    void rangesOfVanishedMessagesAreBounded() {
        for (long uid = 2; uid <= 20; uid += 2) {
            store.expunge(a, UidSet.of(uid));
            fill(a, 0);
        }
        store.expunge(a, UidSet.of(1, 5));
        assertThat(vanishedRows()).isBetween(1, 10);
        assertThat(store.changes(a, 1).vanished()).isEqualTo(UidSet.of(1, 2, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20));
    }

    @Test
    void oneRemovalOfTooManyRangesIsNotRememberedButStillTold() {
        long before = store.mailbox(b).orElseThrow().highestModSeq();
        UidSet odd = UidSet.of(
                IntStream.range(0, 20).filter(i -> i % 2 == 1).mapToLong(i -> i).toArray());
        fill(b, 0);
        store.copy(b, UidSet.range(1, 20), b);
        UidSet scattered = UidSet.of(
                IntStream.range(1, 40).filter(i -> i % 2 == 1).mapToLong(i -> i).toArray());
        store.expunge(b, scattered);
        assertThat(vanishedRows()).isZero();
        assertThat(store.changes(b, before).vanished().stream().boxed())
                .containsAll(odd.stream().boxed().toList());
    }

    private int vanishedRows() {
        return database.run("count", tx -> tx.first("SELECT COUNT(*) FROM vanished", r -> r.getInt(1)))
                .orElseThrow();
    }

    @Test
    void detailsThatAreTooLargeAreNotCached() {
        store.putDetails(a, Map.of(1L, ByteBuffer.allocate(101), 2L, ByteBuffer.allocate(100)));
        assertThat(store.details(a, UidSet.range(1, 2))).containsOnlyKeys(2L);
    }

    @Test
    void aDeletedMailboxLeavesNoRows() {
        store.putDetails(a, Map.of(1L, ByteBuffer.allocate(1)));
        store.expunge(a, UidSet.of(2));
        store.delete(a);
        for (String table : List.of("messages", "details", "vanished")) {
            assertThat(database.<Optional<Integer>>run(
                            "count",
                            tx -> tx.first(
                                    "SELECT COUNT(*) FROM " + table + " WHERE mailbox = ?", r -> r.getInt(1), a)))
                    .as(table)
                    .contains(0);
        }
    }

    @Test
    void whatACrashLeftOfADeletedMailboxIsSweptAtTheNextStart() throws Exception {
        database.run("crash after the delete", tx -> {
            MailboxTable.bury(tx, a);
            return null;
        });
        store.stop();
        database.close();
        database = Databases.open(base);
        store = new DerbyMailboxStore(database);
        store.delete(b);
        assertThat(database.<Optional<Integer>>run(
                        "count", tx -> tx.first("SELECT COUNT(*) FROM messages", r -> r.getInt(1))))
                .contains(0);
        assertThat(store.mailboxes("bob")).isEmpty();
    }
}
