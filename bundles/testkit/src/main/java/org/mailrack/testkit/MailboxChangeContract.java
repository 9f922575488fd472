package org.mailrack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.FlagChange.Kind;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.MailboxStore.Changes;
import org.mailrack.api.store.MailboxStore.FlagResult;
import org.mailrack.api.store.MailboxStore.NewMessage;
import org.mailrack.api.store.StoreException;

/** Flags, and what changed since when (RFC 7162). */
abstract class MailboxChangeContract extends MailboxAppendContract {

    private static final UidSet ALL = UidSet.range(1, 0xffff_ffffL);

    FlagResult flags(long mailbox, UidSet uids, Kind kind, String... names) {
        return store.changeFlags(mailbox, uids, new FlagChange(kind, Flags.of(names)), OptionalLong.empty());
    }

    @Test
    void flagsAreAddedRemovedAndReplaced() throws Exception {
        long a = mailbox("a").id();
        append(message(a, "1", "\\Seen", "x"));
        append(message(a, "2"));
        flags(a, ALL, Kind.ADD, "\\Flagged", "y");
        restart();
        assertThat(row(a, 1).flags()).isEqualTo(Flags.of("\\Seen", "\\Flagged", "x", "y"));
        assertThat(row(a, 2).flags()).isEqualTo(Flags.of("\\Flagged", "y"));
        flags(a, UidSet.of(1), Kind.REMOVE, "\\Seen", "y", "\\Answered");
        assertThat(row(a, 1).flags()).isEqualTo(Flags.of("\\Flagged", "x"));
        flags(a, ALL, Kind.REPLACE, "\\Deleted", "z");
        assertThat(rows(a)).extracting(MessageRow::flags).containsOnly(Flags.of("\\Deleted", "z"));
        flags(a, UidSet.of(2), Kind.REPLACE);
        restart();
        assertThat(row(a, 1).flags()).isEqualTo(Flags.of("\\Deleted", "z"));
        assertThat(row(a, 2).flags()).isEqualTo(Flags.NONE);
    }

    @Test
    void changedRowsAreToldWithNewFlagsAndOneNewModSeqInUidOrder() {
        long a = mailbox("a").id();
        fill(a, 5);
        long before = info(a).highestModSeq();
        FlagResult result = flags(a, UidSet.of(5, 1, 3, 99), Kind.ADD, "\\Seen");
        assertThat(result.modified()).isEqualTo(UidSet.EMPTY);
        assertThat(result.changed()).extracting(MessageRow::uid).containsExactly(1L, 3L, 5L);
        assertThat(result.changed()).allMatch(r -> r.flags().has(Flags.SEEN) && r.modSeq() > before);
        assertThat(rows(a)).containsAll(result.changed());
        assertThat(row(a, 2).flags()).isEqualTo(Flags.NONE);
        assertThat(row(a, 2).modSeq()).isLessThanOrEqualTo(before);
        assertThat(info(a).highestModSeq()).isEqualTo(result.changed().get(2).modSeq());
    }

    @Test
    void aMessageWhoseFlagsStayTheSameKeepsItsModSeq() {
        long a = mailbox("a").id();
        append(message(a, "1", "\\Seen"));
        append(message(a, "2"));
        append(message(a, "3", "\\Seen"));
        List<MessageRow> before = rows(a);
        FlagResult result = flags(a, ALL, Kind.ADD, "\\Seen");
        assertThat(result.changed()).extracting(MessageRow::uid).containsExactly(2L);
        assertThat(row(a, 1)).isEqualTo(before.get(0));
        assertThat(row(a, 3)).isEqualTo(before.get(2));
        MailboxInfo settled = info(a);
        assertThat(flags(a, ALL, Kind.ADD, "\\Seen").changed()).isEmpty();
        assertThat(info(a)).isEqualTo(settled);
    }

    @Test
    void keywordsCompareWithoutCaseAndKeepTheCaseTheyWereFirstWrittenIn() throws Exception {
        long a = mailbox("a").id();
        append(message(a, "1", "$Junk"));
        assertThat(flags(a, ALL, Kind.ADD, "$JUNK").changed()).isEmpty();
        assertThat(flags(a, ALL, Kind.REPLACE, "$junk").changed()).isEmpty();
        flags(a, ALL, Kind.REPLACE, "$junk", "other");
        restart();
        assertThat(row(a, 1).flags().keywords()).containsExactly("$Junk", "other");
        flags(a, ALL, Kind.REMOVE, "$jUNK");
        assertThat(row(a, 1).flags().keywords()).containsExactly("other");
    }

    @Test
    void messagesChangedSinceAreLeftAloneAndReported() {
        long a = mailbox("a").id();
        fill(a, 3);
        long known = info(a).highestModSeq();
        flags(a, UidSet.of(2), Kind.ADD, "\\Flagged");
        FlagResult result = store.changeFlags(
                a, UidSet.of(1, 2, 3, 99), new FlagChange(Kind.ADD, Flags.of("\\Seen")), OptionalLong.of(known));
        assertThat(result.changed()).extracting(MessageRow::uid).containsExactly(1L, 3L);
        assertThat(result.modified()).isEqualTo(UidSet.of(2));
        assertThat(row(a, 2).flags()).isEqualTo(Flags.of("\\Flagged"));
        FlagResult none = store.changeFlags(
                a, UidSet.of(2), new FlagChange(Kind.ADD, Flags.of("\\Flagged")), OptionalLong.of(known));
        assertThat(none.modified())
                .as("RFC 7162 section 3.1.3: also when the flags would stay the same")
                .isEqualTo(UidSet.of(2));
    }

