package org.mailrack.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.store.MailboxStore;

/** Commands of the selected state (RFC 3501 section 6.4). */
class SelectedStateTest {

    static final String PICKLES =
            "From: Alice <alice@crepes.fr>\nTo: bob@hamburger.edu\nSubject: Pickles\nDate: Thu, 1 Jan 2026 10:00:00 +0100\n"
                    + "Message-ID: <1@crepes.fr>\n\nHow about pickles?\n";

    private final Rack rack = new Rack();

    @AfterEach
    void close() {
        rack.close();
    }

    @Test
    void selectTellsWhatSection631Requires() {
        rack.deliver(PICKLES, "\\Seen");
        rack.deliver(PICKLES, "$Junk");
        List<String> answer = rack.login().run("SELECT inbox");
        assertThat(answer)
                .contains(
                        "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Junk)",
                        "* 2 EXISTS",
                        "* 2 RECENT",
                        "* OK [UNSEEN 2] First unseen",
                        "* OK [UIDNEXT 3] Next UID",
                        "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Junk \\*)] Flags that stay")
                .anyMatch(line -> line.matches("\\* OK \\[UIDVALIDITY [1-9][0-9]*].*"))
                .last()
                .isEqualTo("tag OK [READ-WRITE] SELECT completed");
    }

    @Test
    void recentIsToldToTheFirstSelectOnlyAndExamineDoesNotClaimIt() {
        rack.deliver(PICKLES);
        assertThat(rack.login().ok("EXAMINE INBOX")).contains("* 1 RECENT");
        assertThat(rack.login().ok("EXAMINE INBOX")).contains("* 1 RECENT");
        Client first = rack.login();
        assertThat(first.ok("SELECT INBOX")).contains("* 1 RECENT");
        assertThat(first.ok("FETCH 1 FLAGS")).containsExactly("* 1 FETCH (FLAGS (\\Recent))");
        assertThat(rack.login().ok("SELECT INBOX")).contains("* 0 RECENT");
    }

    @Test
    void examineChangesNothing() {
        rack.deliver(PICKLES);
        Client client = rack.login();
        assertThat(client.run("EXAMINE INBOX"))
                .contains("* OK [PERMANENTFLAGS ()] Flags that stay")
                .last()
                .isEqualTo("tag OK [READ-ONLY] EXAMINE completed");
        client.ok("FETCH 1 BODY[]");
        assertThat(client.ok("FETCH 1 FLAGS")).containsExactly("* 1 FETCH (FLAGS (\\Recent))");
        assertThat(client.end("STORE 1 +FLAGS (\\Deleted)")).startsWith("tag NO [READ-ONLY]");
        assertThat(client.end("EXPUNGE")).startsWith("tag NO [READ-ONLY]");
        assertThat(client.end("MOVE 1 Trash")).startsWith("tag NO [READ-ONLY]");
        client.ok("CLOSE");
        assertThat(rack.mailboxes.counts(Rack.BOB, "INBOX").unseen()).isEqualTo(1);
    }

    @Test
    void aFailedSelectLeavesNoMailboxSelected() {
        Client client = rack.inbox();
        assertThat(client.end("SELECT nowhere")).startsWith("tag NO [NONEXISTENT]");
        assertThat(client.end("FETCH 1 FLAGS")).startsWith("tag BAD");
    }

    @Test
    void fetchOfABodySetsSeenAndTellsIt() {
        rack.deliver(PICKLES);
        Client client = rack.inbox();
        assertThat(client.ok("FETCH 1 BODY.PEEK[TEXT]"))
                .containsExactly("* 1 FETCH (BODY[TEXT] {20}", "How about pickles?", ")");
        assertThat(client.ok("FETCH 1 BODY[TEXT]"))
                .containsExactly("* 1 FETCH (BODY[TEXT] {20}", "How about pickles?", " FLAGS (\\Seen \\Recent))");
        assertThat(client.ok("FETCH 1 BODY[TEXT]"))
                .as("already seen: nothing to tell")
                .containsExactly("* 1 FETCH (BODY[TEXT] {20}", "How about pickles?", ")");
        assertThat(client.ok("NOOP")).isEmpty();
    }

