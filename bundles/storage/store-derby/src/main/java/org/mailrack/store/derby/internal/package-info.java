/**
 * Mailboxes and accounts in an embedded Derby database, under {@code ${mailrack.base}/data/db}.
 *
 * <p>Standards: RFC 9051 section 2.3.1.1 (UIDs and UIDVALIDITY), RFC 7162 (mod-sequences and what vanished).
 *
 * <p>Durability: every commit returns after Derby has forced its log to disk; commits of several threads share one force. The
 * setting {@code derby.system.durability} is never touched.
 *
 * <p>Locks: a writer first locks the rows of its mailboxes, in the order of their ids, and only then touches messages; a reader that
 * needs a moment's whole picture holds a shared lock on the mailbox's row. So two batches cannot wait for each other; where the
 * database still says so, the transaction is repeated a few times.
 *
 * <p>Guards against: a second process on the same database, a creation that was cut off, a schema from a newer release, a database
 * that went down underneath (it is booted anew), class loaders kept alive after an update of the bundle.
 *
 * <p>Limits: connections and the wait for one, the wait for a lock, remembered ranges of removed UIDs per mailbox, octets of cached
 * details per message; all are settings. A mailbox name has at most 1000 characters, a delivery key 500, the keywords of one
 * message together 4000. Internal dates are kept to the millisecond. Derby's network server and its log file are not used.
 */
package org.mailrack.store.derby.internal;
