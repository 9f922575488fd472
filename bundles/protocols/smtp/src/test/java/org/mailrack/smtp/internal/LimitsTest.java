package org.mailrack.smtp.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.mailrack.testkit.TestConnection;

/** Promise 7: nothing is unbounded, and passing a limit is a clear protocol error. */
class LimitsTest {

    private final Rack rack = new Rack();

    @Test
    void commandLines() {
        TestConnection client = rack.greeted();
        assertThat(client.exchange("NOOP " + "x".repeat(2041))).startsWith("250 ");
        assertThat(client.exchange("NOOP " + "x".repeat(2042))).startsWith("500 5.5.2");
        assertThat(client.exchange("NOOP")).startsWith("250 ");
    }

    @Test
    void aLineWithoutEnd() {
        TestConnection client = rack.greeted();
        for (int i = 0; i < 40 && !client.isClosed(); i++) {
            client.feed("x".repeat(64 * 1024));
            assertThat(client.isClosed() || client.unconsumed() == 0).isTrue();
        }
        assertThat(client.awaitClosed()).isEqualTo("500 5.5.2 Line too long\r\n");
    }

    @Test
    void whatIsNoCommandAtAll() {
        TestConnection client = rack.greeted();
        assertThat(client.exchange("NOOP\nMAIL FROM:<evil@x.org>")).startsWith("500 5.5.2 Line does not end with CRLF");
        assertThat(client.exchange("RCPT TO:<bob@hamburger.edu>")).startsWith("503 ");
        assertThat(client.exchange("NO\0OP")).startsWith("500 5.5.2");
        client.feed(new byte[] {'N', 'O', 'O', 'P', ' ', (byte) 0xff, '\r', '\n'});
        assertThat(client.read()).startsWith("500 5.5.2");
        assertThat(client.exchange("")).startsWith("500 5.5.1");
        assertThat(client.exchange("NOOP")).startsWith("250 ");
    }

    @Test
    void aBrowserIsShownTheDoor() {
        TestConnection client = rack.smtp();
        client.read();
        client.feed("POST / HTTP/1.1\r\nHost: mx.hamburger.edu\r\n\r\nMAIL FROM:<evil@x.org>\r\n");
        assertThat(client.awaitClosed()).isEqualTo("421 4.7.0 This is no SMTP, closing\r\n");
    }

    @Test
    void errors() {
        TestConnection client = rack.greeted();
        for (int i = 1; i < 20; i++) {
            assertThat(client.exchange("FNORD")).startsWith("500 5.5.1");
        }
        assertThat(client.exchange("FNORD"))
                .isEqualTo("500 5.5.1 Command not recognised\r\n421 4.7.0 Too many errors, closing\r\n");
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void recipients() {
        TestConnection client = rack.greeted();
        client.exchange("MAIL FROM:<alice@crepes.fr>");
        int accepted = 0;
        int deferred = 0;
        for (int i = 0; i < 10_000; i++) {
            String reply = client.exchange("RCPT TO:<many" + i + "@hamburger.edu>");
            accepted += reply.startsWith("250 2.1.5") ? 1 : 0;
            deferred += reply.startsWith("452 4.5.3") ? 1 : 0;
        }
        assertThat(accepted).isEqualTo(1000);
        assertThat(deferred).isEqualTo(9000);
        client.lines("DATA", "Subject: x", "", ".");
        assertThat(rack.mails.get(0).envelope().recipients()).hasSize(1000);
    }

    @Test
    void guessedRecipients() {
        TestConnection client = rack.greeted();
        client.exchange("MAIL FROM:<alice@crepes.fr>");
        for (int i = 1; i < 100; i++) {
            assertThat(client.exchange("RCPT TO:<guess" + i + "@hamburger.edu>"))
                    .startsWith("550 5.1.1");
        }
        assertThat(client.exchange("RCPT TO:<guess@hamburger.edu>")).startsWith("421 4.7.0");
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void commandsAndMessagesOfASession() {
        rack.config.put("max.session.commands", 10);
        TestConnection client = rack.greeted();
        for (int i = 0; i < 9; i++) {
            assertThat(client.exchange("NOOP")).startsWith("250 ");
        }
        assertThat(client.exchange("NOOP")).startsWith("421 4.7.0 Session limit");
        rack.config.remove("max.session.commands");
        rack.config.put("max.session.messages", 1);
        client = rack.greeted();
        assertThat(client.exchange("MAIL FROM:<>")).startsWith("250 ");
        client.exchange("RSET");
        assertThat(client.exchange("MAIL FROM:<>")).startsWith("421 4.7.0 Session limit");
    }

    @Test
    void theLengthOfASession() {
        TestConnection client = rack.inData();
        client.feed("drip");
        rack.now = rack.now.plus(Duration.ofHours(3));
        client.feed("drip");
        assertThat(client.awaitClosed()).startsWith("421 4.7.0 Session limit");
        assertThat(rack.writersOpen).hasValue(0);
    }

    @Test
    void aServiceThatThrowsEndsThisSessionInTheWordsOfTheProtocol() {
        TestConnection client = rack.greeted();
        rack.failing = true;
        assertThat(client.exchange("MAIL FROM:<a@b.org>")).startsWith("421 4.3.0");
        assertThat(client.isClosed()).isTrue();
        assertThat(rack.smtp().read()).startsWith("421 4.3.0");
    }

    @Test
    void idleTime() {
        TestConnection client = rack.inData();
        assertThat(client.idleTimeout()).isEqualTo(Duration.ofMinutes(5));
        client.feed("Subject: half");
        client.passIdleTime();
        assertThat(client.awaitClosed()).startsWith("421 4.4.2");
        assertThat(rack.mails).isEmpty();
        assertThat(rack.writersOpen).hasValue(0);
    }

    @Test
    void aClientThatDoesNotReadIsNotAnsweredForEver() {
        TestConnection client = rack.greeted();
        client.window(0);
        for (int i = 0; i < 100; i++) {
            client.feed("NOOP\r\n".repeat(1000));
        }
        assertThat(client.untaken()).isLessThan(256 * 1024);
        assertThat(client.unconsumed()).isPositive();
    }

    @Test
    void goodbyeComesAfterTheCommandAtHand() {
        TestConnection client = rack.greeted();
        client.sayGoodbye();
        assertThat(client.awaitClosed()).isEqualTo("421 4.3.2 Service is going down, try again later\r\n");
        client = rack.inData();
        client.feed("Subject: x\r\n\r\n");
        client.sayGoodbye();
        assertThat(client.read()).isEmpty();
        client.feed("x\r\n.\r\nNOOP\r\n");
        assertThat(client.readLines())
                .satisfiesExactly(line -> assertThat(line).startsWith("250 2.6.0"), line -> assertThat(line)
                        .startsWith("421 4.3.2"));
        assertThat(client.isClosed()).isTrue();
        assertThat(rack.mails).hasSize(1);
    }

    @ParameterizedTest(name = "{0} = {1} is refused by name")
    @CsvSource({"max.message.size, 1", "max.recipients, 1", "max.command.line, 100", "bare.newlines, maybe"})
    void aBadSettingIsNamed(String setting, String value) {
        Object typed = setting.equals("bare.newlines")
                ? value
                : setting.equals("max.message.size") ? (Object) Long.valueOf(value) : (Object) Integer.valueOf(value);
        rack.config.put(setting, typed);
        assertThatThrownBy(() -> SmtpSettings.of(rack.config()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(setting);
    }
}
