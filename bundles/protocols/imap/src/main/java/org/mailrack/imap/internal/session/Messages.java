package org.mailrack.imap.internal.session;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.imap.internal.codec.SequenceSet;

/** Turns sequence sets into indexes of a view and back into UIDs. A bit per message, whatever the client wrote. */
public final class Messages {

    private Messages() {}

    /**
     * The indexes of a set of message numbers.
     *
     * @throws CommandException BAD for a number that no message has, also for the asterisk in an empty mailbox (RFC 3501
     *     section 9, seq-number)
     */
    public static BitSet ofNumbers(SequenceSet set, MailboxView view) {
        BitSet found = new BitSet(view.size());
        for (SequenceSet.Range range : set.ranges()) {
            long a = range.first() == SequenceSet.LAST ? view.size() : range.first();
            long b = range.last() == SequenceSet.LAST ? view.size() : range.last();
            if (Math.min(a, b) < 1 || Math.max(a, b) > view.size()) {
                throw new CommandException(new Response(Response.Status.BAD, "CLIENTBUG", "No such message number"));
            }
            found.set((int) Math.min(a, b) - 1, (int) Math.max(a, b));
        }
        return found;
    }

    /** The indexes of those UIDs of a set that the view has. */
    public static BitSet ofUids(SequenceSet set, MailboxView view) {
        BitSet found = new BitSet();
        if (view.size() == 0) {
            return found;
        }
        long last = view.uid(view.size() - 1);
        for (SequenceSet.Range range : set.ranges()) {
            long a = range.first() == SequenceSet.LAST ? last : range.first();
            long b = range.last() == SequenceSet.LAST ? last : range.last();
            set(found, view, Math.min(a, b), Math.max(a, b));
        }
        return found;
    }

    /** The indexes of those UIDs that the view has. */
    public static BitSet of(UidSet uids, MailboxView view) {
        BitSet found = new BitSet();
        uids.ranges().forEach(range -> set(found, view, range.first(), range.last()));
        return found;
    }

    private static void set(BitSet found, MailboxView view, long first, long last) {
        int from = atOrAfter(view, first);
        int to = atOrAfter(view, last + 1);
        if (from < to) {
            found.set(from, to);
        }
    }

    /** The index of the first message with that UID or a greater one; the size of the view if there is none. */
    public static int atOrAfter(MailboxView view, long uid) {
        int at = view.indexOf(uid);
        return at >= 0 ? at : -at - 1;
    }

    /**
     * The UIDs of indexes. Neighbours become one range: a UID between them that the view does not have is gone for ever, as UIDs
     * only grow.
     */
    public static UidSet uids(BitSet indexes, MailboxView view) {
        List<UidSet.Range> ranges = new ArrayList<>();
        for (int from = indexes.nextSetBit(0); from >= 0; ) {
            int to = indexes.nextClearBit(from);
            ranges.add(new UidSet.Range(view.uid(from), view.uid(to - 1)));
            from = indexes.nextSetBit(to);
        }
        return UidSet.ofRanges(ranges);
    }
}
