package org.mailrack.mailbox.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mailrack.mailbox.internal.Fixture.ALICE;
import static org.mailrack.mailbox.internal.Fixture.rows;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.Registration;
import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.StoreException;
import org.mailrack.testkit.InMemoryMailboxStore;

class LiveMailboxTest {

    /** A store that others change too, and that can fail and be counted. */
    private static final class SharedStore extends InMemoryMailboxStore {
        private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();
        private volatile boolean failing;
        private volatile int readings;
        private volatile int changesRead;

        @Override
        public Registration listen(LongConsumer listener) {
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }

        void changedByOthers(long id) {
            listeners.forEach(l -> l.accept(id));
        }

        @Override
        public synchronized Changes changes(long mailbox, long sinceModSeq) {
            if (failing) {
                throw new StoreException(StoreException.Kind.UNAVAILABLE, "the database is away");
            }
            changesRead++;
            return super.changes(mailbox, sinceModSeq);
        }

        @Override
        public synchronized long claimRecent(long mailbox) {
            if (failing) {
                throw new StoreException(StoreException.Kind.NO_SPACE, "the disk is full");
            }
            return super.claimRecent(mailbox);
        }

        @Override
        public void messages(long mailbox, java.util.function.Consumer<MessageRow> visitor) {
            readings++;
            super.messages(mailbox, visitor);
        }
    }

    private final SharedStore store = new SharedStore();
    private final Fixture rack = new Fixture(store, MailboxLimits.DEFAULTS);
    private static final FlagChange SEEN = new FlagChange(FlagChange.Kind.ADD, Flags.of("\\Seen"));

    @Test
    void aStoreThatCannotBeWrittenKeepsNobodyFromReading() {
        rack.append("INBOX", "one");
        try (Mailbox inbox = rack.mailboxes.open(ALICE, "INBOX")) {
            store.failing = true;
            assertThat(inbox.claimRecent()).as("nothing is told to be new").isEqualTo(2);
            store.failing = false;
            assertThat(inbox.claimRecent()).isEqualTo(1);
        }
    }

    @Test
    void changesThatComeInTheWrongOrderAreAllThere() {
        rack.append("INBOX", "one");
        rack.append("INBOX", "two");
        try (Mailbox inbox = rack.mailboxes.open(ALICE, "INBOX")) {
            long id = inbox.view().info().id();
            // Two writers whose changes the store has made, and who tell of them the later one first.
            List<MessageRow> first = store.changeFlags(id, UidSet.of(1), SEEN, OptionalLong.empty())
                    .changed();
            List<MessageRow> second = store.changeFlags(id, UidSet.of(2), SEEN, OptionalLong.empty())
                    .changed();
            rack.mailboxes
                    .live()
                    .ifPresent(
                            id,
                            m -> m.changed(second, UidSet.EMPTY, second.get(0).modSeq()));
            assertThat(rows(inbox.view())).containsExactly("1 \\Seen", "2 \\Seen");
            rack.mailboxes
                    .live()
                    .ifPresent(
                            id, m -> m.changed(first, UidSet.EMPTY, first.get(0).modSeq()));
            assertThat(inbox.view().info().highestModSeq())
                    .isEqualTo(second.get(0).modSeq());
            assertThat(rows(inbox.view())).containsExactly("1 \\Seen", "2 \\Seen");
        }
    }

    @Test
    void aChangeThatFollowsDirectlyIsNotReadFromTheStore() {
        rack.append("INBOX", "one");
        try (Mailbox inbox = rack.mailboxes.open(ALICE, "INBOX")) {
            int before = store.changesRead;
            inbox.changeFlags(UidSet.of(1), SEEN, OptionalLong.empty());
            rack.append("INBOX", "two");
            inbox.copy(UidSet.of(1, 2), "INBOX");
            inbox.expunge(UidSet.of(1));
            assertThat(rows(inbox.view())).containsExactly("2", "3 \\Seen", "4");
            assertThat(store.changesRead).isEqualTo(before);
        }
    }

