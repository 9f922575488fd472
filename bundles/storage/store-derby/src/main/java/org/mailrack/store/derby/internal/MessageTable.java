package org.mailrack.store.derby.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.mailbox.UidSet.Range;

/** Rows of messages. Sets of UIDs become few range predicates, never a statement per UID where UIDs are near each other. */
final class MessageTable {

    /** Reading so many rows too many costs less than another statement. */
    private static final long NEAR = 64;

    // Without the override, a plan made while the table was small would scan all of it for ever.
    private static final String BY_UID =
            " FROM messages --DERBY-PROPERTIES constraint=MESSAGES_PK\n WHERE mailbox = ? AND ";
    private static final String BY_MOD_SEQ =
            " FROM messages --DERBY-PROPERTIES index=MESSAGES_CHANGED\n WHERE mailbox = ? AND ";
    private static final String SELECT = "SELECT uid, mod_seq, flags, keywords, size, internal_date, content";

    private MessageTable() {}

    /** Up to so many messages after a UID, in UID order. */
    static List<MessageRow> after(Tx tx, long mailbox, long uid, int max) throws SQLException {
        return tx.list(SELECT + BY_UID + "uid > ? ORDER BY uid FETCH FIRST ? ROWS ONLY", mapper(), mailbox, uid, max);
    }

    /** What a row says of its content. */
    record Reference(long uid, ContentRef content, long size) {}

    /** As {@link #after}, but only what tells of contents. */
    static List<Reference> references(Tx tx, long mailbox, long uid, int max) throws SQLException {
        return tx.list(
                "SELECT uid, content, size" + BY_UID + "uid > ? ORDER BY uid FETCH FIRST ? ROWS ONLY",
                r -> new Reference(r.getLong(1), new ContentRef(r.getString(2)), r.getLong(3)),
                mailbox,
                uid,
                max);
    }

    static List<MessageRow> changedSince(Tx tx, long mailbox, long modSeq) throws SQLException {
        return tx.list(SELECT + BY_MOD_SEQ + "mod_seq > ? ORDER BY uid", mapper(), mailbox, modSeq);
    }

    static List<Long> uids(Tx tx, long mailbox, Range range) throws SQLException {
        return tx.list(
                "SELECT uid" + BY_UID + "uid BETWEEN ? AND ? ORDER BY uid",
                r -> r.getLong(1),
                mailbox,
                range.first(),
                range.last());
    }

    static List<MessageRow> rows(Tx tx, long mailbox, Range range) throws SQLException {
        return tx.list(
                SELECT + BY_UID + "uid BETWEEN ? AND ? ORDER BY uid", mapper(), mailbox, range.first(), range.last());
    }

    /** The messages of a set that are there, in UID order. */
    static List<MessageRow> rows(Tx tx, long mailbox, UidSet uids, long uidNext) throws SQLException {
        List<MessageRow> found = new ArrayList<>();
        for (Range window : windows(uids, uidNext)) {
            for (MessageRow row : rows(tx, mailbox, window)) {
                if (uids.contains(row.uid())) {
                    found.add(row);
                }
            }
        }
        return found;
    }

    static void insert(Tx tx, long mailbox, List<MessageRow> rows) throws SQLException {
        tx.batch(
                "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                rows.stream()
                        .map(row -> new Object[] {
                            mailbox,
                            row.uid(),
                            row.modSeq(),
                            row.flags().bits(),
                            keywords(row.flags()),
                            row.size(),
                            row.internalDate().toEpochMilli(),
                            row.content().value()
                        })
                        .toList());
    }

    static void setFlags(Tx tx, long mailbox, Range range, Flags flags, long modSeq) throws SQLException {
        tx.update(
                "UPDATE messages SET flags = ?, keywords = ?, mod_seq = ? WHERE mailbox = ? AND uid BETWEEN ? AND ?",
                flags.bits(),
                keywords(flags),
                modSeq,
                mailbox,
                range.first(),
                range.last());
    }

    static void delete(Tx tx, long mailbox, Range range) throws SQLException {
        tx.update(
                "DELETE FROM messages WHERE mailbox = ? AND uid BETWEEN ? AND ?", mailbox, range.first(), range.last());
    }

    /** The parts of the mailbox to read for a set: its ranges, those near each other as one, none past the last UID. */
    static List<Range> windows(UidSet uids, long uidNext) {
        List<Range> windows = new ArrayList<>();
        for (Range range : uids.ranges()) {
            if (range.first() >= uidNext) {
                break;
            }
            long last = Math.min(range.last(), uidNext - 1);
            Range before = windows.isEmpty() ? null : windows.get(windows.size() - 1);
            if (before != null && range.first() - before.last() <= NEAR) {
                windows.set(windows.size() - 1, new Range(before.first(), last));
            } else {
                windows.add(new Range(range.first(), last));
            }
        }
        return windows;
    }

    /**
     * Joins elements that follow each other in a window, and that belong together, to ranges of UIDs.
     *
     * @param window all that is in one window, in UID order
     * @param together for the last element of a range and the next one
     */
    static <T> List<Range> runs(
            List<T> window, ToLongFunction<T> uid, Predicate<T> wanted, BiPredicate<T, T> together) {
        List<Range> runs = new ArrayList<>();
        T last = null;
        for (T element : window) {
            if (!wanted.test(element)) {
                last = null;
                continue;
            }
            long at = uid.applyAsLong(element);
            if (last != null && together.test(last, element)) {
                runs.set(runs.size() - 1, new Range(runs.get(runs.size() - 1).first(), at));
            } else {
                runs.add(new Range(at, at));
            }
            last = element;
        }
        return runs;
    }

    static Instant stored(Instant date) {
        return Instant.ofEpochMilli(date.toEpochMilli());
    }

    private static String keywords(Flags flags) {
        for (String keyword : flags.keywords()) {
            if (keyword.isEmpty() || keyword.indexOf(' ') >= 0) {
                throw new IllegalArgumentException("a keyword is empty or has a space");
            }
        }
        return flags.keywords().isEmpty() ? null : String.join(" ", flags.keywords());
    }

    /** Rows of one mailbox mostly share few combinations of flags, and so do the objects made of them. */
    private static Tx.Mapper<MessageRow> mapper() {
        Map<String, Map<Integer, Flags>> known = new HashMap<>();
        return r -> {
            int bits = r.getInt(3);
            String keywords = r.getString(4);
            Flags flags = known.computeIfAbsent(keywords == null ? "" : keywords, k -> new HashMap<>())
                    .computeIfAbsent(bits, b -> flags(b, keywords));
            return row(r, flags);
        };
    }

    private static Flags flags(int bits, String keywords) {
        return keywords == null ? new Flags(bits, List.of()) : new Flags(bits, List.of(keywords.split(" ")));
    }

    private static MessageRow row(ResultSet r, Flags flags) throws SQLException {
        return new MessageRow(
                r.getLong(1),
                r.getLong(2),
                flags,
                r.getLong(5),
                Instant.ofEpochMilli(r.getLong(6)),
                new ContentRef(r.getString(7)));
    }
}
