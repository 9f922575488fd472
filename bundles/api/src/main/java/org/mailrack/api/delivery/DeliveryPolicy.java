package org.mailrack.api.delivery;

import java.util.Optional;

import org.osgi.annotation.versioning.ConsumerType;

import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.SpooledMail;

/**
 * Decides where a mail goes, recipient by recipient. Policies are services asked in the order of service ranking, highest first;
 * the first that answers decides. Called by several threads at once, on every attempt, so it should not be slow.
 */
@ConsumerType
@FunctionalInterface
public interface DeliveryPolicy {

    /** The route for one recipient, or empty to leave it to the next policy. An exception defers the mail. */
    Optional<Route> route(SpooledMail mail, Recipient recipient) throws Exception;
}
