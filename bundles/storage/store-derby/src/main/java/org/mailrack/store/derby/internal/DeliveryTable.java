package org.mailrack.store.derby.internal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Keys of deliveries that were done and that are kept for longer, those of imports for good. */
final class DeliveryTable {

    private static final String BY_KEY =
            " FROM deliveries --DERBY-PROPERTIES constraint=DELIVERIES_PK\n WHERE delivery_key ";

    private DeliveryTable() {}

    /** Whether there are any. */
    static boolean any(Tx tx) throws SQLException {
        return tx.first("SELECT 1 FROM deliveries FETCH FIRST ROW ONLY", r -> true)
                .isPresent();
    }

    /** The mailboxes for which a key was used. */
    static List<Long> mailboxes(Tx tx, String key) throws SQLException {
        return tx.list("SELECT mailbox" + BY_KEY + "= ?", r -> r.getLong(1), key);
    }

    /** Notes deliveries, each a key and a mailbox. */
    static void insert(Tx tx, List<Object[]> deliveries) throws SQLException {
        tx.batch("INSERT INTO deliveries VALUES (?, ?)", deliveries);
    }

    /** Forgets keys in all mailboxes; in one order, so that two who do it at once cannot wait for each other. */
    static void forget(Tx tx, Collection<String> keys) throws SQLException {
        List<Object[]> found = new ArrayList<>();
        for (String key : new TreeSet<>(keys)) {
            mailboxes(tx, key).forEach(mailbox -> found.add(new Object[] {key, mailbox}));
        }
        delete(tx, found);
    }

    /**
     * Forgets some keys of a mailbox that is deleted, those after the given one; returns the last of them if there may be more. It
     * reads without locks, because there is no index by mailbox, and nobody else needs these rows.
     */
    static Optional<String> sweep(Tx tx, long mailbox, String after, int max) throws SQLException {
        List<String> some = tx.list(
                "SELECT delivery_key" + BY_KEY + "> ? AND mailbox = ?"
                        + " ORDER BY delivery_key FETCH FIRST ? ROWS ONLY WITH UR",
                r -> r.getString(1),
                after,
                mailbox,
                max);
        delete(tx, some.stream().map(key -> new Object[] {key, mailbox}).toList());
        return some.size() < max ? Optional.empty() : Optional.of(some.get(max - 1));
    }

    private static void delete(Tx tx, List<Object[]> deliveries) throws SQLException {
        tx.batch("DELETE FROM deliveries WHERE delivery_key = ? AND mailbox = ?", deliveries);
    }
}
