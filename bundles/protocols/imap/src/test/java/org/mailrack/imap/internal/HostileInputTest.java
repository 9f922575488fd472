package org.mailrack.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that are wrong, slow, or worse. */
class HostileInputTest {

    private final Rack rack = new Rack(Map.of("max_sequence_elements", 10, "max_search_depth", 5, "max_arguments", 8));

    @AfterEach
    void close() {
        rack.close();
    }

    @Test
    void badSyntaxIsAnsweredWithTheTagIfItCanBeRead() {
        Client client = rack.inbox();
        assertThat(client.raw("a1 BOGUS\r\n")).isEqualTo("a1 BAD Unknown command\r\n");
        assertThat(client.raw("a2\r\n")).startsWith("* BAD ");
        assertThat(client.raw("\r\n")).startsWith("* BAD ");
        assertThat(client.raw("+ NOOP\r\n")).startsWith("* BAD ");
        assertThat(client.raw("(a) NOOP\r\n")).startsWith("* BAD ");
        assertThat(client.raw("a3 \r\n")).startsWith("a3 BAD ");
        assertThat(client.raw("a4 NOOP x\r\n")).startsWith("a4 BAD ");
        assertThat(client.raw("a5 LIST \"\" \"x\r\n")).startsWith("a5 BAD ");
        assertThat(client.raw("a6 NO\0OP\r\n")).startsWith("a6 BAD ");
        assertThat(client.raw("a7 NOOP\rx\r\n")).startsWith("a7 BAD ");
        assertThat(client.raw("a8 noop\n")).as("a bare LF is forgiven").isEqualTo("a8 OK NOOP completed\r\n");
        assertThat(client.raw("a9 UID NOOP\r\n")).startsWith("a9 BAD ");
        assertThat(client.raw("a10 UID FETCH\r\n")).startsWith("a10 BAD ");
        assertThat(client.raw("a11 FETCH 0 FLAGS\r\n")).startsWith("a11 BAD ");
        assertThat(client.raw("a12 UID FETCH 4294967296 FLAGS\r\n")).startsWith("a12 BAD ");
        assertThat(client.raw("a13 UID FETCH 1 BODY[\r\n")).startsWith("a13 BAD ");
        assertThat(client.raw("a14 UID FETCH 1 BODY[]<1.0>\r\n")).startsWith("a14 BAD ");
        assertThat(client.raw("a15 UID FETCH 1 BODY[1.]\r\n")).startsWith("a15 BAD ");
        assertThat(client.raw("a16 UID FETCH 1 BODY[MIME]\r\n")).startsWith("a16 BAD ");
        assertThat(client.raw("a17 UID FETCH 1 BODY[0]\r\n")).startsWith("a17 BAD ");
        assertThat(client.raw("a18 UID FETCH 1 ()\r\n")).startsWith("a18 BAD ");
    }

    @Test
    void limitsOfListsAreKept() {
        Client client = rack.inbox();
        assertThat(client.end("UID FETCH 1,2,3,4,5,6,7,8,9,10,11 FLAGS")).startsWith("tag BAD");
        assertThat(client.end("SEARCH ((((((((ALL))))))))")).startsWith("tag BAD");
        assertThat(client.end("SEARCH NOT NOT NOT NOT NOT NOT NOT ALL")).startsWith("tag BAD");
        assertThat(client.end("SEARCH ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL")).startsWith("tag BAD");
        assertThat(client.end("UID FETCH 1 (UID UID UID UID UID UID UID UID UID UID)"))
                .startsWith("tag BAD");
        assertThat(client.end("UID FETCH 1 BODY[1.1.1.1.1.1.1.1.1.1.1]")).startsWith("tag BAD");
        assertThat(client.end("UID FETCH 1 BODY[HEADER.FIELDS (A B C D E F G H I J K)]"))
                .startsWith("tag BAD");
        assertThat(client.end("UID STORE 1 +FLAGS (A B C D E F G H I J K)")).startsWith("tag BAD");
        client.ok("NOOP");
    }

