package org.mailrack.delivery.internal;

import java.util.Optional;

import org.mailrack.api.delivery.DeliveryPolicy;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.SpooledMail;

/** Sends mail for all other domains to the relay; who may send it there was decided when the mail was accepted. */
final class RelayPolicy implements DeliveryPolicy {

    private final Directory directory;

    RelayPolicy(Directory directory) {
        this.directory = directory;
    }

    @Override
    public Optional<Route> route(SpooledMail mail, Recipient recipient) {
        return directory.isLocal(recipient.address().domain()) ? Optional.empty() : Optional.of(new Route.ToRelay(""));
    }
}
