package org.mailrack.mailbox.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mailrack.mailbox.internal.Fixture.ALICE;
import static org.mailrack.mailbox.internal.Fixture.NOON;
import static org.mailrack.mailbox.internal.Fixture.rows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.MailboxCounts;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.mailbox.Mailboxes.Appended;
import org.mailrack.api.mailbox.Mailboxes.Delivered;
import org.mailrack.api.mailbox.Mailboxes.NewMessage;
import org.mailrack.api.mailbox.Mailboxes.ToDeliver;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.StoreException;
import org.mailrack.testkit.InMemoryMailboxStore;

class MailboxesTest {

    private final Fixture rack = new Fixture();
    private final MailboxesImpl mailboxes = rack.mailboxes;

    private static void fails(StoreException.Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }

    private List<String> names() {
        return mailboxes.list(ALICE).stream().map(MailboxInfo::name).toList();
    }

    private static FlagChange add(String... flags) {
        return new FlagChange(FlagChange.Kind.ADD, Flags.of(flags));
    }

    @Test
    void aNewAccountGetsInboxAndTheSpecialUsesOfRfc6154AllSubscribed() {
        assertThat(names()).containsExactly("INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash");
        assertThat(mailboxes.list(ALICE))
                .extracting(MailboxInfo::specialUse)
                .containsExactly(
                        Optional.empty(),
                        Optional.of("Archive"),
                        Optional.of("Drafts"),
                        Optional.of("Junk"),
                        Optional.of("Sent"),
                        Optional.of("Trash"));
        assertThat(mailboxes.subscriptions(ALICE))
                .containsExactlyInAnyOrder("INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash");
    }