    @Test
    void fetchAnswersEveryItem() {
        rack.deliver(PICKLES, "\\Seen");
        Client client = rack.inbox();
        String envelope = "(\"Thu, 1 Jan 2026 10:00:00 +0100\" \"Pickles\" ((\"Alice\" NIL \"alice\" \"crepes.fr\")) "
                + "((\"Alice\" NIL \"alice\" \"crepes.fr\")) ((\"Alice\" NIL \"alice\" \"crepes.fr\")) "
                + "((NIL NIL \"bob\" \"hamburger.edu\")) NIL NIL NIL \"<1@crepes.fr>\")";
        String body = "\"text\" \"plain\" NIL NIL NIL \"7bit\" 20 1";
        String fast = "FLAGS (\\Seen \\Recent) INTERNALDATE \"02-Jan-2026 03:04:05 +0000\" RFC822.SIZE 163";
        int size = PICKLES.replace("\n", "\r\n").length();
        fast = fast.replace("163", Integer.toString(size));
        assertThat(client.ok("FETCH 1 FAST")).containsExactly("* 1 FETCH (" + fast + ")");
        assertThat(client.ok("FETCH 1 ALL")).containsExactly("* 1 FETCH (" + fast + " ENVELOPE " + envelope + ")");
        assertThat(client.ok("FETCH 1 FULL"))
                .containsExactly("* 1 FETCH (" + fast + " ENVELOPE " + envelope + " BODY (" + body + "))");
        assertThat(client.ok("FETCH 1 (UID BODYSTRUCTURE)"))
                .containsExactly("* 1 FETCH (UID 1 BODYSTRUCTURE (" + body + " NIL NIL NIL NIL))");
        assertThat(client.ok("UID FETCH 1 RFC822.SIZE")).containsExactly("* 1 FETCH (UID 1 RFC822.SIZE " + size + ")");
        assertThat(client.ok("FETCH 1 BODY[HEADER.FIELDS (SUBJECT \"to\")]"))
                .containsExactly(
                        "* 1 FETCH (BODY[HEADER.FIELDS (SUBJECT to)] {43}",
                        "To: bob@hamburger.edu",
                        "Subject: Pickles",
                        "",
                        ")");
        assertThat(client.ok("FETCH 1 BODY.PEEK[HEADER.FIELDS.NOT (FROM TO SUBJECT DATE)]"))
                .containsExactly(
                        "* 1 FETCH (BODY[HEADER.FIELDS.NOT (FROM TO SUBJECT DATE)] {29}",
                        "Message-ID: <1@crepes.fr>",
                        "",
                        ")");
        assertThat(client.ok("FETCH 1 BODY[]<0.5>")).containsExactly("* 1 FETCH (BODY[]<0> {5}", "From:)");
        assertThat(client.ok("FETCH 1 BODY[]<100000.5>")).containsExactly("* 1 FETCH (BODY[]<100000> {0}", ")");
        assertThat(client.ok("FETCH 1 BODY[1]<4.5>")).containsExactly("* 1 FETCH (BODY[1]<4> {5}", "about)");
        assertThat(client.ok("FETCH 1 BODY[2]")).containsExactly("* 1 FETCH (BODY[2] NIL)");
        assertThat(client.ok("FETCH 1 RFC822.TEXT"))
                .containsExactly("* 1 FETCH (RFC822.TEXT {20}", "How about pickles?", ")");
        assertThat(String.join("\r\n", client.ok("FETCH 1 RFC822")))
                .isEqualTo("* 1 FETCH (RFC822 {" + size + "}\r\n" + PICKLES.replace("\n", "\r\n") + ")");
    }

