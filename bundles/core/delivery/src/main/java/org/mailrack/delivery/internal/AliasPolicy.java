package org.mailrack.delivery.internal;

import java.util.List;
import java.util.Optional;

import org.mailrack.api.delivery.DeliveryPolicy;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.SpooledMail;

/** Sends mail for an alias to what it stands for. */
final class AliasPolicy implements DeliveryPolicy {

    private final Directory directory;

    AliasPolicy(Directory directory) {
        this.directory = directory;
    }

    @Override
    public Optional<Route> route(SpooledMail mail, Recipient recipient) {
        if (recipient.parameters().containsKey(Router.FINAL)) {
            return Optional.empty();
        }
        List<MailAddress> targets = directory.alias(recipient.address());
        return targets.isEmpty() ? Optional.empty() : Optional.of(new Route.Expand(targets));
    }
}
