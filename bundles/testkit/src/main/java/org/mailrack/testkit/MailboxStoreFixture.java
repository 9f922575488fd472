package org.mailrack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.api.store.MailboxStore.AppendResult;
import org.mailrack.api.store.MailboxStore.NewMessage;
import org.mailrack.api.store.StoreException;

/** What the parts of {@link MailboxStoreContract} share. */
abstract class MailboxStoreFixture {

    static final Instant DATE = Instant.parse("2024-02-29T12:34:56.789Z");

    /** The account of the test at hand, which no other test uses. */
    String account;

    MailboxStore store;

    /**
     * The store under test. It may be the same for all tests, and hold what others have left: each test uses an account and delivery
     * keys of its own.
     */
    protected abstract MailboxStore open() throws Exception;

    /**
     * Closes the store and opens it anew with what it kept, as a restart does. A store that keeps nothing returns itself.
     */
    protected abstract MailboxStore reopen(MailboxStore opened) throws Exception;

    /** Called after each test. */
    protected void close(MailboxStore opened) throws Exception {}

    @BeforeEach
    void openStore() throws Exception {
        account = UUID.randomUUID() + "@example.org";
        store = open();
    }

    @AfterEach
    void closeStore() throws Exception {
        close(store);
    }

    void restart() throws Exception {
        store = reopen(store);
    }

    MailboxInfo mailbox(String name) {
        return store.create(account, name, Optional.empty());
    }

    MailboxInfo info(long mailbox) {
        return store.mailbox(mailbox).orElseThrow();
    }

    List<MessageRow> rows(long mailbox) {
        List<MessageRow> rows = new ArrayList<>();
        store.messages(mailbox, rows::add);
        return rows;
    }

    List<Long> uids(long mailbox) {
        return rows(mailbox).stream().map(MessageRow::uid).toList();
    }

    MessageRow row(long mailbox, long uid) {
        return rows(mailbox).stream().filter(r -> r.uid() == uid).findFirst().orElseThrow();
    }

    static NewMessage message(long mailbox, String content, String... flags) {
        return new NewMessage(
                mailbox, new ContentRef(content), content.length(), Flags.of(flags), DATE, Optional.empty());
    }

    NewMessage delivery(long mailbox, String key) {
        return new NewMessage(mailbox, new ContentRef("d"), 1, Flags.NONE, DATE, Optional.of(account + "/" + key));
    }

    /** Appends so many messages one by one, with the contents {@code m1}, {@code m2} and so on. */
    void fill(long mailbox, int messages) {
        for (int i = 1; i <= messages; i++) {
            append(message(mailbox, "m" + i));
        }
    }

    MessageRow append(NewMessage message) {
        List<AppendResult> results = store.append(List.of(message));
        assertThat(results).hasSize(1);
        assertThat(results.get(0).status()).isEqualTo(AppendResult.Status.APPENDED);
        return results.get(0).row().orElseThrow();
    }

    static List<String> contents(List<MessageRow> rows) {
        return rows.stream().map(r -> r.content().value()).toList();
    }

    static void fails(StoreException.Kind kind, ThrowingCallable call) {
        StoreException failure = catchThrowableOfType(StoreException.class, call);
        assertThat(failure).as("a failure of kind %s", kind).isNotNull();
        assertThat(failure.kind()).isEqualTo(kind);
    }
}
