package org.mailrack.smtp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.mailrack.api.mail.Envelope;
import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.testkit.TestConnection;

/** RFC 6409 and RFC 4954. */
class SubmissionTest {

    private final Rack rack = new Rack();

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static final String GOOD = base64("\0bob@hamburger.edu\0hungry");
    private static final String BAD = base64("\0bob@hamburger.edu\0full");

    private TestConnection secured() {
        TestConnection client = rack.connect(Flavor.SUBMISSION, TlsMode.IMPLICIT);
        client.exchange("EHLO laptop");
        return client;
    }

    private TestConnection authenticated() {
        TestConnection client = secured();
        assertThat(client.exchange("AUTH PLAIN " + GOOD)).startsWith("235 2.7.0");
        return client;
    }

    @Test
    void authIsOfferedOnlyWhereItMayBeUsed() {
        TestConnection client = rack.connect(Flavor.SUBMISSION, TlsMode.STARTTLS);
        client.read();
        assertThat(client.exchange("EHLO laptop")).contains("STARTTLS").doesNotContain("AUTH");
        assertThat(client.exchange("AUTH PLAIN " + GOOD)).startsWith("538 5.7.11");
        assertThat(client.exchange("MAIL FROM:<bob@hamburger.edu>")).startsWith("530 5.7.0 Must issue a STARTTLS");
        client.exchange("STARTTLS");
        assertThat(client.exchange("AUTH PLAIN " + GOOD)).as("EHLO first").startsWith("503 5.5.1");
        assertThat(client.exchange("EHLO laptop")).contains("AUTH PLAIN LOGIN").doesNotContain("STARTTLS");
        assertThat(client.exchange("MAIL FROM:<bob@hamburger.edu>")).startsWith("530 5.7.0 Authentication");
        assertThat(client.exchange("AUTH PLAIN " + GOOD)).startsWith("235 2.7.0");
        assertThat(client.exchange("EHLO laptop")).doesNotContain("AUTH");
        assertThat(client.exchange("AUTH PLAIN " + GOOD)).startsWith("503 5.5.1");
    }

    @Test
    void plainAndLoginWithAndWithoutInitialResponse() {
        TestConnection client = secured();
        assertThat(client.exchange("auth plain")).isEqualTo("334 \r\n");
        assertThat(client.exchange(GOOD)).startsWith("235 ");
        client = secured();
        assertThat(client.exchange("AUTH LOGIN")).isEqualTo("334 " + base64("Username:") + "\r\n");
        assertThat(client.exchange(base64("bob@hamburger.edu"))).isEqualTo("334 " + base64("Password:") + "\r\n");
        assertThat(client.exchange(base64("hungry"))).startsWith("235 ");
        client = secured();
        assertThat(client.exchange("AUTH LOGIN " + base64("bob@hamburger.edu")))
                .isEqualTo("334 " + base64("Password:") + "\r\n");
        assertThat(client.exchange(base64("hungry"))).startsWith("235 ");
    }

