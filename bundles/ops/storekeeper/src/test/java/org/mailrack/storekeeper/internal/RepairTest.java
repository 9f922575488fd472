package org.mailrack.storekeeper.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.spool.Spool;
import org.mailrack.api.spool.SpooledMail;
import org.mailrack.api.store.ContentHolder;
import org.mailrack.mailbox.internal.MailboxLimits;
import org.mailrack.mailbox.internal.MailboxesImpl;
import org.mailrack.testkit.InMemoryContentStore;
import org.mailrack.testkit.InMemoryMailboxStore;

class RepairTest {

    private static final String BOB = "bob@hamburger.edu";
    private static final Instant NOON = Instant.parse("2025-06-01T12:00:00Z");

    private final InMemoryContentStore contents = new InMemoryContentStore();
    private final InMemoryMailboxStore store = new InMemoryMailboxStore();
    private final MailboxesImpl mailboxes = new MailboxesImpl(store, contents, MailboxLimits.DEFAULTS);
    private final List<SpooledMail> queue = new ArrayList<>();
    private final Spool spool = (Spool) Proxy.newProxyInstance(
            RepairTest.class.getClassLoader(),
            new Class<?>[] {Spool.class},
            (proxy, method, args) -> switch (method.getName()) {
                case "list" -> ((Optional<?>) args[0]).isPresent() ? List.of() : List.copyOf(queue);
                case "references" -> {
                    queue.forEach(mail -> ((ContentHolder.References) args[0]).reference(mail.content(), mail.size()));
                    yield null;
                }
                case "hold" -> held(((Collection<?>) args[0]), (String) args[1]);
                case "equals" -> proxy == args[0];
                default -> throw new UnsupportedOperationException(method.getName());
            });
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();

    @BeforeEach
    void fill() {
        for (int i = 1; i <= 3; i++) {
            ContentWriter writer = mailboxes.create();
            writer.write(utf8("From: alice@crepes.fr\r\nSubject: mail " + i + "\r\n\r\ntext " + i + "\r\n"));
            mailboxes.append(BOB, "INBOX", writer, Flags.of("\\Seen", "note" + i), NOON);
        }
    }

    private int held(Collection<?> ids, String reason) {
        queue.replaceAll(mail -> ids.contains(mail.id()) ? mail(mail.id().value(), mail.content(), reason) : mail);
        return ids.size();
    }

    private static SpooledMail mail(String id, ContentRef content, String held) {
        return new SpooledMail(new MailId(id), null, List.of(), content, 4, NOON, 0, NOON, held);
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, Object> repair() {
        Holders holders = new Holders(List.of(spool, store), Path.of("not-there"));
        return new Repair(contents, spool, store, mailboxes, holders, "mail.hamburger.edu")
                .run(new PrintStream(told, true, StandardCharsets.UTF_8));
    }

    private ContentRef content(int uid) {
        try (Mailbox inbox = mailboxes.open(BOB, "INBOX")) {
            MailboxView view = inbox.view();
            return view.row(view.indexOf(uid)).content();
        }
    }

    private List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>();
        try (Mailbox inbox = mailboxes.open(BOB, "INBOX")) {
            MailboxView view = inbox.view();
            for (int i = 0; i < view.size(); i++) {
                try (InputStream in = inbox.content(view.row(i).content()).open()) {
                    texts.add(view.uid(i) + " " + new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return texts;
    }

    @Test
    void aSoundStoreIsLeftAlone() throws Exception {
        List<String> before = texts();
        assertThat(repair())
                .containsEntry("replaced", 0)
                .containsEntry("held", 0)
                .containsEntry("damaged", 0L);
        assertThat(texts()).isEqualTo(before);
        assertThat(told.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void aNoteWithFlagsAndDateStandsInForALostMessageAndItsUidIsNew() throws Exception {
        contents.lose(content(2));
        assertThat(repair()).containsEntry("replaced", 1);
        assertThat(texts()).hasSize(3);
        assertThat(texts().get(0)).startsWith("1 ").contains("text 1");
        assertThat(texts().get(1)).startsWith("3 ").contains("text 3");
        assertThat(texts().get(2))
                .startsWith("4 From: Mail system <postmaster@mail.hamburger.edu>\r\nSubject: [lost] ")
                .contains("is lost")
                .contains("Received: Sun, 1 Jun 2025 12:00:00 +0000\r\n");
        try (Mailbox inbox = mailboxes.open(BOB, "INBOX")) {
            assertThat(inbox.view().flags(2)).isEqualTo(Flags.of("\\Seen", "note2"));
            assertThat(inbox.view().internalDate(2)).isEqualTo(NOON);
        }
        assertThat(told.toString(StandardCharsets.UTF_8)).contains(BOB + " INBOX UID 2 is replaced by a note");
        assertThat(repair()).as("again").containsEntry("replaced", 0);
    }

    /** Repair takes away nothing that may still be brought back. */
    @Test
    void aDamagedMessageStays() {
        contents.damage(content(2));
        assertThat(repair()).containsEntry("replaced", 0).containsEntry("damaged", 1L);
        try (Mailbox inbox = mailboxes.open(BOB, "INBOX")) {
            assertThat(inbox.view().size()).isEqualTo(3);
        }
    }

    @Test
    void mailOfTheQueueWithoutItsContentIsHeld() {
        ContentRef good = contents.put("good".getBytes(StandardCharsets.US_ASCII));
        ContentRef lost = contents.put("lost".getBytes(StandardCharsets.US_ASCII));
        contents.lose(lost);
        queue.add(mail("a1", good, ""));
        queue.add(mail("a2", lost, ""));
        assertThat(repair()).containsEntry("held", 1);
        assertThat(queue).extracting(SpooledMail::held).containsExactly("", "its content is gone");
    }
}
