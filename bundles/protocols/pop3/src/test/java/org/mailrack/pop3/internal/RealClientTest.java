package org.mailrack.pop3.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Properties;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.UIDFolder;
import org.eclipse.angus.mail.pop3.POP3Folder;
import org.eclipse.angus.mail.pop3.POP3Message;
import org.eclipse.angus.mail.pop3.POP3Store;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mailbox.MailboxCounts;
import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.mailbox.internal.MailboxLimits;
import org.mailrack.mailbox.internal.MailboxesImpl;
import org.mailrack.testkit.InMemoryContentStore;
import org.mailrack.testkit.InMemoryMailboxStore;
import org.mailrack.testkit.LoopbackServer;

/** A client that we did not write, over a socket, on the real mailboxes. */
class RealClientTest {

    private static final String BOB = "bob@hamburger.edu";

    private final MailboxesImpl mailboxes =
            new MailboxesImpl(new InMemoryMailboxStore(), new InMemoryContentStore(), MailboxLimits.DEFAULTS);
    private final FakePeople people = new FakePeople();
    private LoopbackServer server;

    @BeforeEach
    void start() {
        people.plaintext = false;
        server = LoopbackServer.serve(Rig.protocol(people, mailboxes), "pop3", TlsMode.STARTTLS);
        deliver("Subject: ketchup\r\n\r\nDo you like ketchup?\r\n.\r\n..dots\r\n");
        deliver("Subject: long\r\n\r\n" + ("How about pickles? ".repeat(20) + "\r\n").repeat(3000));
    }

    @AfterEach
    void stop() {
        server.close();
        mailboxes.close();
        assertThat(server.failures()).isEmpty();
    }

    private void deliver(String message) {
        ContentWriter content = mailboxes.create();
        content.write(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)));
        mailboxes.append(BOB, "INBOX", content, org.mailrack.api.mailbox.Flags.NONE, Instant.EPOCH);
    }

    private POP3Store connect(String password) throws Exception {
        Properties settings = new Properties();
        settings.setProperty("mail.pop3.starttls.enable", "true");
        settings.setProperty("mail.pop3.starttls.required", "true");
        settings.setProperty("mail.pop3.ssl.trust", "*");
        settings.setProperty("mail.pop3.timeout", "10000");
        POP3Store store = (POP3Store) Session.getInstance(settings).getStore("pop3");
        store.connect("127.0.0.1", server.port(), "bob", password);
        return store;
    }

    @Test
    void angusReadsTopsDeletesAndKeeps() throws Exception {
        String keptId;
        try (POP3Store store = connect("hungry")) {
            assertThat(store.capabilities()).containsKeys("TOP", "UIDL", "PIPELINING", "UTF8", "SASL", "EXPIRE");
            assertThat(store.isSSL()).isTrue();
            POP3Folder inbox = (POP3Folder) store.getFolder("INBOX");
            inbox.open(Folder.READ_WRITE);
            Message[] messages = inbox.getMessages();
            assertThat(messages).hasSize(2);
            FetchProfile profile = new FetchProfile();
            profile.add(UIDFolder.FetchProfileItem.UID);
            profile.add(FetchProfile.Item.ENVELOPE);
            inbox.fetch(messages, profile);
            assertThat(messages[0].getSubject()).isEqualTo("ketchup");
            assertThat(messages[0].getContent()).isEqualTo("Do you like ketchup?\r\n.\r\n..dots\r\n");
            assertThat(messages[0].getSize()).isEqualTo(33);
            try (BufferedReader top = new BufferedReader(
                    new InputStreamReader(((POP3Message) messages[1]).top(2), StandardCharsets.US_ASCII))) {
                assertThat(top.lines()).hasSize(4);
            }
            assertThat(((String) messages[1].getContent()).lines()).hasSize(3000);
            keptId = inbox.getUID(messages[1]);
            messages[0].setFlag(Flags.Flag.DELETED, true);
            inbox.close(true);
        }
        MailboxCounts counts = mailboxes.counts(BOB, "INBOX");
        assertThat(counts.messages()).isEqualTo(1);
        assertThat(counts.unseen()).isZero();
        try (POP3Store store = connect("hungry")) {
            POP3Folder inbox = (POP3Folder) store.getFolder("INBOX");
            inbox.open(Folder.READ_ONLY);
            assertThat(inbox.getMessageCount()).isEqualTo(1);
            assertThat(inbox.getUID(inbox.getMessage(1)))
                    .as("the unique-id stays")
                    .isEqualTo(keptId);
            inbox.close(false);
        }
    }

    @Test
    void angusIsToldOfAWrongPassword() {
        assertThatThrownBy(() -> connect("thirsty"))
                .isInstanceOf(AuthenticationFailedException.class)
                .hasMessageContaining("[AUTH]");
    }

    @Test
    void bobQuitsByTheBook() throws Exception {
        people.plaintext = true;
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("user bob\r\npass hungry\r\nlist\r\nretr 1\r\ndele 1\r\nretr 2\r\ndele 2\r\nquit\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(all)
                    .startsWith("+OK hamburger.edu POP3 server ready\r\n+OK\r\n+OK maildrop has 2 messages")
                    .endsWith("\r\n.\r\n+OK message 2 deleted\r\n+OK POP3 server signing off\r\n");
        }
        assertThat(mailboxes.counts(BOB, "INBOX").messages()).isZero();
    }

    @Test
    void droppedSocketRemovesNothingAndFreesTheMaildrop() throws Exception {
        people.plaintext = true;
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("user bob\r\npass hungry\r\ndele 1\r\n".getBytes(StandardCharsets.US_ASCII));
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String line = reader.readLine();
            while (!line.equals("+OK message 1 deleted")) {
                line = reader.readLine();
            }
        }
        long end = System.nanoTime() + 10_000_000_000L;
        while (server.connections() > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        try (POP3Store store = connect("hungry")) {
            Folder inbox = store.getFolder("INBOX");
            inbox.open(Folder.READ_ONLY);
            assertThat(inbox.getMessageCount()).isEqualTo(2);
        }
    }
}