    @Test
    void manyThatLookFirstMakeTheMailboxesOnce() throws Exception {
        // Two services on one store are two processes: their locks do not help each other.
        MailboxesImpl other = new MailboxesImpl(rack.store, rack.contents, MailboxLimits.DEFAULTS);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 50; round++) {
                String account = "user" + round + "@crepes.fr";
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Integer>> seen = new java.util.ArrayList<>();
                for (int t = 0; t < 4; t++) {
                    MailboxesImpl service = t % 2 == 0 ? mailboxes : other;
                    seen.add(threads.submit(() -> {
                        start.await();
                        return service.list(account).size();
                    }));
                }
                start.countDown();
                for (Future<Integer> count : seen) {
                    assertThat(count.get()).isEqualTo(6);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aDeletedSpecialUseMailboxDoesNotComeAgain() {
        mailboxes.list(ALICE);
        mailboxes.delete(ALICE, "Junk");
        MailboxesImpl restarted = new MailboxesImpl(rack.store, rack.contents, MailboxLimits.DEFAULTS);
        assertThat(restarted.find(ALICE, "Junk")).isEmpty();
    }

    @Test
    void inboxIsTheSameInAnyCaseAlsoAsFirstLevel() {
        assertThat(mailboxes.find(ALICE, "iNbOx")).map(MailboxInfo::name).contains("INBOX");
        mailboxes.create(ALICE, "inbox/work", Optional.empty());
        assertThat(mailboxes.find(ALICE, "INBOX/work")).isPresent();
        assertThat(mailboxes.find(ALICE, "InBoX/work")).isPresent();
        assertThat(mailboxes.find(ALICE, "INBOX/WORK")).isEmpty();
        // Java finds a dotless i equal to I; mail does not.
        assertThat(mailboxes.find(ALICE, "\u0131nbox")).isEmpty();
    }

    @Test
    void createMakesWhatIsMissingAbove() {
        mailboxes.create(ALICE, "a/b/c", Optional.of("All"));
        assertThat(names()).contains("a", "a/b", "a/b/c");
        assertThat(mailboxes.find(ALICE, "a/b/c").orElseThrow().specialUse()).contains("All");
        assertThat(mailboxes.find(ALICE, "a").orElseThrow().specialUse()).isEmpty();
        fails(StoreException.Kind.EXISTS, () -> mailboxes.create(ALICE, "a/b", Optional.empty()));
        fails(StoreException.Kind.EXISTS, () -> mailboxes.create(ALICE, "inbox", Optional.empty()));
    }

    @Test
    void namesThatAreNoneAreRefused() {
        for (String name : List.of(
                "",
                "/",
                "a/",
                "/a",
                "a//b",
                "a\r\nb",
                "a\u0000",
                "a\u0085b",
                "a\u2028b",
                "\ud800",
                "x".repeat(256),
                "x/".repeat(20) + "x")) {
            assertThatThrownBy(() -> mailboxes.create(ALICE, name, Optional.empty()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> mailboxes.subscribe(ALICE, name, true))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(mailboxes.find(ALICE, name)).isEmpty();
            fails(StoreException.Kind.NOT_FOUND, () -> mailboxes.open(ALICE, name));
        }
        assertThat(names()).hasSize(6);
    }

    @Test
    void aNameIsTheSameComposedOrNot() {
        mailboxes.create(ALICE, "e\u0301te\u0301", Optional.empty());
        assertThat(mailboxes.find(ALICE, "\u00e9t\u00e9")).isPresent();
    }

    @Test
    void anAccountHasNoMoreMailboxesThanTheLimit() {
        MailboxLimits d = MailboxLimits.DEFAULTS;
        Fixture small = new Fixture(
                new InMemoryMailboxStore(),
                new MailboxLimits(
                        d.maxNameLength(),
                        d.maxDepth(),
                        8,
                        7,
                        2,
                        ViewLimits.DEFAULTS,
                        1000,
                        1000,
                        10,
                        5,
                        d.autocreate(),
                        d.mime()));
        small.mailboxes.create(ALICE, "7", Optional.empty());
        fails(StoreException.Kind.NO_SPACE, () -> small.mailboxes.create(ALICE, "8/9", Optional.empty()));
        assertThat(small.mailboxes.find(ALICE, "8")).isEmpty();
        small.mailboxes.create(ALICE, "8", Optional.empty());
        fails(StoreException.Kind.NO_SPACE, () -> small.mailboxes.rename(ALICE, "8", "7/x/8"));
        small.mailboxes.subscribe(ALICE, "7", true);
        fails(StoreException.Kind.NO_SPACE, () -> small.mailboxes.subscribe(ALICE, "8", true));
    }

    @Test
    void renameTakesAlongWhatIsBelowAndMakesWhatIsMissingAbove() {
        long id = mailboxes.create(ALICE, "a/b", Optional.empty()).id();
        mailboxes.create(ALICE, "ab", Optional.empty());
        mailboxes.rename(ALICE, "a", "x/y/z");
        assertThat(names()).contains("x", "x/y", "x/y/z", "x/y/z/b", "ab").doesNotContain("a", "a/b");
        assertThat(mailboxes.find(ALICE, "x/y/z/b").orElseThrow().id()).isEqualTo(id);
    }

    @Test
    void renameRefusesWhatCannotBe() {
        mailboxes.create(ALICE, "a", Optional.empty());
        fails(StoreException.Kind.NOT_FOUND, () -> mailboxes.rename(ALICE, "no", "x"));
        fails(StoreException.Kind.EXISTS, () -> mailboxes.rename(ALICE, "a", "Sent"));
        fails(StoreException.Kind.EXISTS, () -> mailboxes.rename(ALICE, "a", "inbox"));
        assertThatThrownBy(() -> mailboxes.rename(ALICE, "a", "a/b")).isInstanceOf(IllegalArgumentException.class);
        mailboxes.create(ALICE, "a/" + "y".repeat(200), Optional.empty());
        assertThatThrownBy(() -> mailboxes.rename(ALICE, "a", "x".repeat(100)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(names()).contains("a");
    }

    @Test
    void anOpenMailboxLearnsItsNewName() {
        mailboxes.create(ALICE, "a", Optional.empty());
        try (Mailbox open = mailboxes.open(ALICE, "a")) {
            mailboxes.rename(ALICE, "a", "b");
            assertThat(open.view().info().name()).isEqualTo("b");
        }
    }

    @Test
    void renameOfInboxMovesItsMessagesAndLeavesItEmptyRfc9051Section6_3_6() {
        mailboxes.create(ALICE, "INBOX/below", Optional.empty());
        rack.append("INBOX", "one", "\\Seen");
        rack.append("INBOX", "two");
        try (Mailbox inbox = mailboxes.open(ALICE, "INBOX")) {
            mailboxes.rename(ALICE, "inbox", "old");
            assertThat(inbox.view().size()).isZero();
        }
        try (Mailbox old = mailboxes.open(ALICE, "old")) {
            assertThat(rows(old.view())).containsExactly("1 \\Seen", "2");
        }
        assertThat(names()).contains("INBOX", "INBOX/below").doesNotContain("old/below");
    }

    @Test
    void deleteLeavesWhatIsBelowAndEndsOpenHandles() {
        mailboxes.create(ALICE, "a/b", Optional.empty());
        AtomicInteger told = new AtomicInteger();
        Mailbox open = mailboxes.open(ALICE, "a");
        open.listen(told::incrementAndGet);
        mailboxes.delete(ALICE, "a");
        assertThat(names()).contains("a/b").doesNotContain("a");
        assertThat(open.deleted()).isTrue();
        assertThat(told).hasValue(1);
        fails(StoreException.Kind.NOT_FOUND, () -> open.expunge(UidSet.range(1, 9)));
        fails(StoreException.Kind.NOT_FOUND, open::claimRecent);
        open.close();
        assertThatThrownBy(() -> mailboxes.delete(ALICE, "Inbox")).isInstanceOf(IllegalArgumentException.class);
        fails(StoreException.Kind.NOT_FOUND, () -> mailboxes.delete(ALICE, "a"));
    }

    @Test
    void aMailboxMadeAgainIsAnother() {
        mailboxes.create(ALICE, "a", Optional.empty());
        long before = rack.append("a", "x").uidValidity();
        mailboxes.delete(ALICE, "a");
        mailboxes.create(ALICE, "a", Optional.empty());
        assertThat(mailboxes.counts(ALICE, "a").messages()).isZero();
        assertThat(rack.append("a", "x").uidValidity()).isGreaterThan(before);
    }

    @Test
    void handlesShareOneViewAndSeeEachChangeBeforeItsCallReturns() {
        try (Mailbox one = mailboxes.open(ALICE, "INBOX");
                Mailbox two = mailboxes.open(ALICE, "inbox")) {
            AtomicInteger told = new AtomicInteger();
            Registration listening = two.listen(told::incrementAndGet);
            MailboxView empty = two.view();
            Appended appended = rack.append("INBOX", "Subject: x\r\n\r\nbody", "\\Flagged", "$Work");
            assertThat(two.view()).isSameAs(one.view());
            assertThat(rows(two.view())).containsExactly(appended.uid() + " \\Flagged $Work");
            assertThat(two.view().messageSize(0)).isEqualTo(18);
            assertThat(two.view().internalDate(0)).isEqualTo(NOON);
            assertThat(two.view().info().uidNext()).isEqualTo(2);
            assertThat(two.view().keywords()).containsExactly("$Work");

            Mailbox.FlagResult result = one.changeFlags(UidSet.range(1, 9), add("\\Seen"), OptionalLong.empty());
            assertThat(result.changed()).isEqualTo(UidSet.of(1));
            assertThat(two.view().flags(0).has(Flags.SEEN)).isTrue();
            assertThat(two.view().modSeq(0)).isEqualTo(two.view().info().highestModSeq());
            assertThat(two.view().unseen()).isZero();

            assertThat(told).hasValue(2);
            listening.close();
            assertThat(one.expunge(UidSet.range(1, 9))).isEqualTo(UidSet.of(1));
            assertThat(two.view().size()).isZero();
            assertThat(told).hasValue(2);
            assertThat(empty.size()).isZero();
            assertThat(empty.info().uidNext()).isEqualTo(1);
        }
    }

    @Test
    void messagesChangedSinceAreLeftAloneAndReportedRfc7162Section3_1_3() {
        long modSeq = rack.append("INBOX", "one").modSeq();
        rack.append("INBOX", "two");
        try (Mailbox inbox = mailboxes.open(ALICE, "INBOX")) {
            Mailbox.FlagResult result = inbox.changeFlags(UidSet.range(1, 9), add("\\Seen"), OptionalLong.of(modSeq));
            assertThat(result.changed()).isEqualTo(UidSet.of(1));
            assertThat(result.modified()).isEqualTo(UidSet.of(2));
        }
    }

    @Test
    void aMultiAppendIsAllOrNoneRfc3502() {
        List<Appended> made = mailboxes.append(
                ALICE,
                "Drafts",
                List.of(
                        new NewMessage(rack.writer("one"), Flags.of("\\Draft"), NOON),
                        new NewMessage(rack.writer("two"), Flags.NONE, NOON)));
        assertThat(made).extracting(Appended::uid).containsExactly(1L, 2L);
        rack.contents.failWith(StoreException.Kind.NO_SPACE);
        ContentWriter late;
        rack.contents.failWith(null);
        late = rack.writer("three");
        rack.contents.failWith(StoreException.Kind.NO_SPACE);
        fails(StoreException.Kind.NO_SPACE, () -> mailboxes.append(ALICE, "Drafts", late, Flags.NONE, NOON));
        rack.contents.failWith(null);
        fails(
                StoreException.Kind.NOT_FOUND,
                () -> mailboxes.append(ALICE, "no", rack.writer("four"), Flags.NONE, NOON));
        assertThat(mailboxes.counts(ALICE, "Drafts").messages()).isEqualTo(2);
    }

    @Test
    void countsAreThoseOfTheLiveView() {
        rack.append("INBOX", "1234", "\\Seen");
        rack.append("INBOX", "12", "\\Deleted");
        MailboxCounts counts = mailboxes.counts(ALICE, "INBOX");
        assertThat(counts)
                .isEqualTo(new MailboxCounts(mailboxes.find(ALICE, "INBOX").orElseThrow(), 2, 1, 1, 6, 2));
        try (Mailbox inbox = mailboxes.open(ALICE, "INBOX")) {
            assertThat(inbox.claimRecent()).isEqualTo(1);
            assertThat(mailboxes.counts(ALICE, "INBOX").recent()).isZero();
            rack.append("INBOX", "x");
            assertThat(mailboxes.counts(ALICE, "INBOX").recent()).isEqualTo(1);
            assertThat(inbox.claimRecent()).isEqualTo(3);
        }
        fails(StoreException.Kind.NOT_FOUND, () -> mailboxes.counts(ALICE, "no"));
    }

    @Test
    void copyAndMoveChangeBothViews() {
        rack.append("INBOX", "one", "\\Seen");
        rack.append("INBOX", "two");
        rack.append("INBOX", "three");
        try (Mailbox inbox = mailboxes.open(ALICE, "INBOX");
                Mailbox archive = mailboxes.open(ALICE, "Archive")) {
            Mailbox.CopyResult copied = inbox.copy(UidSet.of(1, 3, 7), "Archive");
            assertThat(copied.source()).isEqualTo(UidSet.of(1, 3));
            assertThat(copied.target()).isEqualTo(UidSet.of(1, 2));
            assertThat(copied.uidValidity()).isEqualTo(archive.view().info().uidValidity());
            assertThat(rows(archive.view())).containsExactly("1 \\Seen", "2");
            assertThat(archive.view().row(0).content())
                    .isEqualTo(inbox.view().row(0).content());

            Mailbox.CopyResult moved = inbox.move(UidSet.range(2, 9), "Archive");
            assertThat(moved.source()).isEqualTo(UidSet.of(2, 3));
            assertThat(rows(inbox.view())).containsExactly("1 \\Seen");
            assertThat(archive.view().size()).isEqualTo(4);

            assertThat(inbox.copy(UidSet.of(77), "Archive").source()).isEqualTo(UidSet.EMPTY);
            fails(StoreException.Kind.NOT_FOUND, () -> inbox.copy(UidSet.of(1), "no"));
            fails(StoreException.Kind.NOT_FOUND, () -> inbox.move(UidSet.of(1), "no"));
        }
    }

    @Test
    void moveIntoTheSameMailboxGivesNewUids() {
        rack.append("INBOX", "one");
        rack.append("INBOX", "two");
        try (Mailbox inbox = mailboxes.open(ALICE, "INBOX")) {
            assertThat(inbox.move(UidSet.of(1), "INBOX").target()).isEqualTo(UidSet.of(3));
            assertThat(rows(inbox.view())).containsExactly("2", "3");
        }
    }

    private ToDeliver mail(String account, String mailbox, String key) {
        ContentRef ref = rack.contents.put(key.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return new ToDeliver(account, mailbox, ref, key.length(), Flags.NONE, NOON, key);
    }

    @Test
    void deliveryMakesWhatIsMissingAndIsInOpenViewsAtOnce() {
        AtomicInteger told = new AtomicInteger();
        mailboxes.listen(ALICE, told::incrementAndGet);
        try (Mailbox inbox = mailboxes.open(ALICE, "INBOX")) {
            List<Delivered> results = mailboxes.deliver(List.of(
                    mail(ALICE, "inbox", "k1"),
                    mail("bob@hamburger.edu", "INBOX", "k2"),
                    mail(ALICE, "lists/ducks", "k3"),
                    mail(ALICE, "bad//name", "k4"),
                    mail(ALICE, "INBOX", "k5")));
            assertThat(results)
                    .extracting(Delivered::status)
                    .containsExactly(
                            Delivered.Status.APPENDED,
                            Delivered.Status.APPENDED,
                            Delivered.Status.APPENDED,
                            Delivered.Status.NO_MAILBOX,
                            Delivered.Status.APPENDED);
            assertThat(results.get(4).appended().orElseThrow().uid()).isEqualTo(2);
            assertThat(inbox.view().size()).isEqualTo(2);
            assertThat(told).hasValueGreaterThan(0);
        }
        assertThat(mailboxes.counts(ALICE, "lists/ducks").messages()).isEqualTo(1);
        assertThat(mailboxes.counts("bob@hamburger.edu", "INBOX").messages()).isEqualTo(1);
        assertThat(mailboxes.list("bob@hamburger.edu")).hasSize(6);
    }

    @Test
    void deliveredTwiceIsThereOnce() {
        mailboxes.deliver(List.of(mail(ALICE, "INBOX", "k")));
        assertThat(mailboxes.deliver(List.of(mail(ALICE, "INBOX", "k"))).get(0).status())
                .isEqualTo(Delivered.Status.DUPLICATE);
        assertThat(mailboxes.counts(ALICE, "INBOX").messages()).isEqualTo(1);
    }

    @Test
    void deliveryFindsThatAMailboxItKnewIsGone() {
        mailboxes.deliver(List.of(mail(ALICE, "a", "k1")));
        // As another process would delete it.
        rack.store.delete(mailboxes.find(ALICE, "a").orElseThrow().id());
        assertThat(mailboxes.deliver(List.of(mail(ALICE, "a", "k2"))).get(0).status())
                .isEqualTo(Delivered.Status.APPENDED);
        assertThat(mailboxes.counts(ALICE, "a").messages()).isEqualTo(1);
    }

    @Test
    void anAccountsListenersHearOfItsMailboxesOnly() {
        mailboxes.list(ALICE);
        mailboxes.list("bob@hamburger.edu");
        AtomicInteger told = new AtomicInteger();
        Registration registration = mailboxes.listen(ALICE, told::incrementAndGet);
        mailboxes.listen(ALICE, () -> {
            throw new IllegalStateException("a listener that fails hurts only itself");
        });
        mailboxes.create("bob@hamburger.edu", "x", Optional.empty());
        assertThat(told).hasValue(0);
        mailboxes.create(ALICE, "x", Optional.empty());
        mailboxes.rename(ALICE, "x", "y");
        mailboxes.subscribe(ALICE, "y", true);
        rack.append("y", "m");
        mailboxes.delete(ALICE, "y");
        assertThat(told).hasValue(5);
        registration.close();
        registration.close();
        mailboxes.create(ALICE, "x", Optional.empty());
        assertThat(told).hasValue(5);
    }

    @Test
    void aDeletedAccountLeavesNothing() {
        rack.append("INBOX", "m");
        Mailbox open = mailboxes.open(ALICE, "INBOX");
        mailboxes.deleteAccount(ALICE);
        assertThat(open.deleted()).isTrue();
        assertThat(rack.store.mailboxes(ALICE)).isEmpty();
        assertThat(mailboxes.counts(ALICE, "INBOX").messages()).isZero();
    }

    @Test
    void aMailboxHasNoMoreKeywordsThanTheLimit() {
        MailboxLimits d = MailboxLimits.DEFAULTS;
        Fixture small = new Fixture(
                new InMemoryMailboxStore(),
                new MailboxLimits(
                        255, 20, 100, 100, 2, ViewLimits.DEFAULTS, 1000, 1000, 10, 5, d.autocreate(), d.mime()));
        small.append("INBOX", "m", "a", "b");
        try (Mailbox inbox = small.mailboxes.open(ALICE, "INBOX")) {
            inbox.changeFlags(UidSet.of(1), add("A", "\\Seen"), OptionalLong.empty());
            fails(StoreException.Kind.NO_SPACE, () -> inbox.changeFlags(UidSet.of(1), add("c"), OptionalLong.empty()));
            inbox.changeFlags(
                    UidSet.of(1),
                    new FlagChange(FlagChange.Kind.REMOVE, Flags.of("a", "x", "y", "z")),
                    OptionalLong.empty());
            inbox.changeFlags(UidSet.of(1), add("c"), OptionalLong.empty());
            assertThat(inbox.view().keywords()).containsExactly("b", "c");
        }
    }

    @Test
    void aMessageWhoseContentIsMissingIsDamagedNotItsMailboxGone() {
        rack.append("INBOX", "m");
        try (Mailbox inbox = mailboxes.open(ALICE, "INBOX")) {
            rack.contents.lose(inbox.view().row(0).content());
            fails(
                    StoreException.Kind.DAMAGED,
                    () -> inbox.content(inbox.view().row(0).content()));
            fails(
                    StoreException.Kind.DAMAGED,
                    () -> inbox.structure(inbox.view().row(0)));
        }
    }

    @Test
    void aNameSeenBeforeIsNotFoundWhereAnotherProcessTookItAway() {
        long id = mailboxes.create(ALICE, "a", Optional.empty()).id();
        assertThat(mailboxes.find(ALICE, "a")).isPresent();
        rack.store.rename(Map.of(id, "b"));
        assertThat(mailboxes.find(ALICE, "a")).isEmpty();
        assertThat(mailboxes.find(ALICE, "b")).isPresent();
    }
}
