package org.mailrack.delivery.internal;

import java.util.List;
import java.util.Optional;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import org.mailrack.api.delivery.DeliveryPolicy;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.SpooledMail;

/** Sends mail for an alias to those it stands for. */
@Component(property = "service.ranking:Integer=-900")
public final class AliasPolicy implements DeliveryPolicy, Policies.BuiltIn {

    private final Directory directory;

    @Activate
    public AliasPolicy(@Reference Directory directory) {
        this.directory = directory;
    }

    @Override
    public Optional<Route> route(SpooledMail mail, Recipient recipient) {
        List<MailAddress> targets = directory.alias(recipient.address());
        return targets.isEmpty() ? Optional.empty() : Optional.of(new Route.Expand(targets));
    }
}
