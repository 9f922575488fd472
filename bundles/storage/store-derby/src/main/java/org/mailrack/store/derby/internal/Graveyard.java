package org.mailrack.store.derby.internal;

import java.util.List;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mailbox.UidSet.Range;
import org.mailrack.api.store.StoreException;

/**
 * Sweeps away the rows of deleted mailboxes, piece by piece, so that deleting a large one holds nobody up. What a crash leaves is
 * swept after the next start.
 */
final class Graveyard {

    private static final Logger LOG = LoggerFactory.getLogger(Graveyard.class);
    private static final int PIECE = 2000;

    private final Database database;
    private final DeliveryKeys keys;
    private volatile boolean stopped;

    Graveyard(Database database, DeliveryKeys keys) {
        this.database = database;
        this.keys = keys;
    }

    /** Sweeps all deleted mailboxes; a failure is only logged, because the mailboxes are gone for everyone already. */
    synchronized void sweep() {
        try {
            List<Long> ids =
                    database.run("find deleted mailboxes", tx -> tx.list(MailboxTable.DELETED, r -> r.getLong(1)));
            for (long id : ids) {
                sweep(id);
            }
        } catch (StoreException e) {
            LOG.warn("mailbox rows stay until the next start reason={}", e.getMessage());
        }
    }

    private void sweep(long id) {
        keys.forgetMailbox(id);
        for (Optional<String> after = Optional.of(""); after.isPresent() && !stopped; ) {
            String last = after.get();
            after = database.run("sweep deliveries", tx -> DeliveryTable.sweep(tx, id, last, PIECE));
        }
        boolean more = true;
        while (more && !stopped) {
            more = database.run("sweep deleted mailbox", tx -> {
                List<Long> last = tx.list(
                        "SELECT uid FROM messages --DERBY-PROPERTIES constraint=MESSAGES_PK\n"
                                + " WHERE mailbox = ? ORDER BY uid OFFSET ? ROWS FETCH NEXT 1 ROWS ONLY",
                        r -> r.getLong(1),
                        id,
                        PIECE);
                Range piece = new Range(1, last.isEmpty() ? Long.MAX_VALUE : last.get(0));
                MessageTable.delete(tx, id, piece);
                DetailsTable.remove(tx, id, List.of(piece));
                if (last.isEmpty()) {
                    VanishedTable.forget(tx, id, Long.MAX_VALUE);
                    tx.update("DELETE FROM mailboxes WHERE id = ? AND account IS NULL", id);
                }
                return !last.isEmpty();
            });
        }
    }

    /** Ends a sweep after its current piece. */
    void stop() {
        stopped = true;
    }
}
