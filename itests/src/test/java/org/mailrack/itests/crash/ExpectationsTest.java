package org.mailrack.itests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The crash harness can fail: a server that breaks a promise is found out, whichever it is. Made-up histories; the server is a few
 * maps that a test tampers with.
 */
class ExpectationsTest {

    private static final String ALICE = "alice@hamburger.edu";
    private static final String BOB = "bob@hamburger.edu";
    private static final String INBOX = ExpectedAccount.INBOX;
    private static final String BOX = "box";
    private static final LoadMail SENT = new LoadMail("sent-1", 10);
    private static final LoadMail DOUBTFUL = new LoadMail("sent-2", 10);
    private static final LoadMail REFUSED = new LoadMail("sent-3", 10);
    private static final LoadMail APPENDED = new LoadMail("appended-1", 10);
    private static final LoadMail SECOND = new LoadMail("appended-2", 10);

    private final Expectations expectations = new Expectations(List.of(ALICE, BOB));
    private final Map<String, Server> servers = new HashMap<>();

    /** An account as a server has it. */
    private static final class Server {
        final Map<String, Mailbox> mailboxes = new TreeMap<>();

        Server() {
            mailboxes.put(INBOX, new Mailbox(1));
        }

        Mailbox inbox() {
            return mailboxes.get(INBOX);
        }
    }

    private static final class Mailbox {
        long uidValidity;
        long uidNext = 1;
        final TreeMap<Long, Actual.Message> messages = new TreeMap<>();

        Mailbox(long uidValidity) {
            this.uidValidity = uidValidity;
        }

        long add(LoadMail mail, String... flags) {
            messages.put(uidNext, new Actual.Message(mail.token(), new TreeSet<>(Set.of(flags))));
            return uidNext++;
        }

        void flags(long uid, String... flags) {
            messages.computeIfPresent(
                    uid, (same, message) -> new Actual.Message(message.token(), new TreeSet<>(Set.of(flags))));
        }
    }

    @BeforeEach
    void accountsWithAMailEachAndAMailboxOfAlices() {
        for (String account : List.of(ALICE, BOB)) {
            servers.put(account, new Server());
        }
        assertThat(check()).isEmpty();
        expectations.sending(SENT, Set.of(ALICE, BOB));
        expectations.accepted(SENT);
        servers.values().forEach(server -> server.inbox().add(SENT));
        done(ALICE, new Change.Create(BOX));
        alice().mailboxes.put(BOX, new Mailbox(2));
        done(ALICE, append(APPENDED), alice().mailboxes.get(BOX).add(APPENDED, "\\Seen"));
        assertThat(check()).isEmpty();
    }

    /** What a server does that keeps no promise. */
    private enum Breach {
        LOSES_A_MAIL("is missing", server -> server.inbox().messages.remove(1L)),
        DOUBLES_A_MAIL("should not be there", server -> server.inbox().add(SENT)),
        LOSES_AN_APPENDED_MESSAGE(
                "is missing", server -> server.mailboxes.get(BOX).messages.remove(1L)),
        LOSES_A_FLAG(
                "was promised [\\Seen]", server -> server.mailboxes.get(BOX).flags(1)),
        MAKES_UP_A_FLAG("was promised []", server -> server.inbox().flags(1, "\\Deleted")),
        GIVES_A_UID_TO_ANOTHER(
                "and was sent-1",
                server -> server.inbox().messages.put(1L, new Actual.Message(APPENDED.token(), Set.of()))),
        FORGETS_UIDNEXT("UIDNEXT is 1", server -> server.inbox().uidNext = 1),
        CHANGES_UIDVALIDITY("UIDVALIDITY was 1", server -> server.inbox().uidValidity = 9),
        LOSES_A_MAILBOX("there are the mailboxes [INBOX]", server -> server.mailboxes.remove(BOX)),
        HAS_A_MAILBOX_BACK("there are the mailboxes", server -> server.mailboxes.put("gone", new Mailbox(3)));

        private final String problem;
        private final Consumer<Server> breach;

        Breach(String problem, Consumer<Server> breach) {
            this.problem = problem;
            this.breach = breach;
        }
    }

