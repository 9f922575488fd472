package org.mailrack.store.derby.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.store.ContentHolder.References;
import org.mailrack.api.store.MailboxStore.AppendResult;

/**
 * Tells those who are naming all references of the rows that are inserted meanwhile: one that was copied or moved from a mailbox not
 * yet read to one already read would be seen nowhere. It is told before the commit, while the mailbox is locked; so a reader who was
 * not there to be told finds the row, because he has to wait for the lock.
 */
final class NewRows {

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** Called in the transaction that inserts, after its mailboxes were advanced. */
    void inserted(List<AppendResult> results) {
        for (Listener listener : listeners) {
            results.forEach(result -> result.row().ifPresent(listener::inserted));
        }
    }

    /** As {@link #inserted}. */
    void copied(List<MessageRow> rows) {
        for (Listener listener : listeners) {
            rows.forEach(listener::inserted);
        }
    }

    Listener listen(References visitor) {
        Listener listener = new Listener(visitor);
        listeners.add(listener);
        return listener;
    }

    /** Passes references on from any thread, one at a time. */
    final class Listener implements AutoCloseable {

        private final References visitor;
        private RuntimeException failure;

        private Listener(References visitor) {
            this.visitor = visitor;
        }

        private synchronized void inserted(MessageRow row) {
            if (failure != null) {
                return;
            }
            try {
                visitor.reference(row.content(), row.size());
            } catch (RuntimeException e) {
                // Not the affair of who inserts; it is thrown where the visitor comes from.
                failure = e;
            }
        }

        synchronized void read(List<MessageTable.Reference> rows) {
            if (failure != null) {
                throw failure;
            }
            rows.forEach(row -> visitor.reference(row.content(), row.size()));
        }

        /** Ends the listening; throws what the visitor threw. */
        @Override
        public void close() {
            listeners.remove(this);
            read(List.of());
        }
    }
}
