/**
 * The queue of accepted mail: state in memory, every change first in the {@link org.mailrack.api.store.SpoolJournal}.
 *
 * <p>Standards: RFC 5321 section 6.1 (taking responsibility for a mail). Guards against: loss of an accepted mail at any moment,
 * two leases of one mail, damaged journal entries. Limits: {@code max.mails} in the queue; a journal longer than
 * {@code checkpoint.size} or {@code checkpoint.entries} is replaced by a checkpoint.
 */
package org.mailrack.spool.internal;