    @Test
    void whatOtherProcessesDoIsTold() throws Exception {
        Fixture other = new Fixture(store, MailboxLimits.DEFAULTS);
        rack.append("INBOX", "one");
        Mailbox inbox = rack.mailboxes.open(ALICE, "INBOX");
        long id = inbox.view().info().id();
        CompletableFuture<Void> told = new CompletableFuture<>();
        inbox.listen(() -> told.complete(null));
        CompletableFuture<Void> accountTold = new CompletableFuture<>();
        rack.mailboxes.listen(ALICE, () -> accountTold.complete(null));
        other.append("INBOX", "two");
        store.changedByOthers(id);
        told.get(10, TimeUnit.SECONDS);
        accountTold.get(10, TimeUnit.SECONDS);
        assertThat(rows(inbox.view())).containsExactly("1", "2");

        CompletableFuture<Void> gone = new CompletableFuture<>();
        inbox.listen(() -> gone.complete(null));
        store.delete(id);
        store.changedByOthers(id);
        gone.get(10, TimeUnit.SECONDS);
        assertThat(inbox.deleted()).isTrue();
        rack.mailboxes.close();
        other.mailboxes.close();
        assertThat(store.listeners).isEmpty();
    }

    @Test
    void aChangeIsDoneAlsoWhenItCannotBeReadBackAndIsSeenLater() {
        Fixture other = new Fixture(store, MailboxLimits.DEFAULTS);
        rack.append("INBOX", "one");
        try (Mailbox inbox = rack.mailboxes.open(ALICE, "INBOX")) {
            other.append("INBOX", "two");
            store.failing = true;
            assertThat(inbox.changeFlags(UidSet.of(1), SEEN, OptionalLong.empty())
                            .changed())
                    .isEqualTo(UidSet.of(1));
            assertThat(rows(inbox.view())).containsExactly("1");
            store.failing = false;
            assertThat(rows(inbox.view())).containsExactly("1 \\Seen", "2");
        }
    }

    @Test
    void aMailboxThatChangesWhileItIsReadIsReadRight() {
        InMemoryMailboxStore racing = new InMemoryMailboxStore() {
            @Override
            public void messages(long mailbox, java.util.function.Consumer<MessageRow> visitor) {
                expunge(mailbox, UidSet.of(1));
                super.messages(mailbox, visitor);
                changeFlags(mailbox, UidSet.of(2), SEEN, OptionalLong.empty());
                expunge(mailbox, UidSet.of(3));
            }
        };
        Fixture fixture = new Fixture(racing, MailboxLimits.DEFAULTS);
        for (int i = 0; i < 4; i++) {
            fixture.append("INBOX", "m");
        }
        try (Mailbox inbox = fixture.mailboxes.open(ALICE, "INBOX")) {
            assertThat(rows(inbox.view())).containsExactly("2 \\Seen", "4");
        }
    }

    @Test
    void noMoreViewsThatNobodyUsesStayThanTheLimitLets() {
        MailboxLimits d = MailboxLimits.DEFAULTS;
        SharedStore counted = new SharedStore();
        Fixture small = new Fixture(
                counted,
                new MailboxLimits(
                        255,
                        20,
                        100,
                        100,
                        100,
                        new ViewLimits(2, 1 << 20, 1_000, 60, 0, 0),
                        1000,
                        1000,
                        10,
                        5,
                        d.autocreate(),
                        d.mime()));
        for (String name : List.of("a", "b", "c")) {
            small.mailboxes.create(ALICE, name, Optional.empty());
        }
        small.append("a", "m");
        small.mailboxes.counts(ALICE, "a");
        small.mailboxes.counts(ALICE, "b");
        assertThat(counted.readings).isEqualTo(2);
        small.mailboxes.counts(ALICE, "a");
        assertThat(counted.readings).isEqualTo(2);
        small.mailboxes.counts(ALICE, "c");
        small.mailboxes.counts(ALICE, "a");
        assertThat(counted.readings).isEqualTo(3);
        small.mailboxes.counts(ALICE, "b");
        assertThat(counted.readings).isEqualTo(4);
    }
}
