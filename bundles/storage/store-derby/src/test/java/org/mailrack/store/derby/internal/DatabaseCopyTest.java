package org.mailrack.store.derby.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.BackupPart;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.api.store.MailboxStore.NewMessage;

class DatabaseCopyTest {

    @TempDir
    Path base;

    private Database database;
    private DerbyMailboxStore store;
    private MailboxInfo inbox;

    @BeforeEach
    void open() {
        database = Databases.open(base.resolve("source"));
        store = new DerbyMailboxStore(database);
        inbox = store.create("bob", "INBOX", Optional.empty());
    }

    @AfterEach
    void close() throws Exception {
        store.stop();
        database.close();
    }

    private static NewMessage message(long mailbox, String key) {
        return new NewMessage(mailbox, new ContentRef("c"), 1, Flags.NONE, Instant.EPOCH, Optional.of(key));
    }

    private static List<MessageRow> rows(MailboxStore of, long mailbox) {
        List<MessageRow> rows = new ArrayList<>();
        of.messages(mailbox, rows::add);
        return rows;
    }

    private Path written(BackupPart.Copy copy) throws Exception {
        copy.write(base.resolve("copy/data"));
        copy.close();
        return base.resolve("copy");
    }

    @Test
    void aCopyThatIsTakenWhileOthersAppendHasAllThatWasThereAndEachTransactionWholeOrNot() throws Exception {
        AtomicInteger appended = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch some = new CountDownLatch(20);
        Thread writer = new Thread(() -> {
            while (!stop.get()) {
                int n = appended.get();
                store.append(List.of(message(inbox.id(), n + "a"), message(inbox.id(), n + "b")));
                appended.incrementAndGet();
                some.countDown();
            }
        });
        writer.start();
        some.await();
        BackupPart.Copy copy = store.begin();
        int before = appended.get();
        Path at = written(copy);
        stop.set(true);
        writer.join();
        Database restored = Databases.open(at);
        DerbyMailboxStore of = new DerbyMailboxStore(restored);
        List<MessageRow> rows = rows(of, inbox.id());
        assertThat(rows.size()).isEven().isGreaterThanOrEqualTo(2 * before).isLessThanOrEqualTo(2 * appended.get());
        assertThat(of.delivered(inbox.id(), List.of("0a", (before - 1) + "b", "never")))
                .containsExactlyInAnyOrder("0a", (before - 1) + "b");
        assertThat(of.identity()).isEqualTo(store.identity());
        of.stop();
        restored.close();
    }

    @Test
    void keysThatAreForgottenAfterTheBeginAreInTheCopyAndForgottenLater() throws Exception {
        store.append(List.of(message(inbox.id(), "queued"), message(inbox.id(), "settled")));
        store.forgetDeliveries(List.of("settled"));
        BackupPart.Copy copy = store.begin();
        store.forgetDeliveries(List.of("queued"));
        store.append(List.of(message(inbox.id(), "another")));
        assertThat(store.delivered(inbox.id(), List.of("queued"))).containsExactly("queued");
        Path at = written(copy);
        assertThat(store.delivered(inbox.id(), List.of("queued", "another"))).containsExactly("another");
        Database restored = Databases.open(at);
        DerbyMailboxStore of = new DerbyMailboxStore(restored);
        assertThat(of.append(List.of(message(inbox.id(), "queued"))).get(0).status())
                .isEqualTo(MailboxStore.AppendResult.Status.DUPLICATE);
        of.stop();
        restored.close();
    }

    @Test
    void aLongHoldKeepsKeysRatherThanTakingMemoryWithoutBound() {
        DeliveryKeys keys = new DeliveryKeys(database);
        Forgetting forgetting = new Forgetting(keys, 2);
        DeliveryKeys.Noting noting = keys.noting();
        database.run("note", tx -> {
            noting.note(tx, List.of(new DeliveryUse(1, "a"), new DeliveryUse(1, "b"), new DeliveryUse(1, "c")));
            return null;
        });
        noting.committed();
        var first = forgetting.hold();
        var second = forgetting.hold();
        forgetting.forget(List.of("a"));
        first.close();
        first.close();
        forgetting.forget(List.of("b", "c"));
        assertThat(used(keys)).containsExactly(true, true, true);
        second.close();
        assertThat(used(keys)).containsExactly(false, false, true);
        forgetting.forget(List.of("c"));
        assertThat(used(keys)).containsExactly(false, false, false);
    }

    private List<Boolean> used(DeliveryKeys keys) {
        return database.run("used", tx -> List.of(keys.used(tx, 1, "a"), keys.used(tx, 1, "b"), keys.used(tx, 1, "c")));
    }

    /** RFC 9051 section 2.3.1.1: a UID must not be used again. Clients may have seen some that the copy does not know. */
    @Test
    void whatClientsSawAfterTheBackupIsNotGivenOutAgain() throws Exception {
        store.append(List.of(message(inbox.id(), "1"), message(inbox.id(), "2")));
        Path at = written(store.begin());
        store.append(List.of(message(inbox.id(), "3")));
        store.expunge(inbox.id(), UidSet.of(1));
        MailboxInfo seen = store.mailbox(inbox.id()).orElseThrow();
        Database restored = Databases.open(at);
        DerbyMailboxStore of = new DerbyMailboxStore(restored);
        MailboxInfo now = of.mailbox(inbox.id()).orElseThrow();
        assertThat(now.uidValidity()).isEqualTo(seen.uidValidity());
        assertThat(now.uidNext()).isGreaterThan(seen.uidNext());
        assertThat(now.highestModSeq()).isGreaterThan(seen.highestModSeq());
        MailboxStore.Changes changes = of.changes(inbox.id(), seen.highestModSeq());
        assertThat(changes.rows()).extracting(MessageRow::uid).containsExactly(1L, 2L);
        assertThat(changes.vanished().contains(3)).isTrue();
        of.stop();
        restored.close();
        restored = Databases.open(at);
        of = new DerbyMailboxStore(restored);
        assertThat(of.mailbox(inbox.id())).as("once").contains(now);
        assertThat(Files.exists(at.resolve("data/db.restored"))).isFalse();
        of.stop();
        restored.close();
    }
}
