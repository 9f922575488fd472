package org.mailrack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.StoreException.Kind;

/** Making, deleting, renaming and subscribing. */
abstract class MailboxNamesContract extends MailboxReferencesContract {

    @Test
    void aNewMailboxIsEmptyAndBeginsWithUidOne() throws Exception {
        MailboxInfo made = store.create(account, "Sent/Été 2024", Optional.of("Sent"));
        assertThat(made.account()).isEqualTo(account);
        assertThat(made.name()).isEqualTo("Sent/Été 2024");
        assertThat(made.specialUse()).contains("Sent");
        assertThat(made.uidNext()).isEqualTo(1);
        assertThat(made.uidValidity())
                .as("RFC 9051 section 2.3.1.1: 32 bits, not zero")
                .isBetween(1L, 0xffff_ffffL);
        assertThat(made.highestModSeq())
                .as("RFC 7162 section 3.1.2.1: positive")
                .isPositive();
        assertThat(rows(made.id())).isEmpty();
        restart();
        assertThat(store.mailbox(made.id())).contains(made);
        assertThat(store.mailboxes(account)).containsExactly(made);
    }

    @Test
    void mailboxesAreThoseOfTheAccount() {
        MailboxInfo a = mailbox("a");
        MailboxInfo b = mailbox("b");
        store.create("other-" + account, "c", Optional.empty());
        assertThat(store.mailboxes(account)).containsExactlyInAnyOrder(a, b);
        assertThat(store.mailboxes("nobody-" + account)).isEmpty();
    }

    @Test
    void aTakenNameCannotBeMadeAgain() {
        MailboxInfo made = mailbox("a");
        fails(Kind.EXISTS, () -> mailbox("a"));
        assertThat(store.mailboxes(account)).containsExactly(made);
        assertThat(store.create("other-" + account, "a", Optional.empty()).id()).isNotEqualTo(made.id());
        assertThat(mailbox("A").id()).as("names compare exactly").isNotEqualTo(made.id());
    }

    @Test
    void uidValidityIsGreaterThanOfAnyMailboxOfThisNameBefore() throws Exception {
        long last = 0;
        for (int i = 0; i < 3; i++) {
            MailboxInfo made = mailbox("a");
            assertThat(made.uidValidity()).isGreaterThan(last);
            last = made.uidValidity();
            store.delete(made.id());
            restart();
        }
    }

    @Test
    void uidValidityGrowsAlsoAfterARename() throws Exception {
        MailboxInfo old = mailbox("a");
        MailboxInfo newer = mailbox("b");
        store.delete(old.id());
        store.rename(Map.of(newer.id(), "a"));
        store.delete(newer.id());
        restart();
        assertThat(mailbox("a").uidValidity()).isGreaterThan(Math.max(old.uidValidity(), newer.uidValidity()));
    }

    @Test
    void uidValidityGrowsAlsoAfterTheAccountWasDeleted() throws Exception {
        MailboxInfo old = mailbox("a");
        store.deleteAccount(account);
        restart();
        assertThat(mailbox("a").uidValidity()).isGreaterThan(old.uidValidity());
    }

    @Test
    void anIdIsNeverUsedAgain() throws Exception {
        long first = mailbox("a").id();
        store.delete(first);
        restart();
        assertThat(mailbox("a").id()).isNotEqualTo(first);
        assertThat(store.mailbox(first)).isEmpty();
    }

    @Test
    void deletingTakesTheMessagesAlong() throws Exception {
        long id = mailbox("a").id();
        fill(id, 3);
        store.delete(id);
        assertThat(store.mailbox(id)).isEmpty();
        assertThat(store.mailboxes(account)).isEmpty();
        fails(Kind.NOT_FOUND, () -> rows(id));
        restart();
        fails(Kind.NOT_FOUND, () -> rows(id));
        assertThat(rows(mailbox("a").id())).isEmpty();
    }