    @Test
    void flagsOfScatteredMessagesChangeInOneStep() {
        long a = mailbox("a").id();
        List<Long> odd = new ArrayList<>();
        List<NewMessage> messages = new ArrayList<>();
        for (long uid = 1; uid <= 400; uid++) {
            messages.add(message(a, "m" + uid, uid % 3 == 0 ? "\\Flagged" : "\\Answered"));
            if (uid % 2 == 1 || uid > 390) {
                odd.add(uid);
            }
        }
        store.append(messages);
        FlagResult result = flags(a, UidSet.of(odd), Kind.ADD, "\\Seen");
        assertThat(result.changed()).extracting(MessageRow::uid).containsExactlyElementsOf(odd);
        for (MessageRow row : rows(a)) {
            assertThat(row.flags().has(Flags.SEEN)).as("seen %s", row.uid()).isEqualTo(odd.contains(row.uid()));
            assertThat(row.flags().has(Flags.FLAGGED)).isEqualTo(row.uid() % 3 == 0);
        }
        assertThat(result.changed()).extracting(MessageRow::modSeq).containsOnly(info(a).highestModSeq());
    }

    @Test
    void changingFlagsInAMissingMailboxIsNotFound() {
        long gone = mailbox("gone").id();
        store.delete(gone);
        fails(StoreException.Kind.NOT_FOUND, () -> flags(gone, ALL, Kind.ADD, "\\Seen"));
    }

    @Test
    void changesTellNewChangedAndVanishedMessages() throws Exception {
        long a = mailbox("a").id();
        fill(a, 5);
        long since = info(a).highestModSeq();
        flags(a, UidSet.of(4, 2), Kind.ADD, "\\Seen");
        append(message(a, "new"));
        store.expunge(a, UidSet.of(3, 4));
        restart();
        Changes changes = store.changes(a, since);
        assertThat(changes.info()).isEqualTo(info(a));
        assertThat(changes.rows()).containsExactly(row(a, 2), row(a, 6));
        assertThat(changes.vanished()).isEqualTo(UidSet.of(3, 4));
    }

    @Test
    void nothingChangedSinceTheHighestModSeq() {
        long a = mailbox("a").id();
        fill(a, 3);
        store.expunge(a, UidSet.of(1));
        Changes changes = store.changes(a, info(a).highestModSeq());
        assertThat(changes.rows()).isEmpty();
        assertThat(changes.vanished()).isEqualTo(UidSet.EMPTY);
    }

    @Test
    void changesSinceTheBeginningAreEverything() {
        long a = mailbox("a").id();
        fill(a, 4);
        store.expunge(a, UidSet.of(2));
        Changes changes = store.changes(a, 0);
        assertThat(changes.rows()).isEqualTo(rows(a));
        assertThat(changes.vanished()).isEqualTo(UidSet.of(2));
    }

    @Test
    void movedMessagesVanishFromTheSource() {
        long a = mailbox("a").id();
        long b = mailbox("b").id();
        fill(a, 3);
        long since = info(a).highestModSeq();
        store.move(a, UidSet.of(1, 3), b);
        assertThat(store.changes(a, since).vanished()).isEqualTo(UidSet.of(1, 3));
        assertThat(store.changes(a, since).rows()).isEmpty();
        assertThat(store.changes(b, 0).rows()).hasSize(2);
    }

    @Test
    void vanishedIsCompleteAfterVeryManyRemovals() throws Exception {
        long a = mailbox("a").id();
        fill(a, 1);
        List<MailboxInfo> before = new ArrayList<>();
        List<Long> alive = new ArrayList<>();
        alive.add(1L);
        // More scattered ranges than any store shall remember one by one.
        for (int round = 0; round < 5; round++) {
            before.add(info(a));
            long first = info(a).uidNext();
            store.append(IntStream.range(0, 500).mapToObj(i -> message(a, "x")).toList());
            List<Long> removed = new ArrayList<>();
            for (long uid = first; uid < first + 500; uid++) {
                (uid % 2 == 0 ? removed : alive).add(uid);
            }
            store.expunge(a, UidSet.of(removed));
        }
        restart();
        for (MailboxInfo known : before) {
            UidSet vanished = store.changes(a, known.highestModSeq()).vanished();
            for (long uid = known.uidNext(); uid < info(a).uidNext(); uid++) {
                assertThat(vanished.contains(uid)).as("vanished %s", uid).isEqualTo(uid % 2 == 0);
            }
            assertThat(alive).noneMatch(vanished::contains);
        }
        assertThat(uids(a)).isEqualTo(alive);
    }
}
