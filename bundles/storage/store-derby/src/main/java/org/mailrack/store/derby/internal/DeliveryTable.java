package org.mailrack.store.derby.internal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Keys of deliveries that were done. */
final class DeliveryTable {

    private static final String BY_KEY =
            " FROM deliveries --DERBY-PROPERTIES constraint=DELIVERIES_PK\n WHERE delivery_key ";

    private DeliveryTable() {}

    static boolean used(Tx tx, long mailbox, String key) throws SQLException {
        return tx.first("SELECT 1" + BY_KEY + "= ? AND mailbox = ?", r -> true, key, mailbox)
                .isPresent();
    }

    /** Notes deliveries, each a key and a mailbox. */
    static void insert(Tx tx, List<Object[]> deliveries) throws SQLException {
        tx.batch("INSERT INTO deliveries VALUES (?, ?)", deliveries);
    }

    /** Forgets keys in all mailboxes; in one order, so that two who do it at once cannot wait for each other. */
    static void forget(Tx tx, Collection<String> keys) throws SQLException {
        List<Object[]> found = new ArrayList<>();
        for (String key : new TreeSet<>(keys)) {
            found.addAll(tx.list("SELECT mailbox" + BY_KEY + "= ?", r -> new Object[] {key, r.getLong(1)}, key));
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
