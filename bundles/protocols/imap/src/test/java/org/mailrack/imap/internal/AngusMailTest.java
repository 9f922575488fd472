package org.mailrack.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mailrack.imap.internal.SelectedStateTest.PICKLES;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.event.MessageCountAdapter;
import jakarta.mail.event.MessageCountEvent;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.search.FlagTerm;
import jakarta.mail.search.SubjectTerm;
import org.eclipse.angus.mail.imap.AppendUID;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.testkit.LoopbackServer;

/** A client that we did not write, over a socket, after STARTTLS. */
class AngusMailTest {

    private static final String NESTED = "From: a@x.org\nSubject: =?utf-8?q?K=C3=A4se?=\nMIME-Version: 1.0\n"
            + "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\nGr\u00fc\u00dfe\n"
            + "--b\nContent-Type: application/pdf; name=\"a.pdf\"\nContent-Disposition: attachment; filename=\"a.pdf\"\n"
            + "Content-Transfer-Encoding: base64\n\naGVsbG8=\n--b\nContent-Type: message/rfc822\n\nSubject: inner\n\ninside\n--b--\n";

    private final Rack rack = new Rack();
    private final LoopbackServer server = LoopbackServer.serve(rack.protocol, "imap", TlsMode.STARTTLS);
    private IMAPStore store;

    @BeforeEach
    void connect() throws Exception {
        rack.authenticator.plaintext = false;
        store = open();
    }

    private IMAPStore open() throws Exception {
        Properties properties = new Properties();
        properties.setProperty("mail.imap.starttls.required", "true");
        properties.setProperty("mail.imap.starttls.enable", "true");
        properties.setProperty("mail.imap.ssl.trust", "*");
        properties.setProperty("mail.imap.ssl.checkserveridentity", "false");
        properties.setProperty("mail.imap.timeout", "10000");
        IMAPStore opened = (IMAPStore) Session.getInstance(properties).getStore("imap");
        opened.connect("127.0.0.1", server.port(), "bob", "hungry");
        return opened;
    }

    @AfterEach
    void close() throws Exception {
        store.close();
        server.close();
        rack.close();
        assertThat(server.failures()).isEmpty();
    }

    private IMAPFolder inbox() throws Exception {
        IMAPFolder inbox = (IMAPFolder) store.getFolder("INBOX");
        inbox.open(Folder.READ_WRITE);
        return inbox;
    }

    @Test
    void foldersAreMadeRenamedListedAndDeleted() throws Exception {
        Folder made = store.getFolder("K\u00e4se/Gouda");
        assertThat(made.create(Folder.HOLDS_MESSAGES)).isTrue();
        assertThat(Arrays.stream(store.getDefaultFolder().list("*")).map(Folder::getFullName))
                .contains("INBOX", "Trash", "K\u00e4se", "K\u00e4se/Gouda");
        assertThat(made.renameTo(store.getFolder("K\u00e4se/Brie"))).isTrue();
        assertThat(store.getFolder("K\u00e4se/Brie").exists()).isTrue();
        assertThat(store.getFolder("K\u00e4se").delete(true)).isTrue();
        assertThat(store.getFolder("K\u00e4se").exists()).isFalse();
        assertThat(((IMAPFolder) store.getFolder("Trash")).getAttributes()).contains("\\Trash");
    }

    @Test
    void mimeIsReadPartByPart() throws Exception {
        rack.deliver(NESTED);
        IMAPFolder inbox = inbox();
        Message message = inbox.getMessage(1);
        assertThat(message.getSubject()).isEqualTo("K\u00e4se");
        Multipart parts = (Multipart) message.getContent();
        assertThat(parts.getCount()).isEqualTo(3);
        assertThat(parts.getBodyPart(0).getContent()).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(parts.getBodyPart(1).getFileName()).isEqualTo("a.pdf");
        assertThat(new String(parts.getBodyPart(1).getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .isEqualTo("hello");
        Message inner = (Message) parts.getBodyPart(2).getContent();
        assertThat(inner.getSubject()).isEqualTo("inner");
        assertThat(inner.getContent().toString()).startsWith("inside");
        assertThat(message.isSet(Flags.Flag.SEEN)).isTrue();
    }

    @Test
    void aMessageWithoutHeaderIsRead() throws Exception {
        rack.deliver("Do you like ketchup?\nHow about pickles?\n");
        Message message = inbox().getMessage(1);
        assertThat(message.getSubject()).isNull();
        assertThat(message.getContent()).isEqualTo("Do you like ketchup?\r\nHow about pickles?\r\n");
    }

    @Test
    void messagesAreFoundFlaggedAndExpunged() throws Exception {
        rack.deliver(PICKLES);
        rack.deliver(NESTED);
        IMAPFolder inbox = inbox();
        assertThat(inbox.search(new SubjectTerm("k\u00e4se")))
                .extracting(Message::getMessageNumber)
                .containsExactly(2);
        inbox.getMessage(1).setFlag(Flags.Flag.DELETED, true);
        assertThat(inbox.search(new FlagTerm(new Flags(Flags.Flag.DELETED), true)))
                .hasSize(1);
        assertThat(inbox.expunge()).hasSize(1);
        assertThat(inbox.getMessageCount()).isEqualTo(1);
        assertThat(inbox.getMessage(1).getSubject()).isEqualTo("K\u00e4se");
    }

    @Test
    void messagesAreAppendedCopiedAndMoved() throws Exception {
        IMAPFolder inbox = inbox();
        byte[] text =
                ("Subject: big\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(5000)).getBytes(StandardCharsets.US_ASCII);
        MimeMessage big = new MimeMessage((Session) null, new ByteArrayInputStream(text));
        AppendUID[] uids = inbox.appendUIDMessages(new Message[] {big});
        assertThat(uids[0].uid).isEqualTo(1);
        Message message = inbox.getMessageByUID(1);
        assertThat(message.getSize()).isEqualTo(text.length);
        assertThat(((String) message.getContent()).length()).isEqualTo(72 * 5000);
        IMAPFolder trash = (IMAPFolder) store.getFolder("Trash");
        inbox.copyMessages(new Message[] {message}, trash);
        assertThat(trash.getMessageCount()).isEqualTo(1);
        inbox.moveMessages(new Message[] {message}, trash);
        assertThat(rack.mailboxes.counts(Rack.BOB, "Trash").messages()).isEqualTo(2);
        assertThat(message.isExpunged()).isTrue();
    }

    @Test
    void idleTellsNewMail() throws Exception {
        IMAPFolder inbox = inbox();
        CountDownLatch told = new CountDownLatch(1);
        inbox.addMessageCountListener(new MessageCountAdapter() {
            @Override
            public void messagesAdded(MessageCountEvent event) {
                told.countDown();
            }
        });
        Thread idler = new Thread(() -> {
            try {
                inbox.idle(true);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        idler.start();
        rack.deliver(PICKLES);
        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        idler.join(TimeUnit.SECONDS.toMillis(10));
        assertThat(idler.isAlive()).isFalse();
        assertThat(inbox.getMessageCount()).isEqualTo(1);
    }
}