    @Test
    void aMissingMailboxIsNotFound() {
        long gone = mailbox("a").id();
        store.delete(gone);
        fails(Kind.NOT_FOUND, () -> store.delete(gone));
        fails(Kind.NOT_FOUND, () -> store.rename(Map.of(gone, "b")));
        fails(Kind.NOT_FOUND, () -> store.changes(gone, 0));
        fails(Kind.NOT_FOUND, () -> store.expunge(gone, UidSet.range(1, 9)));
        fails(Kind.NOT_FOUND, () -> store.claimRecent(gone));
        fails(Kind.NOT_FOUND, () -> store.recent(gone));
        fails(Kind.NOT_FOUND, () -> store.details(gone, UidSet.range(1, 9)));
        fails(Kind.NOT_FOUND, () -> store.putDetails(gone, Map.of()));
        fails(
                Kind.NOT_FOUND,
                () -> store.copy(gone, UidSet.range(1, 9), mailbox("b").id()));
    }

    @Test
    void renamingKeepsIdsUidsAndUidValidity() throws Exception {
        MailboxInfo a = mailbox("a");
        MailboxInfo below = mailbox("a/x");
        fill(a.id(), 2);
        store.rename(Map.of(a.id(), "b", below.id(), "b/x"));
        restart();
        assertThat(info(a.id()).name()).isEqualTo("b");
        assertThat(info(below.id()).name()).isEqualTo("b/x");
        assertThat(info(a.id()).uidValidity()).isEqualTo(a.uidValidity());
        assertThat(info(a.id()).uidNext()).isEqualTo(3);
        assertThat(uids(a.id())).containsExactly(1L, 2L);
        assertThat(mailbox("a").id()).as("the old name is free").isNotEqualTo(a.id());
    }

    @Test
    void renamingToATakenNameChangesNothing() {
        MailboxInfo a = mailbox("a");
        MailboxInfo below = mailbox("a/x");
        MailboxInfo taken = mailbox("b/x");
        fails(Kind.EXISTS, () -> store.rename(Map.of(a.id(), "b", below.id(), "b/x")));
        assertThat(store.mailboxes(account)).containsExactlyInAnyOrder(a, below, taken);
    }

    @Test
    void renamingIsOneStepSoThatNamesCanBeSwapped() {
        MailboxInfo a = mailbox("a");
        MailboxInfo b = mailbox("b");
        store.rename(Map.of(a.id(), "b", b.id(), "a"));
        assertThat(info(a.id()).name()).isEqualTo("b");
        assertThat(info(b.id()).name()).isEqualTo("a");
    }

    @Test
    void renamingIsForMailboxesOfOneAccount() {
        MailboxInfo mine = mailbox("a");
        MailboxInfo others = store.create("other-" + account, "a", Optional.empty());
        assertThatThrownBy(() -> store.rename(Map.of(mine.id(), "b", others.id(), "b")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(info(mine.id()).name()).isEqualTo("a");
        assertThat(info(others.id()).name()).isEqualTo("a");
    }

    @Test
    void subscriptionsAreNamesWhetherTheMailboxExistsOrNot() throws Exception {
        store.subscribe(account, "a", true);
        store.subscribe(account, "b/ü", true);
        store.subscribe(account, "a", true);
        store.subscribe(account, "never", false);
        restart();
        assertThat(store.subscriptions(account)).containsExactlyInAnyOrder("a", "b/ü");
        store.subscribe(account, "a", false);
        restart();
        assertThat(store.subscriptions(account)).containsExactly("b/ü");
        assertThat(store.subscriptions("other-" + account)).isEmpty();
    }

    @Test
    void aSubscriptionOutlivesItsMailbox() {
        MailboxInfo a = mailbox("a");
        store.subscribe(account, "a", true);
        store.delete(a.id());
        assertThat(store.subscriptions(account)).as("RFC 9051 section 6.3.7").containsExactly("a");
    }

    @Test
    void deletingAnAccountTakesMailboxesMessagesAndSubscriptions() throws Exception {
        MailboxInfo a = mailbox("a");
        MailboxInfo b = mailbox("b");
        MailboxInfo others = store.create("other-" + account, "a", Optional.empty());
        fill(a.id(), 2);
        fill(others.id(), 1);
        store.subscribe(account, "a", true);
        store.subscribe("other-" + account, "a", true);
        store.deleteAccount(account);
        restart();
        assertThat(store.mailboxes(account)).isEmpty();
        assertThat(store.subscriptions(account)).isEmpty();
        for (long gone : List.of(a.id(), b.id())) {
            fails(Kind.NOT_FOUND, () -> rows(gone));
        }
        assertThat(uids(others.id())).containsExactly(1L);
        assertThat(store.subscriptions("other-" + account)).containsExactly("a");
        store.deleteAccount(account);
    }
}
