package org.mailrack.api.delivery;

import org.osgi.annotation.versioning.ProviderType;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.SpooledMail;

/** One mail for one recipient on its way through a transport. Thread-safe. */
@ProviderType
public interface Delivery {

    /** The mail, with all its recipients. */
    SpooledMail mail();

    /** The recipient at hand. */
    Recipient recipient();

    /** The route that a policy chose. */
    Route route();

    /** The message. */
    Content content();

    /** The same for every attempt of this delivery and for no other, so that a store can refuse to do it twice. */
    String key();

    /** Says how it ended; the first call counts. */
    void report(Outcome outcome);
}
