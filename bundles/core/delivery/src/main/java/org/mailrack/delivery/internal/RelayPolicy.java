package org.mailrack.delivery.internal;

import java.util.Optional;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import org.mailrack.api.delivery.DeliveryPolicy;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.SpooledMail;

/** Sends mail for other domains to the relay. Whether a client may send there was decided when the mail was accepted. */
@Component(property = "service.ranking:Integer=-1100")
public final class RelayPolicy implements DeliveryPolicy, Policies.BuiltIn {

    private final Directory directory;

    @Activate
    public RelayPolicy(@Reference Directory directory) {
        this.directory = directory;
    }

    @Override
    public Optional<Route> route(SpooledMail mail, Recipient recipient) {
        return directory.isLocal(recipient.address().domain()) ? Optional.empty() : Optional.of(new Route.ToRelay(""));
    }
}