    @Test
    void aLineWithoutEndIsCutOff() {
        Client client = rack.connect();
        client.connection.feed("a NOOP " + "x".repeat(9000));
        assertThat(client.connection.awaitClosed()).startsWith("a BAD [TOOBIG]").contains("* BYE");
        Client known = rack.login();
        known.connection.feed("a NOOP " + "x".repeat(60000));
        assertThat(known.connection.isClosed()).isFalse();
        known.connection.feed("x".repeat(60000));
        assertThat(known.connection.awaitClosed()).startsWith("a BAD [TOOBIG]").contains("* BYE");
    }

    @Test
    void manyShortLinesOfOneCommandAreCountedTogether() {
        Client client = rack.login();
        for (int i = 0; i < 40 && !client.connection.isClosed(); i++) {
            client.connection.feed((i == 0 ? "a SEARCH " : "") + "x".repeat(2000) + " {1+}\r\ny");
        }
        assertThat(client.connection.awaitClosed()).contains("* BYE");
    }

    @Test
    void literalsAreRefusedBeforeTheyAreTaken() {
        Client stranger = rack.connect();
        assertThat(stranger.raw("a LOGIN {1025}\r\n")).startsWith("a NO [TOOBIG]");
        assertThat(stranger.raw("b LOGIN {1000}\r\n")).isEqualTo("+ Go on\r\n");
        assertThat(stranger.raw("x".repeat(1000) + " {1000}\r\n"))
                .as("all of them together")
                .startsWith("b NO [TOOBIG]");
        stranger.connection.feed("c LOGIN {1025+}\r\n");
        assertThat(stranger.connection.awaitClosed()).startsWith("* BYE [TOOBIG]");
        Client known = rack.login();
        assertThat(known.raw("a STATUS {65537+}\r\n" + "x".repeat(65537) + " (MESSAGES)\r\nb NOOP\r\n"))
                .isEqualTo("a NO [TOOBIG] Literal too long\r\nb OK NOOP completed\r\n");
        assertThat(known.raw("c BOGUS {5}\r\n")).startsWith("c BAD");
    }

    @Test
    void manyBadCommandsEndTheSession() {
        Client client = rack.connect();
        for (int i = 0; i < 4; i++) {
            assertThat(client.raw("GET / HTTP/1.1\r\n")).startsWith("GET BAD");
        }
        client.connection.feed("GET / HTTP/1.1\r\n");
        assertThat(client.connection.awaitClosed()).contains("* BYE Too many bad commands");
    }

    @Test
    void everySplitOfTheInputGivesTheSameAnswer() {
        rack.deliver(SelectedStateTest.PICKLES, "\\Seen");
        String dialog = "a LOGIN {3+}\r\nbob \"hungry\"\r\nb SELECT INBOX\r\nc FETCH 1 (UID BODY.PEEK[]<3.9>)\r\n"
                + "d STATUS {5+}\r\nINBOX (MESSAGES)\r\ne APPEND nowhere {7+}\r\n0\r\n34{5}\r\nf IDLE\r\nDONE\r\ng LOGOUT\r\n";
        String whole = answer(List.of(dialog));
        assertThat(whole).contains("a OK", "b OK", "c OK", "d OK", "e NO [TRYCREATE]", "f OK", "g OK");
        for (int i = 1; i < dialog.length(); i++) {
            String answer = answer(List.of(dialog.substring(0, i), dialog.substring(i)));
            assertThat(answer).as("split at " + i).isEqualTo(whole);
        }
        assertThat(answer(List.of(dialog.split("(?<=.)")))).as("octet by octet").isEqualTo(whole);
    }

    private String answer(List<String> pieces) {
        Client client = rack.connect();
        pieces.forEach(client.connection::feed);
        return client.connection.awaitClosed().replaceAll("\\* \\d+ RECENT", "").replace(" \\Recent", "");
    }
}
