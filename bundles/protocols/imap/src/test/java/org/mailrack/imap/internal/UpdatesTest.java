package org.mailrack.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mailrack.imap.internal.SelectedStateTest.PICKLES;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a session is told of others' changes, and when (RFC 3501 sections 5.2, 5.5 and 7.4.1; RFC 2180; RFC 2177). */
class UpdatesTest {

    private final Rack rack = new Rack();
    private Client one;
    private Client two;

    @BeforeEach
    void twoSessionsOnThreeMessages() {
        for (int i = 0; i < 3; i++) {
            rack.deliver(PICKLES);
        }
        one = rack.inbox();
        two = rack.inbox();
    }

    @AfterEach
    void close() {
        rack.close();
    }

    private void twoExpunges(String numbers) {
        two.ok("STORE " + numbers + " +FLAGS.SILENT (\\Deleted)");
        two.ok("EXPUNGE");
    }

    @Test
    void flagsOfOthersAreToldWithAnyCommand() {
        two.ok("STORE 2 +FLAGS (\\Flagged)");
        assertThat(one.ok("FETCH 1 UID"))
                .containsExactly("* 2 FETCH (UID 2 FLAGS (\\Flagged \\Recent))", "* 1 FETCH (UID 1)");
        assertThat(one.ok("NOOP")).as("told once").isEmpty();
    }

    @Test
    void flagsThatTheClientAsksForAreNotToldTwice() {
        two.ok("STORE 2 +FLAGS (\\Flagged)");
        assertThat(one.ok("FETCH 1:3 FLAGS")).hasSize(3);
        two.ok("STORE 1 +FLAGS (\\Flagged)");
        assertThat(one.ok("STORE 1:3 +FLAGS (\\Seen)")).hasSize(3);
        assertThat(one.ok("FETCH 1:3 BODY[]")).isNotEmpty();
        assertThat(one.ok("NOOP")).isEmpty();
    }

    @Test
    void silentStoreStillTellsWhatOthersDid() {
        two.ok("STORE 1 +FLAGS (\\Flagged)");
        assertThat(one.ok("STORE 1:2 +FLAGS.SILENT (\\Seen)"))
                .containsExactly("* 1 FETCH (UID 1 FLAGS (\\Flagged \\Seen \\Recent))");
    }

    @Test
    void expungeIsNotToldDuringFetchStoreAndSearch() {
        twoExpunges("1");
        rack.deliver(PICKLES);
        assertThat(one.ok("SEARCH ALL")).containsExactly("* SEARCH 1 2 3");
        assertThat(one.ok("FETCH 3 UID")).containsExactly("* 3 FETCH (UID 3)");
        assertThat(one.ok("STORE 3 +FLAGS (\\Seen)")).containsExactly("* 3 FETCH (FLAGS (\\Seen \\Recent))");
        assertThat(one.ok("STORE 2 +FLAGS.SILENT (\\Seen)")).isEmpty();
        assertThat(one.ok("NOOP")).containsExactly("* 1 EXPUNGE", "* 3 EXISTS", "* 3 RECENT");
        assertThat(one.ok("SEARCH ALL")).containsExactly("* SEARCH 1 2 3");
        assertThat(one.ok("FETCH 1:3 (UID)"))
                .containsExactly("* 1 FETCH (UID 2)", "* 2 FETCH (UID 3)", "* 3 FETCH (UID 4)");
    }

    @Test
    void uidCommandsMayTellExpunge() {
        twoExpunges("1,3");
        assertThat(one.ok("UID FETCH 2 (UID)")).containsExactly("* 2 FETCH (UID 2)", "* 1 EXPUNGE", "* 2 EXPUNGE");
    }

    @Test
    void aMessageThatIsGoneIsAnsweredFromTheOldView() {
        twoExpunges("2");
        // The content may be gone or not; what the view knows can be told in any case.
        assertThat(one.ok("FETCH 2 (UID RFC822.SIZE)"))
                .singleElement()
                .asString()
                .startsWith("* 2 FETCH (UID 2 RFC822.SIZE ");
        assertThat(one.end("STORE 2 +FLAGS (\\Seen)")).startsWith("tag OK [EXPUNGEISSUED]");
        assertThat(one.ok("NOOP")).containsExactly("* 2 EXPUNGE");
    }

    @Test
    void newMailIsToldWithAnyCommand() {
        rack.deliver(PICKLES);
        assertThat(one.ok("FETCH 1 UID")).containsExactly("* 1 FETCH (UID 1)", "* 4 EXISTS", "* 4 RECENT");
    }

    @Test
    void idlePushesUntilDone() {
        assertThat(one.raw("a IDLE\r\n")).isEqualTo("+ Idling\r\n");
        rack.deliver(PICKLES);
        assertThat(one.connection.awaitOutput(text -> text.contains("RECENT")))
                .isEqualTo("* 4 EXISTS\r\n* 4 RECENT\r\n");
        two.ok("STORE 1 +FLAGS (\\Seen)");
        assertThat(one.connection.awaitOutput(text -> text.contains("FETCH")))
                .isEqualTo("* 1 FETCH (UID 1 FLAGS (\\Seen \\Recent))\r\n");
        twoExpunges("2");
        assertThat(one.connection.awaitOutput(text -> text.contains("EXPUNGE"))).contains("* 2 EXPUNGE\r\n");
        assertThat(one.raw("done\r\n")).isEqualTo("a OK IDLE completed\r\n");
        rack.deliver(PICKLES);
        one.connection.drain();
        assertThat(one.connection.read()).as("nothing without a command").isEmpty();
        assertThat(one.ok("NOOP")).contains("* 4 EXISTS");
    }

