package org.mailrack.mailbox.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.store.MailboxStore;

/**
 * Whether a snapshot is of a mailbox's past. That its numbers are not greater than the mailbox's does not say so: a database put back
 * from an older copy may have gone on from there to the same numbers by other changes. So the last change that the snapshot has is
 * asked for again, and must be there as the snapshot has it.
 */
final class SnapshotCheck {

    /** To read more rows than these again would cost more than it is worth; after such a change there is nothing to compare. */
    private static final int MAX = 250;

    private final View saved;
    private final long last;
    /** The rows of the last change; as there may be too many, found up to one more than the limit. */
    private final Map<Long, MessageRow> rows = new HashMap<>();

    SnapshotCheck(View saved) {
        this.saved = saved;
        this.last = saved.info().highestModSeq();
        saved.changedSince(last - 1, i -> {
            if (rows.size() <= MAX) {
                rows.put(saved.uid(i), saved.row(i));
            }
        });
    }

    private boolean compares() {
        return rows.size() <= MAX;
    }

    /** From which mod-sequence on the store is to be asked. */
    long since() {
        return compares() ? last - 1 : last;
    }

    /** Whether the changes since then can follow on the snapshot. */
    boolean holds(MailboxStore.Changes changes) {
        if (changes.info().uidValidity() != saved.info().uidValidity()
                || changes.info().highestModSeq() < last
                || changes.info().uidNext() < saved.info().uidNext()) {
            return false;
        }
        return !compares()
                || sameChange(changes.rows()) && rows.keySet().stream().allMatch(changes.vanished()::contains);
    }

    /** Takes away the rows that are there still or have changed since. */
    private boolean sameChange(List<MessageRow> now) {
        for (MessageRow row : now) {
            MessageRow before = rows.remove(row.uid());
            if (row.modSeq() <= last && !row.equals(before)) {
                return false;
            }
        }
        return true;
    }
}
