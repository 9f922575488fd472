package org.mailrack.store.derby.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.store.StoreException;
import org.mailrack.api.store.StoreException.Kind;

/** Rows of mailboxes: counters, and the locks that order everything else. */
final class MailboxTable {

    /** The greatest UID there can be (RFC 9051 section 2.3.1.1: 32 bits). */
    private static final long MAX_UID = 0xffff_ffffL;

    private static final String SELECT = """
            SELECT id, account, name, uid_validity, uid_next, mod_seq, recent, special_use, vanished_floor, vanished_ranges
            FROM mailboxes""";
    // Without the override, a plan made while the table was small would scan all of it, and wait for locks on others'
    // mailboxes.
    private static final String BY_NAME = " --DERBY-PROPERTIES constraint=MAILBOXES_NAME\n WHERE account ";
    /** The ids of deleted mailboxes. */
    static final String DELETED = "SELECT id FROM mailboxes" + BY_NAME + "IS NULL";

    private static final String ONE = SELECT + " WHERE id = ? AND account IS NOT NULL";

    private MailboxTable() {}

    /** A mailbox with what only the store knows of it. */
    record Row(MailboxInfo info, long recent, long vanishedFloor, int vanishedRanges) {
        long id() {
            return info.id();
        }

        /** The row after an advance. */
        Row advanced(long newUids, long modSeq) {
            MailboxInfo after = new MailboxInfo(
                    info.id(),
                    info.account(),
                    info.name(),
                    info.uidValidity(),
                    info.uidNext() + newUids,
                    modSeq,
                    info.specialUse());
            return new Row(after, recent, vanishedFloor, vanishedRanges);
        }
    }

    private static Row row(ResultSet r) throws SQLException {
        MailboxInfo info = new MailboxInfo(
                r.getLong(1),
                r.getString(2),
                r.getString(3),
                r.getLong(4),
                r.getLong(5),
                r.getLong(6),
                Optional.ofNullable(r.getString(8)));
        return new Row(info, r.getLong(7), r.getLong(9), r.getInt(10));
    }

    static Optional<Row> find(Tx tx, long id) throws SQLException {
        return tx.first(ONE, MailboxTable::row, id);
    }

    static List<Row> ofAccount(Tx tx, String account) throws SQLException {
        return tx.list(SELECT + BY_NAME + "= ?", MailboxTable::row, account);
    }

    /** Up to so many mailboxes after an id, in the order of ids. */
    static List<MailboxInfo> after(Tx tx, long id, int max) throws SQLException {
        return tx.list(
                SELECT + " --DERBY-PROPERTIES constraint=MAILBOXES_PK\n WHERE id > ? AND account IS NOT NULL"
                        + " ORDER BY id FETCH FIRST ? ROWS ONLY",
                r -> row(r).info(),
                id,
                max);
    }

    /** Keeps writers out until the end of the transaction. */
    static Row share(Tx tx, long id) throws SQLException {
        return tx.first(ONE + " WITH RS", MailboxTable::row, id).orElseThrow(() -> missing(id));
    }

    /**
     * Keeps other writers out until the end of the transaction; readers only from the first change of the row on, which must come
     * before any change of messages. The list of columns matters: without it the primary key would not be used.
     */
    private static Optional<Row> tryLock(Tx tx, long id) throws SQLException {
        return tx.first(ONE + " FOR UPDATE OF mod_seq WITH RS", MailboxTable::row, id);
    }

    static Row lock(Tx tx, long id) throws SQLException {
        return tryLock(tx, id).orElseThrow(() -> missing(id));
    }

    /** Locks those that are there, in the one order that all writers keep. */
    static Map<Long, Row> lockPresent(Tx tx, Collection<Long> ids) throws SQLException {
        Map<Long, Row> rows = new TreeMap<>();
        for (long id : new TreeSet<>(ids)) {
            tryLock(tx, id).ifPresent(row -> rows.put(id, row));
        }
        return rows;
    }

    static Map<Long, Row> lockAll(Tx tx, Collection<Long> ids) throws SQLException {
        Map<Long, Row> rows = lockPresent(tx, ids);
        for (long id : ids) {
            if (!rows.containsKey(id)) {
                throw missing(id);
            }
        }
        return rows;
    }

    /** Gives out UIDs and a mod-sequence. */
    static Row advance(Tx tx, Row row, long newUids) throws SQLException {
        if (newUids > MAX_UID - row.info.uidNext() + 1) {
            throw new StoreException(Kind.NO_SPACE, "mailbox " + row.id() + " has used up its UIDs");
        }
        Row after = row.advanced(newUids, row.info.highestModSeq() + 1);
        tx.update(
                "UPDATE mailboxes SET uid_next = ?, mod_seq = ? WHERE id = ?",
                after.info.uidNext(),
                after.info.highestModSeq(),
                row.id());
        return after;
    }

    /** The last mailbox id and UIDVALIDITY given out; keeps others out who ask for them until the end of the transaction. */
    static long[] lockCounters(Tx tx) throws SQLException {
        return tx.first(
                        "SELECT mailbox_id, uid_validity FROM counters FOR UPDATE OF mailbox_id, uid_validity WITH RS",
                        r -> new long[] {r.getLong(1), r.getLong(2)})
                .orElseThrow(() -> new StoreException(Kind.DAMAGED, "table counters is empty"));
    }

    static MailboxInfo create(Tx tx, String account, String name, Optional<String> specialUse, long leastValidity)
            throws SQLException {
        long[] counters = lockCounters(tx);
        counters[0]++;
        counters[1] = Math.max(counters[1] + 1, leastValidity);
        tx.update("UPDATE counters SET mailbox_id = ?, uid_validity = ?", counters[0], counters[1]);
        tx.update(
                "INSERT INTO mailboxes VALUES (?, ?, ?, ?, 1, 1, 1, ?, 0, 0)",
                counters[0],
                account,
                name,
                counters[1],
                specialUse.orElse(null));
        return new MailboxInfo(counters[0], account, name, counters[1], 1, 1, specialUse);
    }

    /** Takes account and name from a mailbox, so that nobody finds it any more. */
    static void bury(Tx tx, long id) throws SQLException {
        tx.update("UPDATE mailboxes SET account = NULL, name = NULL WHERE id = ?", id);
    }

    static StoreException missing(long id) {
        return new StoreException(Kind.NOT_FOUND, "no mailbox " + id);
    }
}
