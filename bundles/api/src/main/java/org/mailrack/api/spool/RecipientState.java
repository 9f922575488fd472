package org.mailrack.api.spool;

import org.mailrack.api.mail.Recipient;

/**
 * How far the delivery to one recipient is. Immutable.
 *
 * @param recipient the recipient
 * @param status where it stands
 * @param lastReply the last answer to a try, in one line, empty before the first
 */
public record RecipientState(Recipient recipient, Status status, String lastReply) {

    /** Where a delivery stands. */
    public enum Status {
        /** To be tried (again). */
        PENDING,
        /** Done. */
        DELIVERED,
        /** Given up; the sender is told unless the reverse-path is null. */
        FAILED
    }
}
