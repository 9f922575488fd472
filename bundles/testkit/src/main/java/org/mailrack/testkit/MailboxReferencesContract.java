package org.mailrack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.MailboxStore.NewMessage;
import org.mailrack.api.store.StoreException.Kind;

/** The part of {@link MailboxStoreContract} that is about all mailboxes at once: listing them, naming their contents. */
abstract class MailboxReferencesContract extends MailboxStoreFixture {

    @Test
    void theIdentityStays() throws Exception {
        String identity = store.identity();
        assertThat(identity).matches("[0-9A-Za-z-]{1,64}");
        restart();
        assertThat(store.identity()).isEqualTo(identity);
    }

    @Test
    void allMailboxesAreListedPageByPage() {
        List<MailboxInfo> made = List.of(mailbox("b"), mailbox("a"), mailbox("c"), mailbox("d"));
        long before = made.get(0).id() - 1;
        store.delete(made.get(2).id());
        List<MailboxInfo> first = store.mailboxes(before, 2);
        assertThat(first).containsExactly(made.get(0), made.get(1));
        assertThat(store.mailboxes(made.get(1).id(), 2)).containsExactly(made.get(3));
        assertThat(store.mailboxes(made.get(3).id(), 2)).isEmpty();
    }

    @Test
    void everyContentIsNamedWithItsSize() throws Exception {
        long a = mailbox("a").id();
        long b = mailbox("b").id();
        List<NewMessage> many = new ArrayList<>();
        Map<ContentRef, Long> expected = new HashMap<>();
        for (int i = 0; i < 2500; i++) {
            NewMessage message = message(i % 5 == 0 ? b : a, prefix() + i);
            many.add(message);
            expected.put(message.content(), message.size());
        }
        store.append(many);
        NewMessage gone = message(a, prefix() + "gone");
        long uid = append(gone).uid();
        store.expunge(a, UidSet.of(uid));
        long deleted = mailbox("deleted").id();
        NewMessage deletedToo = message(deleted, prefix() + "deleted");
        append(deletedToo);
        store.delete(deleted);
        restart();
        Map<ContentRef, Long> named = named();
        assertThat(named).containsAllEntriesOf(expected).doesNotContainKeys(gone.content(), deletedToo.content());
    }

    /** One that is moved from a mailbox not yet looked at to one looked at already must not be missed; nor one copied so. */
    @Test
    void aMessageThatChangesItsMailboxMeanwhileIsNamed() {
        List<Long> mailboxes =
                List.of(mailbox("1").id(), mailbox("2").id(), mailbox("3").id());
        List<ContentRef> moved = new ArrayList<>();
        for (long mailbox : mailboxes) {
            NewMessage message = message(mailbox, prefix() + mailbox);
            append(message);
            append(message(mailbox, prefix() + "stays" + mailbox));
            moved.add(message.content());
        }
        Map<ContentRef, Long> named = new HashMap<>();
        boolean[] first = {true};
        store.references((content, size) -> {
            if (content.value().startsWith(prefix()) && first[0]) {
                first[0] = false;
                // Whichever the store looked at first: each goes to another one, and all originals are gone.
                long[] uids = new long[3];
                for (int i = 0; i < 3; i++) {
                    int to = (i + 1) % 3;
                    uids[i] = store.copy(mailboxes.get(i), UidSet.of(1), mailboxes.get(to))
                            .rows()
                            .get(0)
                            .uid();
                }
                for (int i = 0; i < 3; i++) {
                    store.expunge(mailboxes.get(i), UidSet.of(1));
                    store.move(mailboxes.get((i + 1) % 3), UidSet.of(uids[i]), mailboxes.get(i));
                }
            }
            named.put(content, size);
        });
        assertThat(first[0]).isFalse();
        assertThat(named).containsKeys(moved.toArray(ContentRef[]::new));
    }

    @Test
    void whatTheVisitorThrowsIsThrown() {
        append(message(mailbox("a").id(), "x"));
        IllegalStateException enough = new IllegalStateException("enough");
        assertThatThrownBy(() -> store.references((content, size) -> {
                    throw enough;
                }))
                .isSameAs(enough);
        assertThat(store.mailbox(-1)).as("the store is as it was").isEmpty();
        fails(Kind.NOT_FOUND, () -> store.delete(-1));
    }

    private Map<ContentRef, Long> named() {
        Map<ContentRef, Long> named = new HashMap<>();
        store.references(named::put);
        return named;
    }

    /** Begins the names of contents of this test. */
    private String prefix() {
        return account.substring(0, 13) + '-';
    }
}
