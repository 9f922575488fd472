package org.mailrack.storekeeper.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.store.MailboxStore.NewMessage;
import org.mailrack.testkit.InMemoryContentStore;
import org.mailrack.testkit.InMemoryMailboxStore;

class VerificationTest {

    private final InMemoryContentStore contents = new InMemoryContentStore();
    private final InMemoryMailboxStore mailboxes = new InMemoryMailboxStore();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long inbox;
    private ContentRef queued;

    @BeforeEach
    void fill() {
        inbox = mailboxes.create("bob@hamburger.edu", "INBOX", Optional.empty()).id();
        queued = contents.put("in the queue".getBytes(StandardCharsets.US_ASCII));
    }

    private ContentRef message(String text) {
        ContentRef ref = contents.put(text.getBytes(StandardCharsets.US_ASCII));
        append(ref, text.length());
        return ref;
    }

    private void append(ContentRef ref, long size) {
        mailboxes.append(List.of(new NewMessage(inbox, ref, size, Flags.NONE, Instant.EPOCH, Optional.empty())));
    }

    private Map<String, Object> verify(int mostNamed) {
        Holders holders = new Holders(
                List.of(visitor -> visitor.reference(queued, "in the queue".length()), mailboxes),
                Path.of("not-there"));
        Verification verification = new Verification(contents, holders, mailboxes, mostNamed);
        return verification.run(0, new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    private String told() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aSoundStoreIsFiguresAndNoWord() {
        message("ketchup");
        assertThat(verify(10))
                .containsEntry("octets", 19L)
                .containsEntry("needed", 19L)
                .containsEntry("orphans", 0L)
                .containsEntry("faults", 0L);
        assertThat(told()).isEmpty();
    }

    @Test
    void aMessageWhoseContentIsGoneIsNamedByMailboxAndUid() {
        message("ketchup");
        contents.lose(message("mustard"));
        assertThat(verify(10)).containsEntry("faults", 1L);
        assertThat(told()).startsWith("missing ").contains("bob@hamburger.edu INBOX UID 2");
    }

    @Test
    void damageAndWrongSizesAreFaultsAlsoInTheQueue() {
        contents.damage(queued);
        append(contents.put(new byte[] {1, 2, 3}), 4);
        assertThat(verify(10)).containsEntry("faults", 2L);
        assertThat(told())
                .contains("damaged ")
                .contains("(in the queue, or removed)")
                .contains("size ");
    }

    @Test
    void onlySoManyAreNamed() {
        for (int i = 0; i < 5; i++) {
            contents.lose(message("m" + i));
        }
        assertThat(verify(2)).containsEntry("faults", 5L);
        assertThat(told().lines()).hasSize(3).last().isEqualTo("and 3 more");
    }
}
