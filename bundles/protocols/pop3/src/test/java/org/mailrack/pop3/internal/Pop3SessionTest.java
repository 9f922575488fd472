package org.mailrack.pop3.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Base64;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.testkit.TestConnection;

class Pop3SessionTest {

    private static final String FIRST = "Do you like ketchup?\r\nHow about pickles?\r\n";
    private static final String SECOND = "Subject: dots\r\n\r\n.\r\n..\r\n.x\r\nend\r\n";

    private final Rig rig = new Rig();

    Pop3SessionTest() {
        rig.inbox.add(FIRST).add(SECOND);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void theTextbookTranscript() {
        TestConnection client = rig.connect();
        assertThat(client.read()).isEqualTo("+OK hamburger.edu POP3 server ready\r\n");
        assertThat(client.exchange("user bob")).isEqualTo("+OK\r\n");
        assertThat(client.exchange("pass hungry")).isEqualTo("+OK maildrop has 2 messages (75 octets)\r\n");
        assertThat(client.exchange("list")).isEqualTo("+OK 2 messages (75 octets)\r\n1 42\r\n2 33\r\n.\r\n");
        assertThat(client.exchange("retr 1"))
                .isEqualTo("+OK 42 octets\r\nDo you like ketchup?\r\nHow about pickles?\r\n.\r\n");
        assertThat(client.exchange("dele 1")).isEqualTo("+OK message 1 deleted\r\n");
        assertThat(client.exchange("retr 2"))
                .isEqualTo("+OK 33 octets\r\nSubject: dots\r\n\r\n..\r\n...\r\n..x\r\nend\r\n.\r\n");
        assertThat(client.exchange("dele 2")).isEqualTo("+OK message 2 deleted\r\n");
        assertThat(rig.inbox.uids()).as("not before QUIT").hasSize(2);
        assertThat(client.exchange("quit")).isEqualTo("+OK POP3 server signing off\r\n");
        assertThat(client.isClosed()).isTrue();
        assertThat(rig.inbox.uids()).isEmpty();
    }

    @Test
    void wholeSessionAtEverySplitAndInOnePiece() {
        String session =
                "user bob\r\npass hungry\r\nstat\r\nlist 2\r\nuidl\r\ntop 2 1\r\nretr 1\r\ndele 1\r\nnoop\r\nrset\r\nquit\r\n";
        String expected = rig.connect().feed(session).read();
        assertThat(expected)
                .contains("+OK 2 75\r\n", "+OK 2 33\r\n", "1 1700000000.1\r\n2 1700000000.2\r\n.\r\n")
                .endsWith("+OK POP3 server signing off\r\n");
        assertThat(rig.connect().trickle(session).read()).isEqualTo(expected);
        for (int at = 1; at < session.length(); at++) {
            TestConnection client = rig.connect();
            client.feed(session.substring(0, at)).feed(session.substring(at));
            assertThat(client.read()).as("split at " + at).isEqualTo(expected);
        }
    }

    @Test
    void pipelinedCommandsWaitForASlowReader() {
        rig.inbox.add("Subject: long\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(5000));
        TestConnection client = rig.login();
        client.window(0).lines("retr 3", "retr 1", "quit");
        assertThat(client.unconsumed()).as("one message at a time").isPositive();
        String all = client.window(Long.MAX_VALUE).read();
        assertThat(all).contains("How about pickles?\r\n.\r\n+OK POP3 server signing off\r\n");
        assertThat(rig.inbox.streamsOpen).isZero();
    }

    @Test
    void rfc1939Section6DroppedConnectionRemovesNothing() {
        TestConnection client = rig.login();
        client.lines("retr 1", "dele 1");
        client.disconnect();
        assertThat(rig.inbox.uids()).hasSize(2);
        assertThat(rig.inbox.seen()).isEmpty();
        assertThat(rig.inbox.closed).isEqualTo(rig.inbox.opened);
        rig.login();
    }

    @Test
    void rfc1939Section3IdleClientIsDroppedSilentlyAndRemovesNothing() {
        TestConnection client = rig.login();
        assertThat(client.idleTimeout()).isEqualTo(Duration.ofMinutes(10));
        client.lines("dele 1");
        client.read();
        client.passIdleTime();
        assertThat(client.isClosed()).isTrue();
        assertThat(client.read()).isEmpty();
        assertThat(rig.inbox.uids()).hasSize(2);
        rig.login();
    }

    @Test
    void slowReaderOfALongMessageIsNotIdle() {
        rig.inbox.add("Subject: long\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(5000));
        TestConnection client = rig.login();
        client.window(1000).lines("retr 3");
        client.passIdleTime();
        assertThat(client.isClosed()).isFalse();
        client.window(Long.MAX_VALUE);
        assertThat(client.read()).endsWith("\r\n.\r\n");
        client.passIdleTime();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void goodbyeIsPoliteAndRemovesNothing() {
        TestConnection client = rig.login();
        client.lines("dele 1");
        client.read();
        client.sayGoodbye();
        assertThat(client.read()).startsWith("-ERR [SYS/TEMP] ").endsWith("\r\n");
        assertThat(client.isClosed()).isTrue();
        assertThat(rig.inbox.uids()).hasSize(2);
        rig.login();
    }

    @Test
    void oneSessionAtATimeHasAMaildrop() {
        TestConnection first = rig.login();
        TestConnection second = rig.connect();
        second.lines("user bob");
        second.read();
        assertThat(second.exchange("pass hungry")).startsWith("-ERR [IN-USE] ");
        first.lines("quit");
        second.lines("user bob");
        second.read();
        assertThat(second.exchange("pass hungry")).startsWith("+OK ");
    }

    @Test
    void messagesThatComeLaterAreSeenByTheNextSession() {
        TestConnection client = rig.login();
        rig.inbox.add("Subject: late\r\n\r\n");
        assertThat(client.exchange("stat")).isEqualTo("+OK 2 75\r\n");
        client.lines("dele 2", "quit");
        assertThat(rig.inbox.uids()).containsExactly(1L, 3L);
        assertThat(rig.login().exchange("uidl")).contains("1 1700000000.1\r\n2 1700000000.3\r\n");
    }

    @Test
    void retrievedMessagesAreSeenAfterQuit() {
        TestConnection client = rig.login();
        client.lines("retr 2", "top 1 0");
        assertThat(rig.inbox.seen()).isEmpty();
        client.lines("quit");
        assertThat(rig.inbox.seen()).containsExactly(2L);
    }

    @Test
    void deletedMessagesAreNotThereUntilRset() {
        TestConnection client = rig.login();
        client.lines("dele 1");
        client.read();
        assertThat(client.exchange("stat")).isEqualTo("+OK 1 33\r\n");
        assertThat(client.exchange("list")).isEqualTo("+OK 1 messages (33 octets)\r\n2 33\r\n.\r\n");
        assertThat(client.exchange("uidl")).isEqualTo("+OK unique-ids follow\r\n2 1700000000.2\r\n.\r\n");
        for (String command : new String[] {"list 1", "uidl 1", "retr 1", "dele 1", "top 1 0"}) {
            assertThat(client.exchange(command)).as(command).startsWith("-ERR ");
        }
        assertThat(client.exchange("rset")).isEqualTo("+OK maildrop has 2 messages (75 octets)\r\n");
        assertThat(client.exchange("list 1")).isEqualTo("+OK 1 42\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "retr",
                "retr 0",
                "retr 3",
                "retr -1",
                "retr x",
                "retr 1 2",
                "retr 99999999999999999999",
                "retr \u0661",
                "dele",
                "dele 0",
                "list 0",
                "list 1 2",
                "uidl 3",
                "top 1",
                "top 1 -1",
                "top 1 x",
                "top 1 99999999999999999999",
                "top 3 1",
                "user bob",
                "pass hungry",
                "stls",
                "utf8",
                "auth plain",
                "apop bob 0",
                "frob",
                " stat",
                "",
                "st\0at"
            })
    void whatCannotBeDoneIsAnErrorAndNothingElse(String command) {
        TestConnection client = rig.login();
        assertThat(client.exchange(command)).matches("-ERR [^\r\n]+\r\n");
        assertThat(client.exchange("noop")).isEqualTo("+OK\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stat",
                "list",
                "retr 1",
                "dele 1",
                "noop",
                "rset",
                "top 1 1",
                "uidl",
                "pass hungry",
                "user",
                "user "
            })
    void nothingButTheLoginBeforeTheLogin(String command) {
        TestConnection client = rig.connect();
        client.read();
        assertThat(client.exchange(command)).startsWith("-ERR ");
    }

    @Test
    void topSendsHeaderAndSomeLines() {
        rig.inbox.add("A: 1\r\nB: 2\r\n\r\none\r\n.two\r\nthree");
        TestConnection client = rig.login();
        assertThat(client.exchange("top 3 0")).isEqualTo("+OK top of message follows\r\nA: 1\r\nB: 2\r\n\r\n.\r\n");
        assertThat(client.exchange("TOP 3 2")).endsWith("\r\n\r\none\r\n..two\r\n.\r\n");
        assertThat(client.exchange("top 3 99")).endsWith("..two\r\nthree\r\n.\r\n");
    }

    @Test
    void passwordIsTheRestOfTheLine() {
        TestConnection client = rig.connect();
        client.lines("USER spaced");
        client.read();
        assertThat(client.exchange("PASS  two  words ")).startsWith("+OK ");
    }

    @Test
    void rfc6856Section22NamesAndPasswordsInUtf8() {
        TestConnection client = rig.connect();
        client.lines("USER zo\u00e9");
        client.read();
        assertThat(client.exchange("PASS cr\u00eape")).startsWith("+OK ");
    }

    @Test
    void failedLoginNeedsTheNameAgainAndEndsTheSessionSometime() {
        TestConnection client = rig.connect();
        client.lines("user bob");
        client.read();
        assertThat(client.exchange("pass wrong")).isEqualTo("-ERR [AUTH] Authentication failed\r\n");
        assertThat(client.exchange("pass hungry")).startsWith("-ERR Give USER first");
        for (int i = 0; i < 4; i++) {
            assertThat(client.isClosed()).isFalse();
            client.lines("user nobody", "pass wrong");
        }
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void temporaryRefusalAndFaultsAreTemporaryToTheClient() {
        TestConnection client = rig.connect();
        client.lines("user busy");
        client.read();
        assertThat(client.exchange("pass x")).startsWith("-ERR [SYS/TEMP] ");
        client.lines("user bug");
        client.read();
        assertThat(client.exchange("pass x")).isEqualTo("-ERR [SYS/TEMP] Internal error\r\n");
        rig.inbox.failsToOpen = true;
        client.lines("user bob");
        client.read();
        assertThat(client.exchange("pass hungry")).startsWith("-ERR [SYS/TEMP] ");
        rig.inbox.failsToOpen = false;
        client.lines("user bob");
        client.read();
        assertThat(client.exchange("pass hungry")).as("the lock is free").startsWith("+OK ");
    }

    @Test
    void damagedMessageIsAPermanentErrorAndAFailedUpdateIsSaid() {
        TestConnection client = rig.login();
        rig.inbox.failsToRead = true;
        assertThat(client.exchange("retr 1")).startsWith("-ERR [SYS/PERM] ");
        rig.inbox.failsToRead = false;
        rig.inbox.failsToExpunge = true;
        client.lines("dele 1");
        client.read();
        assertThat(client.exchange("quit")).startsWith("-ERR [SYS/TEMP] ");
        assertThat(client.isClosed()).isTrue();
        assertThat(rig.inbox.closed).isEqualTo(rig.inbox.opened);
    }

    @Test
    void messageThatBreaksOffEndsTheConnectionWithoutItsFinalDot() {
        TestConnection client = rig.login();
        rig.inbox.failsWhileReading = true;
        assertThat(client.exchange("retr 1")).doesNotContain("\r\n.\r\n");
        assertThat(client.isClosed()).isTrue();
        assertThat(rig.inbox.streamsOpen).isZero();
        assertThat(rig.inbox.seen()).isEmpty();
    }

    @Test
    void capabilitiesFollowTheState() {
        TestConnection client = rig.connect();
        client.read();
        assertThat(client.exchange("capa").split("\r\n"))
                .contains(
                        "TOP",
                        "UIDL",
                        "USER",
                        "RESP-CODES",
                        "AUTH-RESP-CODE",
                        "PIPELINING",
                        "EXPIRE NEVER",
                        "STLS",
                        "SASL PLAIN LOGIN",
                        "UTF8 USER",
                        "LANG",
                        "IMPLEMENTATION Mailrack",
                        ".");
        rig.people.plaintext = false;
        assertThat(client.exchange("capa")).contains("STLS\r\n").doesNotContain("\r\nUSER", "SASL");
        assertThat(client.exchange("user bob")).startsWith("-ERR ");
        assertThat(client.exchange("auth plain")).startsWith("-ERR ");
        client.lines("stls");
        assertThat(client.read()).isEqualTo("+OK Begin TLS negotiation\r\n");
        assertThat(client.secure()).isTrue();
        assertThat(client.exchange("capa"))
                .contains("\r\nUSER\r\n", "SASL PLAIN LOGIN")
                .doesNotContain("STLS");
        assertThat(client.exchange("stls")).startsWith("-ERR ");
        assertThat(rig.connect(TlsMode.NONE).exchange("stls")).contains("-ERR ");
        assertThat(rig.connect(TlsMode.IMPLICIT).exchange("capa"))
                .contains("\r\nUSER\r\n")
                .doesNotContain("STLS");
    }

    @Test
    void rfc2595Section4NothingBeforeTlsCountsAfterIt() {
        TestConnection client = rig.connect();
        client.lines("user bob", "stls", "user mallory", "pass x");
        assertThat(client.read()).endsWith("+OK\r\n+OK Begin TLS negotiation\r\n");
        assertThat(client.exchange("pass hungry")).startsWith("-ERR Give USER first");
    }

    @Test
    void rfc6856Section21StlsIsNotPossibleAfterUtf8() {
        TestConnection client = rig.connect();
        client.lines("utf8");
        assertThat(client.read()).endsWith("+OK UTF8 enabled\r\n");
        assertThat(client.exchange("stls")).startsWith("-ERR ");
    }

    @Test
    void rfc6856Section5Utf8HeaderIsRefusedToOldClientsWhenTheSettingSaysSo() {
        Rig strict = new Rig(Map.of("utf8_strict", true));
        strict.inbox.add("Subject: cr\u00eape\r\n\r\nx\r\n").add("Subject: x\r\n\r\ncr\u00eape\r\n");
        TestConnection client = strict.login();
        assertThat(client.exchange("retr 1")).startsWith("-ERR [UTF8] ");
        assertThat(client.exchange("top 1 0")).startsWith("-ERR [UTF8] ");
        assertThat(client.exchange("retr 2")).startsWith("+OK ");
        client.lines("quit");
        TestConnection modern = strict.connect();
        modern.lines("utf8", "user bob", "pass hungry", "retr 1");
        assertThat(modern.read()).contains("Subject: cr\u00eape\r\n");
        rig.inbox.add("Subject: cr\u00eape\r\n\r\nx\r\n");
        assertThat(rig.login().exchange("retr 3")).contains("cr\u00eape");
    }

    @Test
    void rfc6856Section3Languages() {
        TestConnection client = rig.connect();
        client.read();
        assertThat(client.exchange("lang")).isEqualTo("+OK Language listing follows\r\nen English\r\n.\r\n");
        assertThat(client.exchange("LANG EN")).startsWith("+OK en ");
        assertThat(client.exchange("lang *")).startsWith("+OK en ");
        assertThat(client.exchange("lang uga")).startsWith("-ERR ");
    }

    @Test
    void rfc5034AuthPlainWithAndWithoutInitialResponse() {
        TestConnection client = rig.connect();
        client.read();
        assertThat(client.exchange("AUTH plain " + base64("\0bob\0wrong"))).startsWith("-ERR [AUTH] ");
        assertThat(client.exchange("AUTH PLAIN")).isEqualTo("+ \r\n");
        assertThat(client.exchange("*")).startsWith("-ERR ");
        assertThat(client.exchange("AUTH PLAIN")).isEqualTo("+ \r\n");
        assertThat(client.exchange("not base64!")).startsWith("-ERR ");
        assertThat(client.exchange("AUTH PLAIN =")).startsWith("-ERR ");
        assertThat(client.exchange("AUTH CRAM-MD5")).startsWith("-ERR ");
        assertThat(client.exchange("AUTH PLAIN x y")).startsWith("-ERR ");
        assertThat(client.exchange("AUTH")).isEqualTo("+OK mechanisms follow\r\nPLAIN\r\nLOGIN\r\n.\r\n");
        assertThat(client.exchange("AUTH PLAIN")).isEqualTo("+ \r\n");
        assertThat(client.exchange(base64("\0bob\0hungry"))).startsWith("+OK ");
        assertThat(client.exchange("stat")).isEqualTo("+OK 2 75\r\n");
    }

    @Test
    void authLogin() {
        TestConnection client = rig.connect();
        client.read();
        assertThat(client.exchange("AUTH LOGIN")).isEqualTo("+ " + base64("Username:") + "\r\n");
        assertThat(client.exchange(base64("bob"))).isEqualTo("+ " + base64("Password:") + "\r\n");
        assertThat(client.exchange(base64("hungry"))).startsWith("+OK ");
    }

    @Test
    void rfc2449Section4LineOf255OctetsAndNoMore() {
        TestConnection client = rig.connect();
        client.read();
        assertThat(client.exchange("USER " + "b".repeat(248))).isEqualTo("+OK\r\n");
        assertThat(client.exchange("USER " + "b".repeat(249))).isEqualTo("-ERR Line too long\r\n");
        assertThat(client.exchange("NOOP" + "x".repeat(100_000))).isEqualTo("-ERR Line too long\r\n");
        assertThat(client.exchange("user bob")).isEqualTo("+OK\r\n");
        assertThat(client.exchange("pass " + "b".repeat(2000))).startsWith("-ERR [AUTH] ");
        assertThat(client.exchange("pass " + "b".repeat(5000))).isEqualTo("-ERR Line too long\r\n");
        assertThat(client.unconsumed()).isZero();
    }

    @Test
    void clientThatTalksNonsenseIsSentAway() {
        TestConnection client = rig.connect();
        for (int i = 0; i < 25; i++) {
            client.lines("GET / HTTP/1.1");
        }
        assertThat(client.isClosed()).isTrue();
        assertThat(client.readLines()).hasSizeLessThan(25);
    }

    @Test
    void endlessLineCostsNoMemory() {
        TestConnection client = rig.connect();
        for (int i = 0; i < 50; i++) {
            client.feed("x".repeat(50_000));
            assertThat(client.unconsumed()).isZero();
        }
        assertThat(client.feed("\r\n").exchange("lang en")).contains("-ERR Line too long\r\n+OK en ");
    }

    @Test
    void lineFeedAloneEndsALineToo() {
        assertThat(rig.connect().feed("user bob\npass hungry\nstat\n").read()).endsWith("+OK 2 75\r\n");
    }
}