    @Test
    void whatTheViewAnswersIsTheSameForThousandsOfMessagesAsForOne() {
        long id = rack.mailboxes.find(Rack.BOB, "INBOX").orElseThrow().id();
        List<MailboxStore.NewMessage> messages = new ArrayList<>();
        rack.deliver(PICKLES);
        List<MessageRow> first = new ArrayList<>();
        rack.store.messages(id, first::add);
        ContentRef content = first.get(0).content();
        for (int i = 0; i < 3_000; i++) {
            List<String> flags = i % 3 == 0 ? List.of("\\Seen") : List.of("\\Flagged", "$k" + i % 7);
            messages.add(new MailboxStore.NewMessage(
                    id,
                    content,
                    100 + i,
                    Flags.of(flags),
                    Instant.ofEpochSecond(1_700_000_000L + i),
                    Optional.empty()));
        }
        rack.store.append(messages);
        Client client = rack.inbox();
        rack.inbox().ok("STORE 40:140,1500:1600 +FLAGS.SILENT (\\Answered)");
        // The same items with one that needs the message, so that each is answered by itself.
        List<String> expected = client.ok("FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]<9999.1>)");
        assertThat(expected).hasSize(2 * 3_001).anyMatch(line -> line.contains("\\Recent"));
        List<String> lines = client.ok("FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE)");
        // An empty literal stands at the end of a line, and the bracket alone on the next one.
        assertThat(lines)
                .isEqualTo(expected.stream()
                        .filter(line -> !line.equals(")"))
                        .map(line -> line.replace(" BODY[]<9999> {0}", ")"))
                        .toList());
    }