    @ParameterizedTest
    @EnumSource(Breach.class)
    void aBreachIsFound(Breach breach) {
        breach.breach.accept(alice());
        assertThat(check())
                .isNotEmpty()
                .allMatch(problem -> problem.startsWith(ALICE))
                .anyMatch(problem -> problem.contains(breach.problem));
    }

    @Test
    void anAnswerTooEarlyIsFoundWhenTheMailIsNotThere() {
        LoadMail early = new LoadMail("sent-9", 10);
        expectations.sending(early, Set.of(BOB));
        expectations.accepted(early);
        assertThat(check()).singleElement().asString().contains("sent-9 was answered YES", "has arrived at []");
    }

    @Test
    void aMailThatIsDeliveredTwiceIsFoundAlsoByAClientThatReadsMeanwhile() {
        LoadMail twice = new LoadMail("sent-9", 10);
        expectations.sending(twice, Set.of(ALICE));
        expectations.accepted(twice);
        expectations.seen(ALICE, alice().inbox().add(twice), twice.token(), Set.of());
        alice().inbox().add(twice);
        assertThat(check()).anyMatch(problem -> problem.contains("has got sent-9 twice"));
    }

    @Test
    void aMailIsForItsRecipientsOnly() {
        LoadMail stray = new LoadMail("sent-9", 10);
        expectations.sending(stray, Set.of(ALICE));
        expectations.accepted(stray);
        alice().inbox().add(stray);
        bob().inbox().add(stray);
        assertThat(check()).anyMatch(problem -> problem.contains(BOB + " has got sent-9"));
    }

    @Test
    void aMailWithoutAnAnswerIsThereForAllOrForNone() {
        expectations.sending(DOUBTFUL, Set.of(ALICE, BOB));
        assertThat(check()).as("for none").isEmpty();
        expectations.sending(DOUBTFUL, Set.of(ALICE, BOB));
        servers.values().forEach(server -> server.inbox().add(DOUBTFUL));
        assertThat(check()).as("for all").isEmpty();
        LoadMail half = new LoadMail("sent-9", 10);
        expectations.sending(half, Set.of(ALICE, BOB));
        alice().inbox().add(half);
        assertThat(check()).singleElement().asString().contains("sent-9 was answered NONE");
    }

    @Test
    void aRefusedMailIsFoundWithNobody() {
        expectations.sending(REFUSED, Set.of(BOB));
        expectations.refused(REFUSED);
        assertThat(check()).isEmpty();
        expectations.sending(REFUSED, Set.of(BOB));
        expectations.refused(REFUSED);
        bob().inbox().add(REFUSED);
        assertThat(check()).singleElement().asString().contains("sent-3 was answered NO");
    }

    @Test
    void anExpungedMessageStaysAwayAndSoDoesItsUid() {
        Mailbox box = alice().mailboxes.get(BOX);
        Actual.Message removed = box.messages.remove(1L);
        done(ALICE, new Change.Expunge(BOX, List.of(1L)));
        assertThat(check()).isEmpty();
        box.messages.put(1L, removed);
        assertThat(check()).singleElement().asString().contains("it was removed");
        box.messages.clear();
        done(ALICE, append(SECOND), 1L);
        assertThat(check()).anyMatch(problem -> problem.contains("UID 1 of appended-2 was appended-1 already"));
    }

    @Test
    void aUidBelowTheUidNextThatWasToldIsFound() {
        bob().inbox().uidNext = 100;
        assertThat(check()).isEmpty();
        LoadMail low = new LoadMail("sent-9", 10);
        expectations.sending(low, Set.of(BOB));
        expectations.accepted(low);
        bob().inbox().messages.put(50L, new Actual.Message(low.token(), Set.of()));
        assertThat(check()).singleElement().asString().contains("below the UIDNEXT 100");
    }

