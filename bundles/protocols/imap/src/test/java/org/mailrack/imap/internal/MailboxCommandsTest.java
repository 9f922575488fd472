package org.mailrack.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mailrack.imap.internal.SelectedStateTest.PICKLES;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.ContentWriter;

/** Commands of the authenticated state (RFC 3501 section 6.3). */
class MailboxCommandsTest {

    private final Rack rack = new Rack(Map.of("max_append_size", 5000L));

    @AfterEach
    void close() {
        rack.close();
    }

    @Test
    void listAndLsubFollowSection638() {
        Client client = rack.login();
        rack.mailboxes.list(Rack.BOB).stream()
                .filter(info -> !info.name().equals("INBOX"))
                .forEach(info -> rack.mailboxes.delete(Rack.BOB, info.name()));
        client.ok("CREATE foo/bar/baz");
        client.ok("DELETE foo/bar");
        client.ok("CREATE \"with space\"");
        client.ok("CREATE \"K&AOQ-se\"");
        client.ok("CREATE trail/");
        assertThat(client.ok("LIST \"\" \"\"")).containsExactly("* LIST (\\Noselect) \"/\" \"\"");
        assertThat(client.ok("LIST \"\" *"))
                .containsExactlyInAnyOrder(
                        "* LIST (\\HasNoChildren) \"/\" \"INBOX\"",
                        "* LIST (\\HasChildren) \"/\" \"foo\"",
                        "* LIST (\\Noselect \\HasChildren) \"/\" \"foo/bar\"",
                        "* LIST (\\HasNoChildren) \"/\" \"foo/bar/baz\"",
                        "* LIST (\\HasNoChildren) \"/\" \"with space\"",
                        "* LIST (\\HasNoChildren) \"/\" \"K&AOQ-se\"",
                        "* LIST (\\HasNoChildren) \"/\" \"trail\"");
        assertThat(client.ok("LIST foo/ %")).containsExactly("* LIST (\\Noselect \\HasChildren) \"/\" \"foo/bar\"");
        assertThat(client.ok("LIST \"\" foo/%/baz")).hasSize(1);
        assertThat(client.ok("LIST \"\" inBox")).containsExactly("* LIST (\\HasNoChildren) \"/\" \"INBOX\"");
        assertThat(client.ok("LIST \"\" \"K&AOQ-*\"")).hasSize(1);
        assertThat(client.ok("LIST \"\" i%")).hasSize(1);
        assertThat(client.ok("LIST \"\" (foo trail) RETURN (SPECIAL-USE CHILDREN)"))
                .hasSize(2);
        client.ok("SUBSCRIBE foo/bar/baz");
        assertThat(client.ok("LIST (SUBSCRIBED) \"\" *"))
                .contains("* LIST (\\HasNoChildren \\Subscribed) \"/\" \"foo/bar/baz\"")
                .noneMatch(line -> line.contains("trail"));
        assertThat(client.ok("LSUB \"\" foo/*")).containsExactly("* LSUB () \"/\" \"foo/bar/baz\"");
        assertThat(client.ok("LSUB \"\" foo%")).containsExactly("* LSUB (\\Noselect) \"/\" \"foo\"");
        client.ok("DELETE foo/bar/baz");
        assertThat(client.ok("LSUB \"\" foo/*"))
                .as("a subscription outlives its mailbox")
                .containsExactly("* LSUB (\\Noselect) \"/\" \"foo/bar/baz\"");
        client.ok("UNSUBSCRIBE foo/bar/baz");
        assertThat(client.ok("LSUB \"\" foo/*")).isEmpty();
        assertThat(client.end("SUBSCRIBE nowhere")).startsWith("tag NO [NONEXISTENT]");
        assertThat(client.end("LIST (BOGUS) \"\" *")).startsWith("tag BAD");
    }

    @Test
    void aHostilePatternIsCheap() {
        Client client = rack.login();
        client.ok("CREATE " + "a".repeat(200));
        assertThat(client.ok("LIST \"\" " + "*%a".repeat(200) + "b")).isEmpty();
        assertThat(client.end("LIST \"\" " + "*".repeat(2000))).startsWith("tag BAD");
    }

