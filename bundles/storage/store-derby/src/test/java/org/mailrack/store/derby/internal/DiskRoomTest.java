package org.mailrack.store.derby.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.store.StoreException;
import org.mailrack.api.store.StoreException.Kind;
import org.mailrack.store.derby.internal.DiskRoom.Need;

/** A disk that is nearly full, full, or cannot be written. */
class DiskRoomTest {

    private static final long MIN_FREE = 4000;
    private static final long RESERVE = 200_000;

    @TempDir
    Path base;

    private Path reserve;
    private long free = 1 << 20;
    private DiskRoom room;

    @BeforeEach
    void open() throws Exception {
        Settings settings = settings(base, MIN_FREE, RESERVE);
        Files.createDirectories(settings.data());
        reserve = settings.data().resolve("db.reserve");
        room = new DiskRoom(() -> settings, () -> free);
        room.open();
    }

    private static Settings settings(Path base, long minFree, long reserve) {
        return new Settings(
                base.resolve("data"),
                1000,
                16,
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                1000,
                262144,
                minFree,
                reserve);
    }

    @Test
    void littleFreeSpaceRefusesWhatAddsThenWhatChangesAndNeverWhatReadsOrRemoves() {
        room.require(Need.MORE);
        free = MIN_FREE - 1;
        refused(Need.MORE);
        room.require(Need.LITTLE);
        free = MIN_FREE / 4 - 1;
        refused(Need.LITTLE);
        room.require(Need.NONE);
        free = MIN_FREE;
        room.require(Need.MORE);
    }

    private void refused(Need need) {
        assertThat(catchThrowableOfType(StoreException.class, () -> room.require(need)))
                .returns(Kind.NO_SPACE, StoreException::kind);
    }

    @Test
    void theReserveIsGivenUpOnceAndTakenAgainWhenThereIsRoomForBoth() {
        assertThat(reserve).hasSize(RESERVE);
        assertThat(room.release()).isTrue();
        assertThat(room.release()).isFalse();
        assertThat(reserve).doesNotExist();
        free = MIN_FREE + RESERVE - 1;
        refused(Need.MORE);
        assertThat(reserve).doesNotExist();
        free++;
        room.require(Need.MORE);
        assertThat(reserve).hasSize(RESERVE);
    }

    @Test
    void aReserveThatWasCutOffOrIsTooLongIsMadeWhole() throws Exception {
        room.close();
        for (int size : new int[] {0, 1, 70_000, 300_000}) {
            Files.write(reserve, new byte[size]);
            room.open();
            assertThat(reserve).hasSize(RESERVE);
            room.close();
        }
    }

    @Test
    void aDiskThatCannotBeWrittenIsUnavailable() throws Exception {
        room.release();
        Files.createDirectories(reserve.resolve("in the way"));
        assertThat(catchThrowableOfType(StoreException.class, () -> room.require(Need.MORE)))
                .returns(Kind.UNAVAILABLE, StoreException::kind);
        Files.delete(reserve.resolve("in the way"));
        Files.delete(reserve);
        room.require(Need.MORE);
    }

    /** Derby leaves out its recovery when it opens for reading only: what was committed last would not be seen. */
    @Test
    void aDatabaseThatCannotBeWrittenIsNotOpened() throws Exception {
        Path instance = base.resolve("instance");
        Databases.open(instance).close();
        Path lock = instance.resolve("data/db/db.lck");
        Files.deleteIfExists(lock);
        Files.createDirectories(lock.resolve("in the way"));
        assertThatThrownBy(() -> Databases.open(instance))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("Read-only file system");
        Files.delete(lock.resolve("in the way"));
        Files.delete(lock);
        Databases.open(instance).close();
    }

    @Test
    void aDatabaseThatWentDownIsOpenedForThoseWhoWereAtItAndNothingIsDoneTwice() {
        Database database = Databases.open(base.resolve("instance"));
        DerbyMailboxStore store = new DerbyMailboxStore(database);
        MailboxInfo inbox = store.create("bob", "INBOX", Optional.empty());
        int[] tries = {0};
        List<String> names = database.run("read", tx -> {
            tx.update("UPDATE mailboxes SET mod_seq = mod_seq + 1 WHERE id = ?", inbox.id());
            if (tries[0]++ == 0) {
                shutDownUnderneath(base.resolve("instance"));
                throw new SQLException("no current connection", "08003", 40000);
            }
            return tx.list("SELECT name FROM mailboxes", r -> r.getString(1));
        });
        assertThat(names).containsExactly("INBOX");
        assertThat(store.mailbox(inbox.id()).orElseThrow().highestModSeq()).isEqualTo(inbox.highestModSeq() + 1);
        database.close();
    }

    @Test
    void anInterruptOfTheEngineThatGoesDownDoesNotRefuseWhatComesNext() {
        Database database = Databases.open(base.resolve("instance"));
        assertThatThrownBy(() -> database.run("write", tx -> {
                    tx.update("INSERT INTO domains VALUES (?)", "a");
                    shutDownUnderneath(base.resolve("instance"));
                    return null;
                }))
                .isInstanceOf(StoreException.class);
        database.run("open again", tx -> tx.list("SELECT name FROM domains", r -> r.getString(1)));
        // Noticed only now.
        Thread.currentThread().interrupt();
        List<String> names = database.run("read", tx -> tx.list("SELECT name FROM domains", r -> r.getString(1)));
        assertThat(names).isEmpty();
        assertThat(Thread.interrupted()).isFalse();
        database.close();
    }

    @Test
    void anInterruptWhileTheDatabaseOpensAgainRefusesNobody() throws Exception {
        Path instance = base.resolve("instance");
        Database database = Databases.open(instance);
        database.run("use it", tx -> tx.list("SELECT name FROM domains", r -> r.getString(1)));
        shutDownUnderneath(instance);
        Path lock = instance.resolve("data/db/db.lck");
        Files.deleteIfExists(lock);
        Files.createDirectories(lock.resolve("in the way"));
        CompletableFuture<List<String>> read = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                read.complete(database.run("read", tx -> tx.list("SELECT name FROM domains", r -> r.getString(1))));
            } catch (RuntimeException e) {
                read.completeExceptionally(e);
            }
        });
        reader.start();
        while (reader.getState() != Thread.State.TIMED_WAITING && !read.isDone()) {
            Thread.onSpinWait();
        }
        reader.interrupt();
        Files.delete(lock.resolve("in the way"));
        Files.delete(lock);
        assertThat(read.get(20, TimeUnit.SECONDS)).isEmpty();
        database.close();
    }

    @Test
    void anInterruptOfSomebodyElseIsHeard() {
        Database database = Databases.open(base.resolve("instance"));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> database.run("read", tx -> tx.list("SELECT name FROM domains", r -> r.getString(1))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).as("still set for the caller").isTrue();
        database.close();
    }

    private static void shutDownUnderneath(Path instance) {
        Engine other = Engine.start(Databases.settings(instance));
        other.shutDownDatabase();
        other.stop();
    }

    @Test
    void whatFailedInItsCommitIsNotRepeated() {
        Database database = Databases.open(base.resolve("instance"));
        int[] tries = {0};
        assertThatThrownBy(() -> database.run("write", tx -> {
                    tries[0]++;
                    tx.update("INSERT INTO domains VALUES (?)", "a");
                    shutDownUnderneath(base.resolve("instance"));
                    return null;
                }))
                .isInstanceOf(StoreException.class);
        assertThat(tries[0]).isEqualTo(1);
        database.close();
    }
}