    @Test
    void aFlagThatWasAnsweredIsThereAndOneInDoubtMayBe() {
        Change.Flags flagged = new Change.Flags(BOX, List.of(1L), true, Set.of("\\Flagged"));
        done(ALICE, flagged);
        alice().mailboxes.get(BOX).flags(1, "\\Flagged", "\\Seen");
        expectations.asking(ALICE, new Change.Flags(BOX, List.of(1L), false, Set.of("\\Seen")));
        assertThat(check()).as("the doubtful one did not happen").isEmpty();
        expectations.asking(ALICE, new Change.Flags(BOX, List.of(1L), false, Set.of("\\Seen")));
        alice().mailboxes.get(BOX).flags(1, "\\Flagged");
        assertThat(check()).as("it did").isEmpty();
        alice().mailboxes.get(BOX).flags(1);
        assertThat(check()).singleElement().asString().contains("was promised [\\Flagged]");
    }

    @Test
    void aDoubtfulAppendIsThereWhollyOrNotAtAll() {
        Change both = new Change.Append(BOX, List.of(SECOND, new LoadMail("appended-3", 10)), Set.of());
        expectations.asking(ALICE, both);
        assertThat(check()).isEmpty();
        expectations.asking(ALICE, both);
        alice().mailboxes.get(BOX).add(SECOND);
        // RFC 3502 section 3: all or none of a MULTIAPPEND.
        assertThat(check()).anyMatch(problem -> problem.contains("half") || problem.contains("should not be there"));
    }

    @Test
    void aDoubtfulMoveHasTheMessageInOnePlace() {
        Change move = new Change.Transfer(BOX, List.of(1L), INBOX, true);
        expectations.asking(ALICE, move);
        assertThat(check()).as("it did not happen").isEmpty();
        expectations.asking(ALICE, move);
        alice().mailboxes.get(BOX).messages.clear();
        assertThat(check()).as("it is lost between").anyMatch(problem -> problem.contains("half of a change"));
    }

    @Test
    void aMoveThatLeavesTheMessageInBothPlacesIsFound() {
        expectations.asking(ALICE, new Change.Transfer(BOX, List.of(1L), INBOX, true));
        alice().inbox().add(APPENDED, "\\Seen");
        assertThat(check()).singleElement().asString().contains("appended-1, should not be there");
    }

    @Test
    void aDoubtfulCopyHasTheFlagsOfItsSource() {
        expectations.asking(ALICE, new Change.Transfer(BOX, List.of(1L), INBOX, false));
        alice().inbox().add(APPENDED);
        assertThat(check()).singleElement().asString().contains("was promised [\\Seen]");
    }

    @Test
    void aMailboxMadeAgainHasAGreaterUidValidity() {
        done(ALICE, new Change.Delete(BOX));
        done(ALICE, new Change.Create(BOX));
        alice().mailboxes.put(BOX, new Mailbox(2));
        assertThat(check()).singleElement().asString().contains("an earlier mailbox had 2");
    }

    @Test
    void octetsThatDifferAreFound() {
        byte[] sent = SENT.octets();
        assertThat(SENT.isIn(sent)).isTrue();
        assertThat(SENT.isIn(("Received: by us\r\n\tfor you\r\n" + new String(sent, StandardCharsets.US_ASCII))
                        .getBytes(StandardCharsets.US_ASCII)))
                .isTrue();
        for (int at = 0; at < sent.length; at++) {
            sent[at] ^= 1;
            assertThat(SENT.isIn(sent)).as("octet %d", at).isFalse();
            sent[at] ^= 1;
        }
        assertThat(SENT.isIn(Arrays.copyOf(sent, sent.length - 1))).isFalse();
        assertThat(SENT.isIn(new byte[0])).isFalse();
    }

    private static Change append(LoadMail mail) {
        return new Change.Append(BOX, List.of(mail), Set.of("\\Seen"));
    }

    private void done(String account, Change change, Long... made) {
        expectations.asking(account, change);
        expectations.done(account, change, List.of(made));
    }

    private Server alice() {
        return servers.get(ALICE);
    }

    private Server bob() {
        return servers.get(BOB);
    }

    private List<String> check() {
        Map<String, Actual> found = new HashMap<>();
        servers.forEach((account, server) -> {
            TreeMap<String, Actual.Folder> folders = new TreeMap<>();
            server.mailboxes.forEach((name, mailbox) -> folders.put(
                    name, new Actual.Folder(mailbox.uidValidity, mailbox.uidNext, new TreeMap<>(mailbox.messages))));
            found.put(account, new Actual(folders));
        });
        return expectations.check(found);
    }
}
