package org.mailrack.store.derby.internal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.mailbox.UidSet.Range;
import org.mailrack.api.store.MailboxStore.FlagResult;

/** One change of flags: messages next to each other that end up with the same flags are written by one statement. */
final class FlagChanging {

    private final Tx tx;
    private final MailboxTable.Row mailbox;
    private final FlagChange change;
    private final OptionalLong unchangedSince;
    private final long modSeq;
    private final List<Long> modified = new ArrayList<>();
    private final List<MessageRow> changed = new ArrayList<>();

    /** A row after the change; null when the change passes it over. */
    private record Seen(long uid, MessageRow after) {}

    private record Write(Range range, Flags flags) {}

    FlagChanging(Tx tx, MailboxTable.Row mailbox, FlagChange change, OptionalLong unchangedSince) {
        this.tx = tx;
        this.mailbox = mailbox;
        this.change = change;
        this.unchangedSince = unchangedSince;
        this.modSeq = mailbox.info().highestModSeq() + 1;
    }

    FlagResult run(UidSet uids) throws SQLException {
        List<Write> writes = new ArrayList<>();
        for (Range window : MessageTable.windows(uids, mailbox.info().uidNext())) {
            List<Seen> seen = MessageTable.rows(tx, mailbox.id(), window).stream()
                    .map(row -> new Seen(row.uid(), uids.contains(row.uid()) ? after(row) : null))
                    .toList();
            int at = changed.size();
            seen.stream().filter(s -> s.after != null).forEach(s -> changed.add(s.after));
            for (Range run : MessageTable.runs(seen, Seen::uid, s -> s.after != null, FlagChanging::sameFlags)) {
                while (changed.get(at).uid() < run.first()) {
                    at++;
                }
                writes.add(new Write(run, changed.get(at).flags()));
            }
        }
        if (!changed.isEmpty()) {
            MailboxTable.advance(tx, mailbox, 0);
            for (Write write : writes) {
                MessageTable.setFlags(tx, mailbox.id(), write.range, write.flags, modSeq);
            }
        }
        return new FlagResult(List.copyOf(changed), UidSet.of(modified));
    }

    private static boolean sameFlags(Seen a, Seen b) {
        return a.after.flags().equals(b.after.flags());
    }

    private MessageRow after(MessageRow row) {
        if (unchangedSince.isPresent() && row.modSeq() > unchangedSince.getAsLong()) {
            modified.add(row.uid());
            return null;
        }
        Flags flags = keepSpelling(row.flags(), change.applyTo(row.flags()));
        return flags.equals(row.flags())
                ? null
                : new MessageRow(row.uid(), modSeq, flags, row.size(), row.internalDate(), row.content());
    }

    /** Keywords keep the case they were first written in. */
    private static Flags keepSpelling(Flags before, Flags after) {
        if (before.keywords().isEmpty() || after.keywords().isEmpty()) {
            return after;
        }
        List<String> keywords = after.keywords().stream()
                .map(k -> before.keywords().stream()
                        .filter(k::equalsIgnoreCase)
                        .findFirst()
                        .orElse(k))
                .toList();
        return new Flags(after.bits(), keywords);
    }
}
