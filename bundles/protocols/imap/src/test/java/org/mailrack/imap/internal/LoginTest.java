package org.mailrack.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.testkit.TestConnection;

/** Greeting, capabilities, TLS and authentication (RFC 3501 sections 6.1 and 6.2). */
class LoginTest {

    private static final String PLAIN =
            Base64.getEncoder().encodeToString("\0bob\0hungry".getBytes(StandardCharsets.US_ASCII));

    private final Rack rack = new Rack();

    @AfterEach
    void close() {
        rack.close();
    }

    @Test
    void theGreetingTellsCapabilitiesThatFitTheState() {
        Client client = rack.connect();
        assertThat(client.greeting)
                .startsWith("* OK [CAPABILITY IMAP4rev1 LITERAL+ STARTTLS SASL-IR AUTH=PLAIN AUTH=LOGIN ID ENABLE ")
                .contains(" IDLE ", " UIDPLUS ", " MOVE", " NAMESPACE ", " SPECIAL-USE ", " UNSELECT ", " CHILDREN ")
                .contains("] mail.hamburger.edu ")
                .doesNotContain("LOGINDISABLED", "CONDSTORE");
        assertThat(client.end("LOGIN bob hungry"))
                .startsWith("tag OK [CAPABILITY IMAP4rev1 LITERAL+ ID")
                .doesNotContain("STARTTLS", "AUTH=");
    }

    @Test
    void withoutTlsAPasswordIsRefusedWhenPlaintextIsNotAllowed() {
        rack.authenticator.plaintext = false;
        Client client = rack.connect();
        assertThat(client.greeting).contains(" LOGINDISABLED").doesNotContain("AUTH=");
        assertThat(client.end("LOGIN bob hungry")).startsWith("tag NO [PRIVACYREQUIRED]");
        assertThat(client.end("AUTHENTICATE PLAIN")).startsWith("tag NO [CANNOT]");
        client.ok("STARTTLS");
        assertThat(client.connection.secure()).isTrue();
        assertThat(client.ok("CAPABILITY").get(0)).contains("AUTH=PLAIN").doesNotContain("STARTTLS", "LOGINDISABLED");
        client.ok("LOGIN bob hungry");
    }

    @Test
    void plaintextPipelinedOverStartTlsIsThrownAway() {
        Client client = rack.connect();
        assertThat(client.raw("a STARTTLS\r\nb LOGIN bob hungry\r\nc NOOP\r\n"))
                .isEqualTo("a OK Begin TLS negotiation now\r\n");
        assertThat(client.end("SELECT INBOX")).startsWith("tag BAD");
        assertThat(client.end("STARTTLS")).startsWith("tag BAD");
    }

    @Test
    void startTlsIsNotOfferedWhereTheEndpointHasNone() {
        Client client = new Client(rack.protocol, TestConnection.endpoint("imap", TlsMode.NONE, Map.of()));
        assertThat(client.greeting).doesNotContain("STARTTLS");
        assertThat(client.end("STARTTLS")).startsWith("tag BAD");
        Client implicit = new Client(rack.protocol, TestConnection.endpoint("imaps", TlsMode.IMPLICIT, Map.of()));
        assertThat(implicit.greeting).doesNotContain("STARTTLS");
        assertThat(implicit.end("STARTTLS")).startsWith("tag BAD");
    }

    @Test
    void authenticateWithAndWithoutInitialResponse() {
        Client client = rack.connect();
        client.ok("AUTHENTICATE PLAIN " + PLAIN);
        assertThat(client.end("AUTHENTICATE PLAIN " + PLAIN)).as("once only").startsWith("tag BAD");
        Client second = rack.connect();
        assertThat(second.raw("a AUTHENTICATE PLAIN\r\n")).isEqualTo("+ \r\n");
        assertThat(second.raw(PLAIN + "\r\n")).startsWith("a OK [CAPABILITY");
        Client third = rack.connect();
        assertThat(third.raw("a authenticate login\r\n")).isEqualTo("+ VXNlcm5hbWU6\r\n");
        assertThat(third.raw("Ym9i\r\n")).isEqualTo("+ UGFzc3dvcmQ6\r\n");
        assertThat(third.raw("aHVuZ3J5\r\n")).startsWith("a OK [CAPABILITY");
    }

