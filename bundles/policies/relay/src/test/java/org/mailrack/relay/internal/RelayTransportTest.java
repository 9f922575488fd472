package org.mailrack.relay.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.mailrack.api.delivery.Delivery;
import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.delivery.Outcome.Deferred;
import org.mailrack.api.delivery.Outcome.Delivered;
import org.mailrack.api.delivery.Outcome.Failed;
import org.mailrack.api.mail.Envelope;
import org.mailrack.relay.internal.Mails.Sent;

class RelayTransportTest {

    private static final String TEXT = "Subject: pickles\r\n\r\nHow about pickles?\r\n";

    private DnsServer dns;
    private Peer first;
    private Peer second;
    private RelayTransport relay;
    private final List<AutoCloseable> others = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        dns = new DnsServer();
        first = new Peer("127.0.0.1", 0);
        second = new Peer("127.0.0.2", first.port());
        dns.a("mx1.hamburger.edu", "127.0.0.1").a("mx2.hamburger.edu", "127.0.0.2");
        dns.mx("hamburger.edu", 20, "mx2.hamburger.edu").mx("hamburger.edu", 10, "mx1.hamburger.edu");
        relay = relay(RelaySettings.Tls.MAY, Duration.ofSeconds(10), 5, 100);
    }

    private RelayTransport relay(RelaySettings.Tls tls, Duration time, int perDestination, int queued) {
        return new RelayTransport(
                new RelaySettings(
                        dns.address(),
                        first.port(),
                        tls,
                        4,
                        perDestination,
                        queued,
                        100,
                        6,
                        time,
                        time,
                        time,
                        time,
                        time),
                () -> "mx.crepes.fr");
    }

    @AfterEach
    void stop() throws Exception {
        relay.close();
        first.close();
        second.close();
        dns.close();
        for (AutoCloseable other : others) {
            other.close();
        }
    }

    private List<Sent> send(String nextHop, String text, Map<String, String> attributes, String... recipients) {
        List<Sent> mail = Mails.mail(nextHop, text, attributes, recipients);
        relay.deliver(List.<Delivery>copyOf(mail));
        return mail;
    }

    private Outcome send(String recipient) throws Exception {
        return send("", TEXT, Map.of(), recipient).get(0).outcome();
    }

    /** What a peer was told, up to the farewell, which comes after the report. */
    private static List<String> commands(Peer peer) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!peer.commands.contains("QUIT") && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        return peer.commands;
    }

    private static void assertFailed(Outcome outcome, String code) {
        assertThat(outcome).isInstanceOfSatisfying(Failed.class, failed -> assertThat(failed.enhancedCode())
                .as(failed.text())
                .isEqualTo(code));
    }

    private static void assertDeferred(Outcome outcome, String code) {
        assertThat(outcome).isInstanceOfSatisfying(Deferred.class, deferred -> assertThat(deferred.enhancedCode())
                .as(deferred.text())
                .isEqualTo(code));
    }

    // Where to (RFC 5321 section 5.1)

    @Test
    void sendsToTheMxOfLowestPreference() throws Exception {
        assertThat(send("bob@hamburger.edu")).isEqualTo(new Delivered("250 2.0.0 taken"));
        assertThat(first.message()).isEqualTo(TEXT);
        assertThat(commands(first))
                .containsExactly(
                        "EHLO mx.crepes.fr",
                        "MAIL FROM:<alice@crepes.fr> SIZE=" + TEXT.length(),
                        "RCPT TO:<bob@hamburger.edu>",
                        "DATA",
                        "QUIT");
        assertThat(second.sockets).isEmpty();
    }

    @Test
    void goesToTheNextMxWhenTheFirstIsDown() throws Exception {
        first.close();
        assertThat(send("bob@hamburger.edu")).isInstanceOf(Delivered.class);
        assertThat(second.messages).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "."})
    void goesToTheNextMxAfterATemporaryRefusal(String verb) throws Exception {
        first.answers(verb, "451 4.7.1 greylisted");
        assertThat(send("bob@hamburger.edu")).isInstanceOf(Delivered.class);
        assertThat(second.messages).hasSize(1);
    }

    @Test
    void goesToTheNextMxWhenAServerDoesNotWantToTalk() throws Exception {
        first.answers("CONNECT", "554 no service");
        assertThat(send("bob@hamburger.edu")).isInstanceOf(Delivered.class);
    }

    @Test
    void defersWhenNoMxCanBeReached() throws Exception {
        first.close();
        second.close();
        assertDeferred(send("bob@hamburger.edu"), "4.4.1");
    }

    @Test
    void usesTheDomainItselfWhenItHasNoMx() throws Exception {
        dns.a("plain.example", "127.0.0.2");
        assertThat(send("bob@plain.example")).isInstanceOf(Delivered.class);
        assertThat(second.messages).hasSize(1);
    }

    @Test
    void followsAnAliasOfTheDomain() throws Exception {
        dns.cname("alias.example", "hamburger.edu");
        assertThat(send("bob@alias.example")).isInstanceOf(Delivered.class);
    }

    @Test
    void failsForADomainThatDoesNotExist() throws Exception {
        assertFailed(send("bob@nowhere.example"), "5.1.2");
    }

    @Test
    void defersWhenDnsDoesNotAnswer() throws Exception {
        dns.fails("broken.example");
        assertDeferred(send("bob@broken.example"), "4.4.3");
    }

    /** RFC 7505. */
    @Test
    void failsForADomainWithNullMx() throws Exception {
        dns.mx("nomail.example", 0, ".");
        assertFailed(send("bob@nomail.example"), "5.1.10");
    }

    @Test
    void failsWhenWeAreTheBestMx() throws Exception {
        dns.mx("loop.example", 10, "MX.crepes.fr").mx("loop.example", 20, "mx1.hamburger.edu");
        assertFailed(send("bob@loop.example"), "5.4.6");
    }

    @Test
    void sendsToServersNearerThanWeAre() throws Exception {
        dns.mx("near.example", 10, "mx2.hamburger.edu").mx("near.example", 20, "mx.crepes.fr");
        assertThat(send("bob@near.example")).isInstanceOf(Delivered.class);
    }

    @Test
    void failsWhenNoMxHasAnAddress() throws Exception {
        dns.mx("odd.example", 10, "gone.example");
        assertFailed(send("bob@odd.example"), "5.4.4");
    }

    @Test
    void sendsToAnAddressLiteral() throws Exception {
        assertThat(send("bob@[127.0.0.2]")).isInstanceOf(Delivered.class);
        assertThat(second.commands).contains("RCPT TO:<bob@[127.0.0.2]>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[127.0.0.2]:%d", "127.0.0.2:%d", "mx2.hamburger.edu:%d", "[mx2.hamburger.edu]"})
    void sendsToTheNextHopOfTheRouteWithoutMx(String nextHop) throws Exception {
        Sent sent = send(nextHop.formatted(first.port()), TEXT, Map.of(), "bob@nowhere.example")
                .get(0);
        assertThat(sent.outcome()).isInstanceOf(Delivered.class);
        assertThat(second.messages).hasSize(1);
    }

    // What is said

    @Test
    void sendsOneMailToSeveralRecipientsOfADomainInOneTransaction() throws Exception {
        first.answers("RCPT", line -> line.contains("bob") ? "250 ok" : "550 5.1.1 no " + line.substring(8));
        second.answers("RCPT", "250 never asked");
        List<Sent> sent = send("", TEXT, Map.of(), "bob@hamburger.edu", "eve@hamburger.edu");
        assertThat(sent.get(0).outcome()).isInstanceOf(Delivered.class);
        assertThat(sent.get(1).outcome())
                .isEqualTo(new Failed("5.1.1", "mx1.hamburger.edu", "550 5.1.1 no <eve@hamburger.edu>"));
        assertThat(first.messages).hasSize(1);
        assertThat(second.sockets).isEmpty();
    }

    @Test
    void takesOnlyTheRecipientsThatWereDeferredToTheNextMx() throws Exception {
        first.answers("RCPT", line -> line.contains("bob") ? "250 ok" : "452 4.5.3 too many");
        List<Sent> sent = send("", TEXT, Map.of(), "bob@hamburger.edu", "eve@hamburger.edu");
        assertThat(sent.get(1).outcome()).isInstanceOf(Delivered.class);
        assertThat(second.commands)
                .contains("RCPT TO:<eve@hamburger.edu>")
                .doesNotContain("RCPT TO:<bob@hamburger.edu>");
        assertThat(sent.get(0).outcome()).isInstanceOf(Delivered.class);
    }

    @Test
    void aRefusedSenderFailsAllRecipients() throws Exception {
        first.answers("MAIL", "550 go away").answers("RCPT", "503 no sender");
        assertFailed(send("bob@hamburger.edu"), "5.0.0");
        assertThat(first.commands).doesNotContain("DATA");
    }

    @Test
    void talksToServersThatKnowNoEhlo() throws Exception {
        first.answers("EHLO", "502 what?");
        assertThat(send("bob@hamburger.edu")).isInstanceOf(Delivered.class);
        assertThat(first.commands).contains("HELO mx.crepes.fr", "MAIL FROM:<alice@crepes.fr>");
    }

    @Test
    void doesNotTryTheNextMxWhenTheAnswerToTheFinalDotIsLost() throws Exception {
        first.answers(".", Peer.HANG_UP);
        assertDeferred(send("bob@hamburger.edu"), "4.4.2");
        assertThat(second.sockets).isEmpty();
    }

    /** RFC 1870. */
    @Test
    void failsAMailLargerThanTheServerTakes() throws Exception {
        first.offers("SIZE 10");
        assertFailed(send("bob@hamburger.edu"), "5.3.4");
        assertThat(first.messages).isEmpty();
    }

    @Test
    void declaresEightBits() throws Exception {
        String text = "Subject: x\r\n\r\ncr\u00eapes\r\n";
        assertThat(send("", text, Map.of(), "bob@hamburger.edu").get(0).outcome())
                .isInstanceOf(Delivered.class);
        assertThat(first.commands.get(1)).contains(" BODY=8BITMIME");
        assertThat(first.message()).isEqualTo(text);
    }

    /** RFC 6531 section 3.7.4. */
    @Test
    void failsAnInternationalMailForAServerWithoutSmtputf8() throws Exception {
        assertFailed(send("j\u00f6rg@hamburger.edu"), "5.6.7");
        Map<String, String> attributes = Map.of(Envelope.SMTPUTF8, "");
        Sent header = send("", "Subject: cr\u00eapes\r\n\r\n", attributes, "bob@hamburger.edu")
                .get(0);
        assertFailed(header.outcome(), "5.6.7");
        Sent body = send("", "Subject: x\r\n\r\ncr\u00eapes\r\n", attributes, "bob@hamburger.edu")
                .get(0);
        assertThat(body.outcome()).isInstanceOf(Delivered.class);
        first.offers("SMTPUTF8", "8BITMIME");
        assertThat(send("j\u00f6rg@hamburger.edu")).isInstanceOf(Delivered.class);
    }

    // TLS

    @Test
    void usesTlsWhenItIsOfferedWhateverTheCertificate() throws Exception {
        first.offers("STARTTLS");
        assertThat(send("bob@hamburger.edu")).isInstanceOf(Delivered.class);
        assertThat(commands(first))
                .containsExactly(
                        "EHLO mx.crepes.fr",
                        "STARTTLS",
                        "EHLO mx.crepes.fr",
                        "MAIL FROM:<alice@crepes.fr>",
                        "RCPT TO:<bob@hamburger.edu>",
                        "DATA",
                        "QUIT");
    }

    @Test
    void goesOnInPlainTextWhenTlsFails() throws Exception {
        first.offers("STARTTLS").answers("STARTTLS", Peer.HANG_UP);
        assertThat(send("bob@hamburger.edu")).isInstanceOf(Delivered.class);
        assertThat(first.messages).hasSize(1);
        assertThat(first.sockets).hasSize(2);
    }

    @Test
    void defersWhenTlsIsDemandedAndNotOffered() throws Exception {
        others.add(relay);
        relay = relay(RelaySettings.Tls.ENCRYPT, Duration.ofSeconds(10), 5, 100);
        assertDeferred(send("bob@hamburger.edu"), "4.7.4");
        assertThat(first.messages).isEmpty();
    }

    /** RFC 3207 section 6: replies put in front of the protected ones are not believed. */
    @Test
    void believesNoReplyThatCameBeforeTheHandshake() throws Exception {
        others.add(relay);
        relay = relay(RelaySettings.Tls.ENCRYPT, Duration.ofSeconds(10), 5, 100);
        first.offers("STARTTLS").answers("STARTTLS", "220 go\r\n250 injected");
        second.offers("STARTTLS");
        assertThat(send("bob@hamburger.edu")).isInstanceOf(Delivered.class);
        assertThat(first.messages).isEmpty();
    }

    // Those that behave badly

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "EHLO", "MAIL", "RCPT", "DATA"})
    void leavesASilentServerWhenItsTimeIsOver(String verb) throws Exception {
        others.add(relay);
        relay = relay(RelaySettings.Tls.MAY, Duration.ofMillis(300), 5, 100);
        first.answers(verb, Peer.SILENCE);
        assertThat(send("bob@hamburger.edu")).isInstanceOf(Delivered.class);
        assertThat(second.messages).hasSize(1);
    }

    @Test
    void leavesAServerThatDoesNotReadTheMessage() throws Exception {
        others.add(relay);
        relay = relay(RelaySettings.Tls.MAY, Duration.ofMillis(300), 5, 100);
        first.offers().readsNoMessage = true;
        String large = "x: y\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(300_000);
        Sent sent = send("", large, Map.of(), "bob@[127.0.0.1]").get(0);
        assertDeferred(sent.outcome(), "4.4.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello there", "25 x", "250-a\r\n550 b", "999 x"})
    void defersWhatIsAnsweredByNonsense(String nonsense) throws Exception {
        first.answers("MAIL", nonsense);
        Sent sent = send("", TEXT, Map.of(), "bob@[127.0.0.1]").get(0);
        assertDeferred(sent.outcome(), "4.4.2");
    }

    @Test
    void oneSlowDestinationHoldsUpNoOther() throws Exception {
        first.gate = new CountDownLatch(1);
        others.add(relay);
        relay = relay(RelaySettings.Tls.MAY, Duration.ofSeconds(10), 2, 100);
        List<Sent> slow = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            slow.addAll(send("", TEXT, Map.of(), "bob@[127.0.0.1]"));
        }
        assertThat(send("bob@[127.0.0.2]")).isInstanceOf(Delivered.class);
        assertThat(first.sockets).hasSizeLessThanOrEqualTo(2);
        assertThat(slow).noneMatch(Sent::reported);
        first.gate.countDown();
        for (Sent sent : slow) {
            assertThat(sent.outcome()).isInstanceOf(Delivered.class);
        }
    }

    @Test
    void defersWhatFindsNoRoom() throws Exception {
        first.gate = new CountDownLatch(1);
        others.add(relay);
        relay = relay(RelaySettings.Tls.MAY, Duration.ofSeconds(10), 1, 2);
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            sent.addAll(send("", TEXT, Map.of(), "bob@[127.0.0.1]"));
        }
        assertDeferred(sent.get(5).outcome(), "4.3.1");
        first.gate.countDown();
        assertThat(sent.get(0).outcome()).isInstanceOf(Delivered.class);
        assertThat(sent.get(1).outcome()).isInstanceOf(Delivered.class);
    }

    @Test
    void givesBackWhatWaitsWhenItStops() throws Exception {
        first.gate = new CountDownLatch(1);
        others.add(relay);
        relay = relay(RelaySettings.Tls.MAY, Duration.ofMillis(300), 1, 100);
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sent.addAll(send("", TEXT, Map.of(), "bob@[127.0.0.1]"));
        }
        relay.close();
        for (Sent each : sent) {
            assertThat(each.outcome()).isInstanceOf(Deferred.class);
        }
        Sent late = send("", TEXT, Map.of(), "bob@[127.0.0.1]").get(0);
        assertDeferred(late.outcome(), "4.3.1");
    }
}