    @Test
    void specialUseIsListedAndGiven() {
        Client client = rack.login();
        assertThat(client.ok("LIST \"\" * RETURN (SPECIAL-USE)"))
                .contains("* LIST (\\HasNoChildren \\Trash) \"/\" \"Trash\"");
        assertThat(client.end("CREATE Old (USE (\\Archive \\Junk))")).startsWith("tag NO [USEATTR]");
        assertThat(client.end("CREATE Old (USE (\\All))")).startsWith("tag NO [USEATTR]");
        assertThat(client.end("CREATE Old (USE (\\Trash))"))
                .as("another has it")
                .startsWith("tag NO [USEATTR]");
        client.ok("DELETE Trash");
        client.ok("CREATE Old (USE (\\Trash))");
        assertThat(client.ok("LIST (SPECIAL-USE) \"\" Old"))
                .containsExactly("* LIST (\\HasNoChildren \\Trash) \"/\" \"Old\"");
    }

    @Test
    void createDeleteAndRenameAnswerInTheCodesOfRfc5530() {
        Client client = rack.login();
        assertThat(client.end("CREATE inbox")).startsWith("tag NO [ALREADYEXISTS]");
        client.ok("CREATE one");
        assertThat(client.end("CREATE one")).startsWith("tag NO [ALREADYEXISTS]");
        assertThat(client.end("CREATE a//b")).startsWith("tag NO [CANNOT]");
        assertThat(client.end("CREATE \"a*b\"")).startsWith("tag NO [CANNOT]");
        assertThat(client.end("CREATE \"&AGE-\"")).as("not modified UTF-7").startsWith("tag BAD");
        assertThat(client.end("DELETE INBOX")).startsWith("tag NO [CANNOT]");
        assertThat(client.end("DELETE two")).startsWith("tag NO [NONEXISTENT]");
        assertThat(client.end("RENAME two three")).startsWith("tag NO [NONEXISTENT]");
        assertThat(client.end("RENAME one INBOX")).startsWith("tag NO [ALREADYEXISTS]");
        client.ok("RENAME one two");
        client.ok("SELECT two");
        client.ok("RENAME two three");
        client.ok("NOOP");
        assertThat(client.end("SELECT two")).startsWith("tag NO [NONEXISTENT]");
    }

    @Test
    void statusTellsCounts() {
        rack.deliver(PICKLES, "\\Seen");
        rack.deliver(PICKLES, "\\Deleted");
        int size = 2 * PICKLES.replace("\n", "\r\n").length();
        Client client = rack.login();
        assertThat(client.ok("STATUS inbox (MESSAGES RECENT UIDNEXT UNSEEN DELETED SIZE)"))
                .containsExactly(
                        "* STATUS \"INBOX\" (MESSAGES 2 RECENT 2 UIDNEXT 3 UNSEEN 1 DELETED 1 SIZE " + size + ")");
        assertThat(client.end("STATUS nowhere (MESSAGES)")).startsWith("tag NO [NONEXISTENT]");
        assertThat(client.end("STATUS INBOX (BOGUS)")).startsWith("tag BAD");
        assertThat(client.end("STATUS INBOX ()")).startsWith("tag BAD");
    }

    @Test
    void appendStoresFlagsDateAndOctets() {
        Client client = rack.inbox();
        List<String> lines = client.run(
                "APPEND INBOX (\\Seen $x \\Recent) \"17-Jul-1996 02:44:25 -0700\" {14+}\r\nSubject: a\n\nb\r");
        assertThat(lines)
                .contains("* 1 EXISTS")
                .last()
                .asString()
                .matches("tag OK \\[APPENDUID \\d+ 1] APPEND completed");
        assertThat(client.ok("FETCH 1 (FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])"))
                .as("bare line ends become CRLF")
                .containsExactly(
                        "* 1 FETCH (FLAGS (\\Seen $x \\Recent) INTERNALDATE \"17-Jul-1996 09:44:25 +0000\" RFC822.SIZE 17 "
                                + "BODY[] {17}",
                        "Subject: a",
                        "",
                        "b",
                        ")");
    }

