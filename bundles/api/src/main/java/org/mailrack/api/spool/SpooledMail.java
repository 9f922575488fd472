package org.mailrack.api.spool;

import java.time.Instant;
import java.util.List;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailId;

/**
 * A mail in the spool. Immutable; {@link Spool#settle} takes a changed copy.
 *
 * @param id its name
 * @param envelope its envelope as accepted
 * @param recipients the state of each recipient, in the order of the envelope; a policy that expands one adds more at the end
 * @param content where its content is
 * @param size octets of its content
 * @param received when it was accepted
 * @param attempts how often its delivery was tried
 * @param nextAttempt when it is due
 * @param held why it is held and not tried until released; empty when it is not
 */
public record SpooledMail(
        MailId id,
        Envelope envelope,
        List<RecipientState> recipients,
        ContentRef content,
        long size,
        Instant received,
        int attempts,
        Instant nextAttempt,
        String held) {

    public SpooledMail {
        recipients = List.copyOf(recipients);
    }

    /** Whether no recipient is pending, so that the mail leaves the spool when it is settled. */
    public boolean finished() {
        return recipients.stream().noneMatch(r -> r.status() == RecipientState.Status.PENDING);
    }
}
