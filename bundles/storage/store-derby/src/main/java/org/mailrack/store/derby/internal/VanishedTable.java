package org.mailrack.store.derby.internal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.mailbox.UidSet.Range;

/**
 * What was removed since when. Bounded per mailbox: the older half is forgotten when there are too many ranges, and who asks for a
 * time before that is told of every UID that was given out and is not there (RFC 7162 section 3.2.5.2 allows that).
 */
final class VanishedTable {

    private VanishedTable() {}

    /** Notes ranges as removed, with the mod-sequence of the mailbox as it stands. */
    static void add(Tx tx, MailboxTable.Row mailbox, List<Range> ranges, int max) throws SQLException {
        long id = mailbox.id();
        long modSeq = mailbox.info().highestModSeq();
        long floor = mailbox.vanishedFloor();
        int count = mailbox.vanishedRanges() + ranges.size();
        if (ranges.size() > max) {
            forget(tx, id, modSeq);
            floor = modSeq;
            count = 0;
        } else {
            tx.batch(
                    "INSERT INTO vanished VALUES (?, ?, ?, ?)",
                    ranges.stream()
                            .map(r -> new Object[] {id, modSeq, r.first(), r.last()})
                            .toList());
            if (count > max) {
                floor = tx.first(
                                "SELECT mod_seq FROM vanished --DERBY-PROPERTIES constraint=VANISHED_PK\n"
                                        + " WHERE mailbox = ? ORDER BY mod_seq DESC"
                                        + " OFFSET ? ROWS FETCH NEXT 1 ROWS ONLY",
                                r -> r.getLong(1),
                                id,
                                max / 2)
                        .orElse(modSeq);
                count -= forget(tx, id, floor);
            }
        }
        tx.update("UPDATE mailboxes SET vanished_floor = ?, vanished_ranges = ? WHERE id = ?", floor, count, id);
    }

    private static int forget(Tx tx, long mailbox, long modSeq) throws SQLException {
        return tx.update("DELETE FROM vanished WHERE mailbox = ? AND mod_seq <= ?", mailbox, modSeq);
    }

    static UidSet since(Tx tx, MailboxTable.Row mailbox, long modSeq) throws SQLException {
        if (modSeq >= mailbox.vanishedFloor()) {
            return UidSet.ofRanges(tx.list(
                    "SELECT first_uid, last_uid FROM vanished --DERBY-PROPERTIES constraint=VANISHED_PK\n"
                            + " WHERE mailbox = ? AND mod_seq > ?",
                    r -> new Range(r.getLong(1), r.getLong(2)),
                    mailbox.id(),
                    modSeq));
        }
        List<Range> gaps = new ArrayList<>();
        long next = 1;
        long end = mailbox.info().uidNext();
        if (end > 1) {
            for (long uid : MessageTable.uids(tx, mailbox.id(), new Range(1, end - 1))) {
                addGap(gaps, next, uid);
                next = uid + 1;
            }
        }
        addGap(gaps, next, end);
        return UidSet.ofRanges(gaps);
    }

    private static void addGap(List<Range> gaps, long from, long before) {
        if (from < before) {
            gaps.add(new Range(from, before - 1));
        }
    }
}