    @Test
    void authenticateCanBeCancelledAndFailsOnRubbish() {
        Client client = rack.connect();
        assertThat(client.raw("a AUTHENTICATE PLAIN\r\n*\r\n")).isEqualTo("+ \r\na BAD AUTHENTICATE cancelled\r\n");
        assertThat(client.raw("b AUTHENTICATE PLAIN\r\n!!\r\n")).isEqualTo("+ \r\nb BAD Not Base64\r\n");
        assertThat(client.raw("c AUTHENTICATE PLAIN =\r\n")).startsWith("c BAD ");
        assertThat(client.raw("d AUTHENTICATE PLAIN\r\n{3+}\r\nabc\r\n")).contains("d BAD");
        assertThat(client.raw("e NOOP\r\n")).isEqualTo("e OK NOOP completed\r\n");
    }

    @Test
    void aWrongPasswordIsToldInTheCodesOfRfc5530() {
        Client client = rack.connect();
        assertThat(client.end("LOGIN bob angry")).startsWith("tag NO [AUTHENTICATIONFAILED]");
        assertThat(client.end("LOGIN nobody angry")).startsWith("tag NO [AUTHENTICATIONFAILED]");
        rack.authenticator.down = true;
        assertThat(client.end("LOGIN bob hungry")).startsWith("tag NO [UNAVAILABLE]");
        rack.authenticator.down = false;
        client.ok("LOGIN \"bob\" {6+}\r\nhungry");
    }

    @Test
    void whoGuessesTooOftenIsDropped() {
        Client client = rack.connect();
        for (int i = 0; i < 4; i++) {
            client.end("LOGIN bob angry");
        }
        assertThat(client.end("LOGIN bob angry")).startsWith("* BYE");
        assertThat(client.connection.isClosed()).isTrue();
    }

    @Test
    void idAndLogoutAreValidAtAnyTime() {
        Client client = rack.connect();
        assertThat(client.ok("ID (\"name\" \"mutt\" \"version\" NIL)")).containsExactly("* ID (\"name\" \"Mailrack\")");
        assertThat(client.ok("ID NIL")).hasSize(1);
        assertThat(client.end("ID (\"name\")")).startsWith("tag BAD");
        assertThat(client.raw("x LOGOUT\r\ny NOOP\r\n")).isEqualTo("* BYE Goodbye\r\nx OK LOGOUT completed\r\n");
        assertThat(client.connection.isClosed()).isTrue();
    }

    @Test
    void commandsOfOtherStatesAreBad() {
        Client client = rack.connect();
        assertThat(client.end("SELECT INBOX")).isEqualTo("tag BAD Log in first");
        client.ok("LOGIN bob hungry");
        assertThat(client.end("FETCH 1 FLAGS")).isEqualTo("tag BAD Select a mailbox first");
        assertThat(client.end("LOGIN bob hungry")).startsWith("tag BAD");
        assertThat(client.ok("NAMESPACE")).containsExactly("* NAMESPACE ((\"\" \"/\")) NIL NIL");
        assertThat(client.ok("ENABLE CONDSTORE")).containsExactly("* ENABLED");
    }

    @Test
    void whoIsSilentIsDropped() {
        Client client = rack.connect();
        assertThat(client.connection.idleTimeout()).hasSeconds(60);
        client.ok("LOGIN bob hungry");
        assertThat(client.connection.idleTimeout()).hasMinutes(30);
        client.connection.passIdleTime();
        assertThat(client.connection.read()).startsWith("* BYE ");
        assertThat(client.connection.isClosed()).isTrue();
    }
}