    @Test
    void idleShowsThatTheServerIsThereAndEndsAfterHalfAnHour() {
        one.raw("a IDLE\r\n");
        assertThat(one.connection.idleTimeout()).hasMinutes(2);
        for (int i = 0; i < 14; i++) {
            one.connection.passIdleTime();
            assertThat(one.connection.read()).isEqualTo("* OK Still here\r\n");
        }
        one.connection.passIdleTime();
        assertThat(one.connection.read()).startsWith("* BYE");
    }

    @Test
    void idleWaitsForAClientThatDoesNotRead() {
        one.raw("a IDLE\r\n");
        one.connection.window(0);
        for (int i = 0; i < 5; i++) {
            rack.deliver(PICKLES);
            one.connection.drain();
        }
        one.connection.window(Long.MAX_VALUE);
        assertThat(one.connection.awaitOutput(text -> text.contains("* 8 RECENT")))
                .contains("* 8 EXISTS");
    }

    @Test
    void whatIsNotDoneEndsIdleAsBad() {
        assertThat(one.raw("a IDLE\r\nb NOOP\r\nc NOOP\r\n"))
                .isEqualTo("+ Idling\r\na BAD DONE expected\r\nc OK NOOP completed\r\n");
    }

    @Test
    void idleIsValidWithoutAMailbox() {
        Client client = rack.login();
        assertThat(client.raw("a IDLE\r\nDONE\r\n")).isEqualTo("+ Idling\r\na OK IDLE completed\r\n");
    }

    @Test
    void aMailboxDeletedByAnotherSessionEndsThisOne() {
        one.ok("CREATE gone");
        one.ok("SELECT gone");
        Client idle = rack.login();
        idle.ok("SELECT gone");
        idle.raw("a IDLE\r\n");
        two.ok("DELETE gone");
        assertThat(one.end("NOOP")).startsWith("* BYE [NONEXISTENT]");
        assertThat(one.connection.isClosed()).isTrue();
        assertThat(idle.connection.awaitClosed()).startsWith("* BYE [NONEXISTENT]");
    }

    @Test
    void aMailboxDeletedDuringAFetchEndsTheSessionAfterIt() {
        one.ok("CREATE gone");
        rack.deliver("gone", java.time.Instant.EPOCH, PICKLES);
        one.ok("SELECT gone");
        two.ok("DELETE gone");
        assertThat(one.raw("a UID FETCH 1:* (FLAGS BODY[])\r\n"))
                .endsWith("* BYE [NONEXISTENT] The selected mailbox was deleted\r\n");
        assertThat(one.connection.isClosed()).isTrue();
    }

    @Test
    void goodbyeWaitsForASearch() {
        one.connection.feed("a SEARCH TEXT pickles\r\n");
        one.connection.sayGoodbye();
        assertThat(one.connection.awaitClosed())
                .startsWith("* SEARCH 1 2 3\r\na OK SEARCH completed\r\n* BYE [UNAVAILABLE]");
    }

    @Test
    void aMailboxDeletedByItsOwnSessionIsLeft() {
        one.ok("CREATE gone");
        one.ok("SELECT gone");
        one.ok("DELETE gone");
        assertThat(one.end("CHECK")).startsWith("tag BAD");
        one.ok("SELECT INBOX");
    }

    @Test
    void goodbyeComesAfterTheCommandAtHand() {
        one.connection.window(10);
        one.raw("a FETCH 1:3 BODY.PEEK[]\r\n");
        one.connection.sayGoodbye();
        one.connection.window(Long.MAX_VALUE);
        String all = one.connection.awaitClosed();
        assertThat(all).contains("a OK FETCH completed\r\n* BYE [UNAVAILABLE]");
        two.raw("b IDLE\r\n");
        two.connection.sayGoodbye();
        assertThat(two.connection.awaitClosed()).startsWith("* BYE [UNAVAILABLE]");
    }

    @Test
    void pipelinedCommandsRunInOrder() {
        one.connection.feed("a FETCH 1:3 BODY.PEEK[]\r\nb SEARCH SUBJECT pickles\r\nc NOOP\r\nd FETCH 1 UID\r\n");
        String all = one.connection.awaitOutput(text -> text.contains("d OK"));
        assertThat(all.lines().filter(line -> line.matches("[abcd] OK.*")))
                .containsExactly(
                        "a OK FETCH completed", "b OK SEARCH completed", "c OK NOOP completed", "d OK FETCH completed");
    }

    @Test
    void aFetchOfManyMessagesIsMadeWhileTheClientTakesIt() {
        String big = "Subject: big\n\n" + ("x".repeat(70) + "\n").repeat(2000);
        for (int i = 0; i < 40; i++) {
            rack.deliver(big);
        }
        one.ok("NOOP");
        one.connection.window(10_000);
        one.raw("a FETCH 1:* BODY[]\r\n");
        assertThat(one.connection.untaken()).as("waiting in memory").isLessThan(64 * 1024);
        assertThat(one.connection.writable()).isFalse();
        one.connection.window(Long.MAX_VALUE);
        assertThat(one.connection.awaitOutput(text -> text.endsWith("a OK FETCH completed\r\n")))
                .hasSizeGreaterThan(40 * 140_000);
    }

    @Test
    void seenIsSetOnlyOfMessagesThatAreAboutToBeSent() {
        String big = "Subject: big\n\n" + ("x".repeat(70) + "\n").repeat(200);
        for (int i = 0; i < 200; i++) {
            rack.deliver(big);
        }
        one.ok("NOOP");
        one.connection.window(1000);
        one.raw("a FETCH 1:* BODY[]\r\n");
        one.connection.disconnect();
        assertThat(rack.mailboxes.counts(Rack.BOB, "INBOX").unseen()).isBetween(100, 202);
    }
}
