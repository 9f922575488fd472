package org.mailrack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.mailrack.api.store.AccountStore;
import org.mailrack.api.store.StoreException;
import org.mailrack.api.store.StoreException.Kind;

/** What every {@link AccountStore} promises. Extend it in your store's tests as {@link MailboxStoreContract} says. */
public abstract class AccountStoreContract {

    private AccountStore store;
    private String unique;

    /** The store under test. It may be the same for all tests, and hold what others have left. */
    protected abstract AccountStore open() throws Exception;

    /** Closes the store and opens it anew with what it kept, as a restart does. A store that keeps nothing returns itself. */
    protected abstract AccountStore reopen(AccountStore opened) throws Exception;

    /** Called after each test. */
    protected void close(AccountStore opened) throws Exception {}

    @BeforeEach
    void openStore() throws Exception {
        unique = UUID.randomUUID().toString();
        store = open();
    }

    @AfterEach
    void closeStore() throws Exception {
        close(store);
    }

    private void restart() throws Exception {
        store = reopen(store);
    }

    private String name(String start) {
        return start + "-" + unique + "@example.org";
    }

    @Test
    void domainsAreKeptAndSorted() throws Exception {
        store.addDomain("b." + unique);
        store.addDomain("a." + unique);
        store.addDomain("ä." + unique);
        restart();
        assertThat(store.domains()).isSorted().contains("a." + unique, "b." + unique, "ä." + unique);
        store.removeDomain("a." + unique);
        restart();
        assertThat(store.domains()).doesNotContain("a." + unique).contains("b." + unique);
    }

    @Test
    void aDomainIsAddedOnceAndRemovedOnce() {
        store.addDomain(unique);
        fails(Kind.EXISTS, () -> store.addDomain(unique));
        assertThat(store.domains()).containsOnlyOnce(unique);
        store.removeDomain(unique);
        fails(Kind.NOT_FOUND, () -> store.removeDomain(unique));
        store.addDomain(unique);
    }

    @Test
    void accountsAreKeptAndSortedWithAllTheirCredentials() throws Exception {
        store.addAccount(name("bob"), Map.of("argon2id", "$argon2id$x", "scram-sha-256", "y,z=="));
        store.addAccount(name("alice"), Map.of());
        restart();
        assertThat(store.accounts()).isSorted().contains(name("alice"), name("bob"));
        assertThat(store.credentials(name("bob")))
                .contains(Map.of("argon2id", "$argon2id$x", "scram-sha-256", "y,z=="));
        assertThat(store.credentials(name("alice"))).contains(Map.of());
        assertThat(store.credentials(name("carol"))).isEmpty();
    }

    @Test
    void anAccountIsAddedOnce() {
        store.addAccount(name("bob"), Map.of("a", "1"));
        fails(Kind.EXISTS, () -> store.addAccount(name("bob"), Map.of("b", "2")));
        assertThat(store.credentials(name("bob"))).contains(Map.of("a", "1"));
    }

    @Test
    void settingCredentialsReplacesAllOfThem() throws Exception {
        store.addAccount(name("bob"), Map.of("a", "1", "b", "2"));
        store.setCredentials(name("bob"), Map.of("b", "3", "c", "4"));
        restart();
        assertThat(store.credentials(name("bob"))).contains(Map.of("b", "3", "c", "4"));
        fails(Kind.NOT_FOUND, () -> store.setCredentials(name("carol"), Map.of("a", "1")));
        assertThat(store.credentials(name("carol"))).isEmpty();
    }

    @Test
    void aRemovedAccountIsGoneWithItsCredentials() throws Exception {
        store.addAccount(name("bob"), Map.of("a", "1"));
        store.removeAccount(name("bob"));
        fails(Kind.NOT_FOUND, () -> store.removeAccount(name("bob")));
        restart();
        assertThat(store.accounts()).doesNotContain(name("bob"));
        assertThat(store.credentials(name("bob"))).isEmpty();
        store.addAccount(name("bob"), Map.of());
        assertThat(store.credentials(name("bob"))).contains(Map.of());
    }

    @Test
    void aliasesKeepTheirTargetsInOrder() throws Exception {
        List<String> targets = List.of("z@example.org", "\"a b\"@example.org", "ü@example.org");
        store.setAlias(name("all"), targets);
        store.setAlias(name("one"), List.of("z@example.org"));
        restart();
        assertThat(store.aliases())
                .containsEntry(name("all"), targets)
                .containsEntry(name("one"), targets.subList(0, 1));
    }

    @Test
    void settingAnAliasReplacesItAndAnEmptyListRemovesIt() throws Exception {
        store.setAlias(name("all"), List.of("a@example.org", "b@example.org"));
        store.setAlias(name("all"), List.of("c@example.org"));
        assertThat(store.aliases()).containsEntry(name("all"), List.of("c@example.org"));
        store.setAlias(name("all"), List.of());
        store.setAlias(name("never"), List.of());
        restart();
        assertThat(store.aliases()).doesNotContainKeys(name("all"), name("never"));
    }

    private static void fails(Kind kind, ThrowingCallable call) {
        StoreException failure = catchThrowableOfType(StoreException.class, call);
        assertThat(failure).as("a failure of kind %s", kind).isNotNull();
        assertThat(failure.kind()).isEqualTo(kind);
    }
}