    @ParameterizedTest(name = "RFC 4954 4: AUTH {0} is answered {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "CRAM-MD5     |504 5.5.4",
                "''           |501 5.5.4",
                "PLAIN ?      |501 5.5.2",
                "PLAIN AA=A   |501 5.5.2",
                "PLAIN =      |501 5.5.2",
                "PLAIN AGEAYg |535 5.7.8",
            })
    void answersWhatIsNoGoodAuth(String argument, String reply) {
        TestConnection client = secured();
        assertThat(client.exchange("AUTH " + argument)).startsWith(reply);
        assertThat(client.exchange("NOOP")).as("the exchange is over").startsWith("250 ");
    }

    @Test
    void anExchangeCanBeCancelledAndCannotBeEndless() {
        TestConnection client = secured();
        client.exchange("AUTH PLAIN");
        assertThat(client.exchange("*")).startsWith("501 5.7.0");
        client.exchange("AUTH PLAIN");
        assertThat(client.exchange("A".repeat(12286))).startsWith("501 5.5.2");
        client.exchange("AUTH PLAIN");
        assertThat(client.exchange("A".repeat(12287))).startsWith("500 5.5.6");
        assertThat(client.exchange("NOOP " + "x".repeat(3000)))
                .as("the limit of other commands is not changed")
                .startsWith("500 5.5.2");
        assertThat(client.exchange("NOOP")).startsWith("250 ");
    }

    @Test
    void authIsNotPossibleDuringATransaction() {
        rack.config.put("sender.check", false);
        TestConnection client = authenticated();
        client.exchange("MAIL FROM:<>");
        assertThat(client.exchange("AUTH PLAIN " + GOOD)).startsWith("503 5.5.1");
    }

    @Test
    void afterTooManyFailuresTheSessionEnds() {
        TestConnection client = secured();
        assertThat(client.exchange("AUTH PLAIN " + BAD)).startsWith("535 5.7.8");
        assertThat(client.exchange("AUTH PLAIN " + BAD)).startsWith("535 5.7.8");
        assertThat(client.exchange("AUTH PLAIN " + BAD)).startsWith("421 4.7.0");
        assertThat(client.isClosed()).isTrue();
    }

    @ParameterizedTest(name = "sender.check: <{0}> is answered {1}")
    @CsvSource({
        "bob@hamburger.edu, 250",
        "BOB@hamburger.edu, 250",
        "robert@hamburger.edu, 250",
        "'', 250",
        "alice@crepes.fr, 553",
        "eve@hamburger.edu, 553",
        "postmaster@hamburger.edu, 553"
    })
    void theSenderMustBelongToTheAccount(String sender, String code) {
        assertThat(authenticated().exchange("MAIL FROM:<" + sender + ">")).startsWith(code);
        rack.config.put("sender.check", false);
        assertThat(authenticated().exchange("MAIL FROM:<" + sender + ">")).startsWith("250");
    }

    @Test
    void anAuthenticatedUserSendsToAnyoneAndTheMessageIsCompleted() {
        TestConnection client = authenticated();
        client.lines(
                "MAIL FROM:<bob@hamburger.edu>",
                "RCPT TO:<alice@crepes.fr>",
                "DATA",
                "From: bob@hamburger.edu",
                "Subject: x",
                "",
                "x",
                ".");
        assertThat(client.read()).contains("250 2.1.5", "250 2.6.0");
        assertThat(rack.untraced())
                .isEqualTo("Date: Sat, 01 Mar 2025 12:00:00 +0000\r\n"
                        + "Message-ID: <M1@mx.hamburger.edu>\r\n"
                        + "From: bob@hamburger.edu\r\nSubject: x\r\n\r\nx\r\n");
        assertThat(rack.text(0)).contains("with ESMTPSA id M1");
        assertThat(rack.mails.get(0).envelope().attributes())
                .containsEntry(Envelope.AUTHENTICATED, "bob@hamburger.edu");
    }

    @Test
    void aMessageThatIsCompleteIsLeftAlone() {
        TestConnection client = authenticated();
        String message = "date: yesterday\r\nMESSAGE-ID: <1@x>\r\n\r\nx\r\n";
        client.feed("MAIL FROM:<bob@hamburger.edu>\r\nRCPT TO:<alice@crepes.fr>\r\nDATA\r\n" + message + ".\r\n");
        assertThat(rack.untraced()).isEqualTo(message);
    }

    @Test
    void unknownLocalRecipientsAreRefusedHereToo() {
        TestConnection client = authenticated();
        client.exchange("MAIL FROM:<bob@hamburger.edu>");
        assertThat(client.exchange("RCPT TO:<eve@hamburger.edu>")).startsWith("550 5.1.1");
    }

    @Test
    void port25HasNoAuth() {
        rack.plaintext = true;
        TestConnection client = rack.connect(Flavor.SMTP, TlsMode.IMPLICIT);
        assertThat(client.exchange("EHLO laptop")).doesNotContain("AUTH");
        assertThat(client.exchange("AUTH PLAIN " + GOOD)).startsWith("502 5.5.1");
    }
}