    @Test
    void appendAsksBeforeTheClientSends() {
        Client client = rack.login();
        assertThat(client.raw("a APPEND INBOX {5}\r\n")).isEqualTo("+ Go on\r\n");
        assertThat(client.raw("a: b\n")).isEmpty();
        assertThat(client.raw("\r\n")).startsWith("a OK [APPENDUID ");
        assertThat(client.raw("b APPEND nowhere {5}\r\n")).isEqualTo("b NO [TRYCREATE] No such mailbox\r\n");
        assertThat(client.raw("c APPEND INBOX {5001}\r\n")).startsWith("c NO [TOOBIG]");
        assertThat(client.raw("d APPEND INBOX {99999999999999999999999999}\r\n"))
                .startsWith("d NO [TOOBIG]");
        assertThat(client.raw("e APPEND INBOX (bad flag( {5}\r\n")).startsWith("e BAD");
        assertThat(client.raw("f APPEND INBOX {0}\r\n")).startsWith("f NO");
        assertThat(client.raw("g APPEND INBOX ~{5}\r\n")).startsWith("g BAD");
        assertThat(client.raw("h NOOP\r\n")).isEqualTo("h OK NOOP completed\r\n");
    }

    @Test
    void aRefusedLiteralThatComesAllTheSameIsSkipped() {
        Client client = rack.login();
        String message = "x LOGOUT\r\n".repeat(600);
        assertThat(client.raw("a APPEND INBOX {6000+}\r\n" + message + "\r\nb NOOP\r\n"))
                .isEqualTo("a NO [TOOBIG] Message longer than 5000 octets\r\nb OK NOOP completed\r\n");
        assertThat(client.raw("c APPEND INBOX {5+}\r\na\0b: \r\nd NOOP\r\n"))
                .isEqualTo("c NO [CANNOT] NUL in the message\r\nd OK NOOP completed\r\n");
        assertThat(client.raw("e APPEND INBOX {5+}\r\nabc: junk\r\nf NOOP\r\n"))
                .isEqualTo("e BAD Space expected\r\nf OK NOOP completed\r\n");
        assertThat(client.ok("STATUS INBOX (MESSAGES)")).containsExactly("* STATUS \"INBOX\" (MESSAGES 0)");
    }

    @Test
    void severalMessagesAreAppendedAllOrNone() {
        Client client = rack.login();
        assertThat(client.end("APPEND INBOX (\\Seen) {4+}\r\na: b (\\Draft) {4+}\r\nc: d {4+}\r\ne: f"))
                .as("RFC 3502")
                .matches("tag OK \\[APPENDUID \\d+ 1:3] APPEND completed");
        assertThat(client.end("APPEND INBOX {4+}\r\na: b {6000+}\r\n" + "x".repeat(6000)))
                .startsWith("tag NO [TOOBIG]");
        assertThat(client.end("APPEND INBOX {4+}\r\na: b {4+}\r\na: \0")).startsWith("tag NO [CANNOT]");
        client.ok("SELECT INBOX");
        assertThat(client.ok("FETCH 1:* (FLAGS BODY.PEEK[])"))
                .containsExactly(
                        "* 1 FETCH (FLAGS (\\Seen \\Recent) BODY[] {4}",
                        "a: b)",
                        "* 2 FETCH (FLAGS (\\Draft \\Recent) BODY[] {4}",
                        "c: d)",
                        "* 3 FETCH (FLAGS (\\Recent) BODY[] {4}",
                        "e: f)");
    }

    @Test
    void theMailboxNameOfAppendMayBeALiteral() {
        Client client = rack.login();
        assertThat(client.raw("a APPEND {5}\r\n")).isEqualTo("+ Go on\r\n");
        assertThat(client.raw("INBOX {4}\r\n")).isEqualTo("+ Go on\r\n");
        assertThat(client.raw("a: b\r\n")).startsWith("a OK [APPENDUID ");
        assertThat(client.raw("b STATUS {5+}\r\nINBOX (MESSAGES)\r\n")).contains("(MESSAGES 1)");
    }

    @Test
    void anAppendThatIsCutOffLeavesNothing() {
        Client client = rack.login();
        client.raw("a APPEND INBOX {4000}\r\nabc");
        client.connection.disconnect();
        assertThat(rack.mailboxes.counts(Rack.BOB, "INBOX").messages()).isZero();
        try (ContentWriter writer = rack.mailboxes.create()) {
            assertThat(writer.length()).isZero();
        }
    }
}
