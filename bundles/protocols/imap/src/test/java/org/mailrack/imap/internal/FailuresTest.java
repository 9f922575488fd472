package org.mailrack.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mailrack.imap.internal.SelectedStateTest.PICKLES;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.net.Protocol.Refusal;
import org.mailrack.api.store.StoreException;
import org.mailrack.api.store.StoreException.Kind;
import org.mailrack.testkit.TestConnection;

/** What a client is told when the store fails (RFC 5530). */
class FailuresTest {

    private final Rack rack = new Rack();
    private String failing = "";
    private RuntimeException failure;

    @AfterEach
    void close() {
        rack.close();
    }

    /** Real mailboxes of which one method fails. */
    private <T> T fragile(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if (method.getName().equals(failing)) {
                throw failure;
            }
            try {
                Object result = method.invoke(real, args);
                return result instanceof Mailbox mailbox
                        ? fragile(Mailbox.class, mailbox)
                        : result instanceof Content content && failing.equals("read") ? broken(content) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private static Content broken(Content real) {
        return new Content() {
            @Override
            public long length() {
                return real.length();
            }

            @Override
            public InputStream open(long offset, long count) throws IOException {
                return new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("checksum does not fit");
                    }
                };
            }
        };
    }

    private void fail(String method, Kind kind) {
        failing = method;
        failure = new StoreException(kind, "secret reason");
    }

    private Client client() {
        Mailboxes mailboxes = fragile(Mailboxes.class, rack.mailboxes);
        ImapProtocol protocol =
                new ImapProtocol(mailboxes, rack.authenticator, Rack.directory(), Rack.config(Map.of()));
        Client client = new Client(protocol);
        client.ok("LOGIN bob hungry");
        return client;
    }

    @Test
    void everyKindHasItsCode() {
        Client client = client();
        fail("list", Kind.UNAVAILABLE);
        assertThat(client.end("LIST \"\" *")).startsWith("tag NO [UNAVAILABLE]").doesNotContain("secret");
        fail("append", Kind.NO_SPACE);
        assertThat(client.end("APPEND INBOX {4+}\r\na: b")).startsWith("tag NO [OVERQUOTA]");
        fail("create", Kind.NO_SPACE);
        assertThat(client.end("APPEND INBOX {4+}\r\na: b")).startsWith("tag NO [OVERQUOTA]");
        fail("append", Kind.NOT_FOUND);
        assertThat(client.end("APPEND INBOX {4+}\r\na: b")).startsWith("tag NO [TRYCREATE]");
        failing = "counts";
        failure = new IllegalStateException("a bug");
        assertThat(client.end("STATUS INBOX (MESSAGES)")).startsWith("tag NO [SERVERBUG]");
        failing = "";
        client.ok("STATUS INBOX (MESSAGES)");
    }

    @Test
    void messagesThatCannotBeReadAreLeftOutAndTheRestIsSent() {
        rack.deliver(PICKLES);
        Client client = client();
        client.ok("SELECT INBOX");
        fail("content", Kind.NOT_FOUND);
        assertThat(client.run("FETCH 1 BODY.PEEK[]"))
                .containsExactly("tag NO [EXPUNGEISSUED] Some of the messages are there no more");
        fail("content", Kind.DAMAGED);
        assertThat(client.run("FETCH 1 BODY.PEEK[]"))
                .containsExactly("tag NO [CORRUPTION] Some of the messages cannot be read");
        fail("structure", Kind.UNAVAILABLE);
        assertThat(client.run("FETCH 1 (FLAGS BODYSTRUCTURE)"))
                .containsExactly("tag NO [UNAVAILABLE] Some of the messages cannot be read now");
        fail("changeFlags", Kind.UNAVAILABLE);
        assertThat(client.ok("FETCH 1 BODY[TEXT]"))
                .as("readable though not to be marked")
                .hasSize(3);
        assertThat(client.end("STORE 1 +FLAGS (\\Seen)")).startsWith("tag NO [UNAVAILABLE]");
    }

    @Test
    void aLiteralThatCannotBeKeptEndsTheConnection() {
        rack.deliver(PICKLES);
        Client client = client();
        client.ok("SELECT INBOX");
        failing = "read";
        client.connection.feed("a FETCH 1 BODY.PEEK[]\r\n");
        assertThat(client.connection.awaitClosed()).doesNotContain("a OK", "a NO");
    }

    @Test
    void whoIsTurnedAwayIsToldWhy() {
        for (Refusal reason : Refusal.values()) {
            String text = StandardCharsets.US_ASCII
                    .decode(rack.protocol.refusal(reason))
                    .toString();
            assertThat(text).startsWith("* BYE [").endsWith("\r\n");
        }
    }

    @Test
    void aDamagedSettingIsNamed() {
        assertThatThrownBy(() -> new Rack(Map.of("max_line_length", 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("max.line.length");
    }

    @Test
    void changedSettingsApplyToNewSessions() {
        Client before = rack.login();
        rack.protocol.modified(Rack.config(Map.of("max_append_size", 3L, "search_threads", 9, "login_threads", 1)));
        assertThat(before.end("APPEND INBOX {4+}\r\na: b")).startsWith("tag OK");
        assertThat(rack.login().end("APPEND INBOX {4+}\r\na: b")).startsWith("tag NO [TOOBIG]");
        assertThat(TestConnection.open(rack.protocol).read()).startsWith("* OK");
    }
}
