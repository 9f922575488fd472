package org.mailrack.api.filter;

import org.osgi.annotation.versioning.ConsumerType;

import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.Recipient;

/** Judges one recipient at RCPT. Called by several threads at once. */
@ConsumerType
@FunctionalInterface
public interface RecipientFilter {

    /** Judges a recipient; {@code envelope} holds those accepted before it. */
    Verdict recipient(Client client, Envelope envelope, Recipient recipient) throws Exception;
}