    @Test
    void partsOfAMessageInAMessageHaveNumbers() {
        rack.deliver("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: message/rfc822\n\n"
                + "Subject: in\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\ntwo\n--c\nContent-Type: text/html\n\n"
                + "<p>three\n--c--\n\n--b--\n");
        Client client = rack.inbox();
        assertThat(client.ok("FETCH 1 BODY.PEEK[1]")).containsExactly("* 1 FETCH (BODY[1] {3}", "one)");
        assertThat(client.ok("FETCH 1 BODY.PEEK[2.1]")).containsExactly("* 1 FETCH (BODY[2.1] {3}", "two)");
        assertThat(client.ok("FETCH 1 BODY.PEEK[2.2]")).containsExactly("* 1 FETCH (BODY[2.2] {8}", "<p>three)");
        assertThat(client.ok("FETCH 1 BODY.PEEK[2.2.MIME]"))
                .containsExactly("* 1 FETCH (BODY[2.2.MIME] {27}", "Content-Type: text/html", "", ")");
        assertThat(client.ok("FETCH 1 BODY.PEEK[2.HEADER.FIELDS (Subject)]"))
                .containsExactly("* 1 FETCH (BODY[2.HEADER.FIELDS (Subject)] {15}", "Subject: in", "", ")");
        assertThat(client.ok("FETCH 1 BODY.PEEK[1.HEADER]")).containsExactly("* 1 FETCH (BODY[1.HEADER] NIL)");
        assertThat(client.ok("FETCH 1 BODY.PEEK[2.2.1]")).containsExactly("* 1 FETCH (BODY[2.2.1] NIL)");
        assertThat(client.ok("FETCH 1 BODY"))
                .singleElement()
                .asString()
                .startsWith("* 1 FETCH (BODY ((\"text\" \"plain\" NIL NIL NIL \"7bit\" 3 ")
                .contains("(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" ")
                .contains("((\"text\" \"plain\" NIL NIL NIL \"7bit\" 3 ")
                .contains("\"alternative\")")
                .endsWith(" \"mixed\"))");
    }

    @Test
    void aMessageWithoutHeaderStaysReadable() {
        rack.deliver("Do you like ketchup?\nHow about pickles?\n");
        Client client = rack.inbox();
        List<String> whole = client.ok("FETCH 1 (RFC822.SIZE BODY.PEEK[HEADER] BODY.PEEK[TEXT] BODY.PEEK[1] ENVELOPE)");
        String text = String.join("\r\n", whole);
        assertThat(text).contains("RFC822.SIZE 42", "BODY[HEADER] {0}\r\n ", "BODY[TEXT] {42}\r\nDo you like ketchup?");
        assertThat(text).contains("BODY[1] {42}", "ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)");
        assertThat(client.ok("FETCH 1 BODY.PEEK[HEADER.FIELDS (Subject)]"))
                .as("the empty line is always there")
                .containsExactly("* 1 FETCH (BODY[HEADER.FIELDS (Subject)] {2}", "", ")");
    }

    @Test
    void aMessageNumberThatIsNotThereIsBad() {
        Client client = rack.inbox();
        assertThat(client.end("FETCH 1 FLAGS")).startsWith("tag BAD");
        assertThat(client.end("FETCH * FLAGS")).as("section 9, seq-number").startsWith("tag BAD");
        assertThat(client.ok("UID FETCH 1:* FLAGS")).isEmpty();
        rack.deliver(PICKLES);
        assertThat(client.ok("NOOP")).containsExactly("* 1 EXISTS", "* 1 RECENT");
        assertThat(client.ok("UID FETCH 5:* UID")).as("* is the last one").containsExactly("* 1 FETCH (UID 1)");
        assertThat(client.ok("UID FETCH 5 UID")).isEmpty();
        assertThat(client.end("FETCH 1:2 UID")).startsWith("tag BAD");
    }

    @Test
    void storeTellsFlagsUnlessSilent() {
        rack.deliver(PICKLES);
        rack.deliver(PICKLES);
        Client client = rack.inbox();
        assertThat(client.ok("STORE 1:2 +FLAGS (\\Flagged)"))
                .containsExactly("* 1 FETCH (FLAGS (\\Flagged \\Recent))", "* 2 FETCH (FLAGS (\\Flagged \\Recent))");
        assertThat(client.ok("UID STORE 2 -FLAGS \\Flagged")).containsExactly("* 2 FETCH (UID 2 FLAGS (\\Recent))");
        assertThat(client.ok("STORE 1 FLAGS.SILENT (\\Seen $Label)"))
                .as("a new keyword is told, the flags are not")
                .hasSize(2)
                .noneMatch(line -> line.contains("FETCH"));
        assertThat(client.ok("FETCH 1:2 FLAGS"))
                .containsExactly("* 1 FETCH (FLAGS (\\Seen $Label \\Recent))", "* 2 FETCH (FLAGS (\\Recent))");
        assertThat(client.ok("STORE 1 FLAGS ()")).containsExactly("* 1 FETCH (FLAGS (\\Recent))");
        assertThat(client.end("STORE 1 +FLAGS (\\Recent)")).startsWith("tag BAD");
        assertThat(client.end("STORE 1 +FLAGS (\\Sent)")).startsWith("tag BAD");
    }

    @Test
    void expungeTellsNumbersThatMoveDown() {
        for (int i = 0; i < 5; i++) {
            rack.deliver(PICKLES);
        }
        Client client = rack.inbox();
        client.ok("STORE 2,3,5 +FLAGS.SILENT (\\Deleted)");
        assertThat(client.ok("UID EXPUNGE 1:2")).containsExactly("* 2 EXPUNGE");
        assertThat(client.ok("EXPUNGE")).containsExactly("* 2 EXPUNGE", "* 3 EXPUNGE");
        assertThat(client.ok("UID SEARCH ALL")).containsExactly("* SEARCH 1 4");
    }

    @Test
    void closeExpungesSilentlyAndUnselectDoesNot() {
        rack.deliver(PICKLES, "\\Deleted");
        Client client = rack.inbox();
        assertThat(client.ok("UNSELECT")).isEmpty();
        assertThat(client.ok("SELECT INBOX")).contains("* 1 EXISTS");
        assertThat(client.ok("CLOSE")).isEmpty();
        assertThat(client.end("CHECK")).startsWith("tag BAD");
        assertThat(client.ok("SELECT INBOX")).contains("* 0 EXISTS");
    }

    @Test
    void copyAndMoveTellUids() {
        rack.deliver(PICKLES, "\\Flagged");
        rack.deliver(PICKLES);
        Client client = rack.inbox();
        assertThat(client.end("COPY 1:2 Trash")).matches("tag OK \\[COPYUID \\d+ 1:2 1:2] COPY completed");
        assertThat(client.end("UID COPY 2 Nowhere")).startsWith("tag NO [TRYCREATE]");
        List<String> moved = client.ok("MOVE 1 Trash");
        assertThat(moved).hasSize(2);
        assertThat(moved.get(0)).matches("\\* OK \\[COPYUID \\d+ 1 3] Moved");
        assertThat(moved.get(1)).isEqualTo("* 1 EXPUNGE");
        assertThat(client.ok("UID MOVE 77 Trash")).isEmpty();
        assertThat(client.ok("SELECT Trash")).contains("* 3 EXISTS");
        assertThat(client.ok("FETCH 1,3 FLAGS"))
                .containsExactly("* 1 FETCH (FLAGS (\\Flagged \\Recent))", "* 3 FETCH (FLAGS (\\Flagged \\Recent))");
    }

    @Test
    void searchKnowsEveryKeyOfSection644() {
        rack.deliver(PICKLES, "\\Seen", "\\Answered");
        rack.deliver(
                "INBOX",
                Instant.parse("2026-03-04T00:00:00Z"),
                "From: carol@x.org\nCc: d@x.org\nBcc: e@x.org\nSubject: =?utf-8?q?K=C3=A4se?=\nX-Foo: bar\nDate: 5 Mar 2026 "
                        + "23:00:00 -0800\n\nGr\u00fc\u00dfe, ketchup\n",
                "\\Flagged",
                "\\Deleted",
                "\\Draft",
                "$Junk");
        Client client = rack.inbox();
        Object[][] cases = {
            {"ALL", "1 2"},
            {"ANSWERED", "1"},
            {"UNANSWERED", "2"},
            {"DELETED", "2"},
            {"UNDELETED", "1"},
            {"DRAFT", "2"},
            {"UNDRAFT", "1"},
            {"FLAGGED", "2"},
            {"UNFLAGGED", "1"},
            {"SEEN", "1"},
            {"UNSEEN", "2"},
            {"NEW", "2"},
            {"OLD", ""},
            {"RECENT", "1 2"},
            {"KEYWORD $junk", "2"},
            {"UNKEYWORD $Junk", "1"},
            {"BCC e@x", "2"},
            {"CC d@x.org", "2"},
            {"FROM alice", "1"},
            {"TO hamburger", "1"},
            {"SUBJECT pickles", "1"},
            {"CHARSET UTF-8 SUBJECT k\u00e4se", "2"},
            {"HEADER X-Foo BAR", "2"},
            {"HEADER X-Foo \"\"", "2"},
            {"BODY ketchup", "2"},
            {"BODY alice", ""},
            {"TEXT alice", "1"},
            {"BEFORE 3-Jan-2026", "1"},
            {"ON 2-Jan-2026", "1"},
            {"SINCE 3-Jan-2026", "2"},
            {"ON \"4-Mar-2026\"", "2"},
            {"SENTON 5-Mar-2026", "2"},
            {"SENTBEFORE 5-Mar-2026", "1"},
            {"SENTSINCE 1-Jan-2026", "1 2"},
            {"LARGER 100000", ""},
            {"SMALLER 100000", "1 2"},
            {"2", "2"},
            {"2:*", "2"},
            {"7", ""},
            {"7:9", ""},
            {"UID 1", "1"},
            {"UID 9:*", "2"},
            {"NOT 1", "2"},
            {"OR SEEN FLAGGED", "1 2"},
            {"OR (SEEN FLAGGED) NOT (1 UNSEEN)", "1 2"},
            {"(SEEN) (1:2)", "1"},
        };
        for (Object[] each : cases) {
            String key = (String) each[0];
            String found = each[1].equals("") ? "* SEARCH" : "* SEARCH " + each[1];
            if (key.chars().anyMatch(c -> c > 127)) {
                int at = key.lastIndexOf(' ') + 1;
                int octets = key.substring(at).getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
                key = key.substring(0, at) + "{" + octets + "+}\r\n" + key.substring(at);
            }
            assertThat(client.ok("SEARCH " + key)).as(key).containsExactly(found);
        }
        assertThat(client.end("SEARCH CHARSET KLINGON ALL"))
                .startsWith("tag NO [BADCHARSET (US-ASCII UTF-8 ISO-8859-1)]");
        assertThat(client.end("SEARCH BOGUS")).startsWith("tag BAD");
        assertThat(client.end("SEARCH ON 31-Feb-2026")).startsWith("tag BAD");
        assertThat(client.end("SEARCH (ALL")).startsWith("tag BAD");
    }
}
