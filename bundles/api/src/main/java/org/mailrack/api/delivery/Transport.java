package org.mailrack.api.delivery;

import java.util.List;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Carries mail to where routes point, registered as a service with the property {@value #NAME}: {@code mailbox} serves
 * {@link Route.ToMailbox}, {@code relay} serves {@link Route.ToRelay}, any other its {@link Route.ToTransport}.
 */
@ConsumerType
public interface Transport {

    /** Service property: the transport's name. */
    String NAME = "transport.name";

    /**
     * Takes deliveries over. For each of them the transport calls {@link Delivery#report} exactly once, now or later and from
     * any thread; one that throws here has reported none, and the dispatcher defers those that were not reported. Should not
     * block for the time of a network conversation.
     */
    void deliver(List<Delivery> batch);
}
