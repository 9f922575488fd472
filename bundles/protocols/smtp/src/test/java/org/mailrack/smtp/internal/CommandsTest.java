package org.mailrack.smtp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.api.store.StoreException;
import org.mailrack.testkit.TestConnection;

class CommandsTest {

    private final Rack rack = new Rack();

    @ParameterizedTest(name = "before anything else, {0} is answered {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "EHLO                 |501 ",
                "EHLO two words       |501 ",
                "HELO <x>             |501 ",
                "MAIL FROM:<a@b.org>  |503 5.5.1",
                "RCPT TO:<a@b.org>    |503 5.5.1",
                "DATA                 |503 5.5.1",
                "RSET                 |250 2.0.0",
                "RSET now             |501 5.5.4",
                "NOOP                 |250 2.0.0",
                "noop anything        |250 2.0.0",
                "VRFY bob             |252 2.5.0",
                "VRFY                 |501 5.5.4",
                "HELP                 |214-2.0.0",
                "EXPN list            |502 5.5.1",
                "ETRN x.org           |502 5.5.1",
                "AUTH PLAIN           |502 5.5.1",
                "STARTTLS now         |501 5.5.4",
                "LHLO x               |500 5.5.1",
                "FNORD                |500 5.5.1",
                "MAIL                 |503 5.5.1",
                "QUIT now             |501 5.5.4",
            })
    void answersOutOfContext(String line, String reply) {
        TestConnection client = rack.smtp();
        client.read();
        assertThat(client.exchange(line)).startsWith(reply);
        assertThat(client.exchange("NOOP")).as("the session goes on").startsWith("250 ");
    }

    @ParameterizedTest(name = "RFC 5321 4.1.1.2: {0} is answered {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "MAIL FROM:<a@b.org>                                          |250 2.1.0",
                "mail from:<a@b.org>                                          |250 2.1.0",
                "MAIL FROM:   <a@b.org>                                       |250 2.1.0",
                "MAIL FROM:<>                                                 |250 2.1.0",
                "MAIL FROM:<@x.org,@y.org:a@b.org>                            |250 2.1.0",
                "MAIL FROM:<@[IPv6:::1]:a@b.org>                              |250 2.1.0",
                "MAIL FROM:<\"a > b\"@b.org>                                  |250 2.1.0",
                "MAIL FROM:<\"a\\\"> b\"@b.org>                               |250 2.1.0",
                "MAIL FROM:<a@b.org> SIZE=1000 BODY=8BITMIME AUTH=<> SMTPUTF8 |250 2.1.0",
                "MAIL FROM:<a@b.org> size=1000 body=7bit                      |250 2.1.0",
                "MAIL FROM:<a@b.org> SIZE=52428800                            |250 2.1.0",
                "MAIL FROM:<é@b.org> SMTPUTF8                                 |250 2.1.0",
                "MAIL FROM:<é@b.org>                                          |550 5.6.7",
                "MAIL FROM:<a@b.org> SIZE=52428801                            |552 5.3.4",
                "MAIL FROM:<a@b.org> SIZE=99999999999999999999                |552 5.3.4",
                "MAIL FROM:<a@b.org> SIZE=-1                                  |501 5.5.4",
                "MAIL FROM:<a@b.org> SIZE=                                    |501 5.5.4",
                "MAIL FROM:<a@b.org> SIZE                                     |501 5.5.4",
                "MAIL FROM:<a@b.org> SIZE=1 SIZE=2                            |501 5.5.4",
                "MAIL FROM:<a@b.org> BODY=9BIT                                |501 5.5.4",
                "MAIL FROM:<a@b.org> SMTPUTF8=1                               |501 5.5.4",
                "MAIL FROM:<a@b.org> =x                                       |501 5.5.4",
                "MAIL FROM:<a@b.org> FNORD=1                                  |555 5.5.4",
                "MAIL FROM:<a@b.org>SIZE=1                                    |501 5.5.4",
                "MAIL FROM:a@b.org                                            |501 5.5.4",
                "MAIL FROM:<a@b.org                                           |501 5.5.4",
                "MAIL FROM:                                                   |501 5.5.4",
                "MAIL FROM                                                    |501 5.5.4",
                "MAIL TO:<a@b.org>                                            |501 5.5.4",
                "MAIL FROM:<@x.org:>                                          |250 2.1.0",
                "MAIL FROM:<@x.org>                                           |501 5.5.4",
                "MAIL FROM:<a>                                                |553 5.1.7",
                "MAIL FROM:<a@b@c>                                            |553 5.1.7",
            })
    void readsMail(String line, String reply) {
        assertThat(rack.greeted().exchange(line)).startsWith(reply);
    }

    @ParameterizedTest(name = "RFC 5321 4.1.1.3: {0} is answered {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "RCPT TO:<bob@hamburger.edu>           |250 2.1.5",
                "RCPT TO: <Bob@Hamburger.EDU>          |250 2.1.5",
                "RCPT TO:<@x.org:bob@hamburger.edu>    |250 2.1.5",
                "RCPT TO:<robert@hamburger.edu>        |250 2.1.5",
                "RCPT TO:<Postmaster>                  |250 2.1.5",
                "RCPT TO:<postmaster@hamburger.edu>    |250 2.1.5",
                "RCPT TO:<eve@hamburger.edu>           |550 5.1.1",
                "RCPT TO:<alice@crepes.fr>             |550 5.7.1",
                "RCPT TO:<bob%hamburger.edu@crepes.fr> |550 5.7.1",
                "RCPT TO:<bob@hamburger.edu@crepes.fr> |553 5.1.3",
                "RCPT TO:<\"bob@hamburger.edu\"@crepes.fr> |550 5.7.1",
                "RCPT TO:<crepes.fr!alice@hamburger.edu>   |550 5.1.1",
                "RCPT TO:<>                            |501 5.5.4",
                "RCPT TO:<bob>                         |553 5.1.3",
                "RCPT TO:<bob@hamburger.edu> NOTIFY=NEVER |555 5.5.4",
                "RCPT FROM:<bob@hamburger.edu>         |501 5.5.4",
                "RCPT TO:<é@hamburger.edu>             |553 5.6.7",
            })
    void readsRcptAndRelaysNothing(String line, String reply) {
        TestConnection client = rack.greeted();
        client.exchange("MAIL FROM:<alice@crepes.fr>");
        assertThat(client.exchange(line)).startsWith(reply);
    }

    @Test
    void postmasterWithoutDomainIsThatOfTheNearestLocalDomain() {
        TestConnection client = rack.greeted();
        client.lines("MAIL FROM:<>", "RCPT TO:<postmaster>", "DATA", "Subject: x", "", ".");
        assertThat(rack.mails.get(0).envelope().recipients().get(0).address()).hasToString("postmaster@hamburger.edu");
    }

    @Test
    void theOrderOfATransactionIsKept() {
        TestConnection client = rack.greeted();
        client.exchange("MAIL FROM:<alice@crepes.fr>");
        assertThat(client.exchange("MAIL FROM:<alice@crepes.fr>")).startsWith("503 5.5.1");
        assertThat(client.exchange("DATA")).startsWith("503 5.5.1");
        client.exchange("RCPT TO:<eve@hamburger.edu>");
        assertThat(client.exchange("DATA")).as("RFC 2920 3.1").startsWith("554 5.5.1");
        client.exchange("RSET");
        assertThat(client.exchange("RCPT TO:<bob@hamburger.edu>")).startsWith("503 5.5.1");
        client.exchange("MAIL FROM:<alice@crepes.fr>");
        client.exchange("EHLO again.org");
        assertThat(client.exchange("RCPT TO:<bob@hamburger.edu>"))
                .as("RFC 5321 4.1.4: EHLO resets")
                .startsWith("503 5.5.1");
    }

    @Test
    void aRecipientNamedTwiceGetsOneCopy() {
        TestConnection client = rack.greeted();
        client.lines(
                "MAIL FROM:<alice@crepes.fr>",
                "RCPT TO:<bob@hamburger.edu>",
                "RCPT TO:<bob@hamburger.edu>",
                "RCPT TO:<robert@hamburger.edu>",
                "DATA",
                "Subject: x",
                "",
                ".");
        assertThat(rack.mails.get(0).envelope().recipients()).hasSize(2);
        assertThat(rack.text(0)).as("none may learn of the other").doesNotContain("\tfor ");
    }

    @Test
    void theEnvelopeSaysHowTheMailCame() {
        rack.onConnect = new Verdict.Tag(java.util.List.of(), java.util.Map.of("spam.ip", "good"));
        rack.onSender = new Verdict.Tag(java.util.List.of(), java.util.Map.of("spf", "pass"));
        TestConnection client = rack.greeted();
        client.lines("MAIL FROM:<alice@crepes.fr> BODY=8bitmime SMTPUTF8", "RCPT TO:<bob@hamburger.edu>", "DATA", ".");
        assertThat(rack.mails.get(0).envelope().attributes())
                .containsEntry(Envelope.CLIENT_ADDRESS, "127.0.0.1")
                .containsEntry(Envelope.HELO, "crepes.fr")
                .containsEntry(Envelope.WITH, "UTF8SMTP")
                .containsEntry(Envelope.BODY, "8BITMIME")
                .containsKey(Envelope.SMTPUTF8)
                .containsEntry("spam.ip", "good")
                .containsEntry("spf", "pass")
                .doesNotContainKey(Envelope.AUTHENTICATED);
    }

    @Test
    void filtersAreAskedAtEachStageAndCannotBreakTheProtocol() {
        rack.onSender = new Verdict.Defer("4.7.1", "later");
        TestConnection client = rack.greeted();
        assertThat(client.exchange("MAIL FROM:<a@b.org>")).isEqualTo("451 4.7.1 later\r\n");
        rack.onSender = new Verdict.Reject("9.9.9", "no\r\n250 yes\u0000é");
        assertThat(client.exchange("MAIL FROM:<a@b.org>")).isEqualTo("550 5.0.0 no  250 yes ?\r\n");
        rack.onSender = Verdict.ACCEPT;
        client.exchange("MAIL FROM:<a@b.org>");
        rack.onRecipient = new Verdict.Reject("5.7.1", "not him");
        assertThat(client.exchange("RCPT TO:<bob@hamburger.edu>")).isEqualTo("550 5.7.1 not him\r\n");
        rack.onRecipient = Verdict.ACCEPT;
        client.exchange("RCPT TO:<bob@hamburger.edu>");
        rack.onMessage = new Verdict.Defer("4.7.1", "scanner is away");
        client.exchange("DATA");
        assertThat(client.exchange("Subject: x\r\n\r\nx\r\n.")).isEqualTo("451 4.7.1 scanner is away\r\n");
        rack.onHelo = new Verdict.Reject("5.7.1", "liar");
        assertThat(client.exchange("EHLO localhost")).isEqualTo("550 liar\r\n");
        assertThat(client.exchange("MAIL FROM:<a@b.org>")).startsWith("503 ");
        assertThat(rack.mails).isEmpty();
        assertThat(rack.writersOpen).hasValue(0);
    }

    @Test
    void aClientRefusedAtTheDoorMayOnlyQuit() {
        // RFC 5321 section 3.1
        rack.onConnect = new Verdict.Reject("5.7.1", "go away");
        TestConnection client = rack.smtp();
        assertThat(client.read()).isEqualTo("554 mx.hamburger.edu go away\r\n");
        assertThat(client.exchange("EHLO crepes.fr")).startsWith("503 5.5.1");
        assertThat(client.exchange("MAIL FROM:<a@b.org>")).startsWith("503 5.5.1");
        assertThat(client.exchange("QUIT")).startsWith("221 ");
        rack.onConnect = new Verdict.Defer("4.7.1", "busy");
        client = rack.smtp();
        assertThat(client.read()).isEqualTo("421 mx.hamburger.edu busy\r\n");
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void afterStarttlsTheClientBeginsAnew() {
        // RFC 3207 section 4.2
        TestConnection client = rack.greeted();
        client.exchange("MAIL FROM:<alice@crepes.fr>");
        assertThat(client.exchange("STARTTLS")).startsWith("220 2.0.0");
        assertThat(client.secure()).isTrue();
        assertThat(client.exchange("RCPT TO:<bob@hamburger.edu>")).startsWith("503 5.5.1");
        assertThat(client.exchange("MAIL FROM:<alice@crepes.fr>")).startsWith("503 5.5.1");
        assertThat(client.exchange("EHLO crepes.fr")).doesNotContain("STARTTLS");
        assertThat(client.exchange("STARTTLS")).startsWith("503 5.5.1");
        client.lines("MAIL FROM:<alice@crepes.fr>", "RCPT TO:<bob@hamburger.edu>", "DATA", "Subject: x", "", ".");
        assertThat(rack.text(0)).contains(" with ESMTPS id M1\r\n\t(TLS");
    }

    @Test
    void whatWasPipelinedInPlainTextIsNotTakenForProtected() {
        TestConnection client = rack.greeted();
        client.feed("STARTTLS\r\nEHLO evil.org\r\nMAIL FROM:<evil@x.org>\r\nNO");
        assertThat(client.readLines()).containsExactly("220 2.0.0 Ready to start TLS");
        assertThat(client.exchange("OP")).as("no half of a command either").startsWith("500 ");
        assertThat(client.exchange("RCPT TO:<bob@hamburger.edu>")).startsWith("503 ");
    }

    @Test
    void withoutTlsAtTheEndpointThereIsNoStarttls() {
        TestConnection client = rack.connect(Flavor.SMTP, TlsMode.NONE);
        client.read();
        assertThat(client.exchange("EHLO crepes.fr")).doesNotContain("STARTTLS");
        assertThat(client.exchange("STARTTLS")).startsWith("502 5.5.1");
    }

    @ParameterizedTest(name = "a store that answers {0}")
    @ValueSource(strings = {"NO_SPACE", "UNAVAILABLE"})
    void aFailingStoreIsATemporaryFailure(String kind) {
        String reply = kind.equals("NO_SPACE") ? "452 4.3.1" : "451 4.3.0";
        TestConnection client = rack.greeted();
        client.lines("MAIL FROM:<a@b.org>", "RCPT TO:<bob@hamburger.edu>");
        client.read();
        rack.contents.failWith(StoreException.Kind.valueOf(kind));
        assertThat(client.exchange("DATA")).startsWith(reply);
        rack.contents.failWith(null);
        assertThat(client.exchange("DATA")).startsWith("354 ");
        rack.contents.failWith(StoreException.Kind.valueOf(kind));
        client.lines("Subject: x", "", "x");
        assertThat(client.exchange(".")).startsWith(reply);
        assertThat(rack.mails).isEmpty();
        assertThat(rack.writersOpen).hasValue(0);
        assertThat(client.exchange("NOOP")).startsWith("250 ");
    }

    @Test
    void aRefusalNamesTheHost() {
        byte[] refusal = new byte[200];
        var octets = rack.protocol(Flavor.SMTP).refusal(org.mailrack.api.net.Protocol.Refusal.UNAVAILABLE);
        int length = octets.remaining();
        octets.get(refusal, 0, length);
        assertThat(new String(refusal, 0, length, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("421 mx.hamburger.edu Service not available, try again later\r\n");
    }
}
