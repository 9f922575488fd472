package org.mailrack.delivery.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.delivery.DeliveryPolicy;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.SpooledMail;

/** Asks the policies where a mail goes, and follows aliases to their end. Thread-safe. */
final class Router {

    /**
     * Recipient parameter of one that an alias led back to: it is delivered as itself and not expanded again. So an alias may
     * name itself to keep a copy, and a loop ends where it began.
     */
    static final String FINAL = "X-MAILRACK-FINAL";

    private static final Logger log = LoggerFactory.getLogger(Router.class);

    private final Supplier<List<DeliveryPolicy>> policies;

    /** Where one recipient goes after all aliases. */
    record Leaf(Recipient recipient, Route route) {}

    Router(Supplier<List<DeliveryPolicy>> policies) {
        this.policies = policies;
    }

    /** The ends of all aliases that a recipient stands for; one with the recipient itself when it is no alias. */
    List<Leaf> route(SpooledMail mail, Recipient recipient, DeliverySettings settings) {
        List<Leaf> leaves = new ArrayList<>();
        follow(mail, recipient, new TreeSet<>(), settings, leaves);
        return leaves;
    }

    private void follow(
            SpooledMail mail, Recipient recipient, Set<String> path, DeliverySettings settings, List<Leaf> leaves) {
        Route route = ask(mail, recipient);
        if (!(route instanceof Route.Expand expand)) {
            leaves.add(new Leaf(recipient, route));
            return;
        }
        if (recipient.parameters().containsKey(FINAL) || path.size() >= settings.maxAliasDepth()) {
            leaves.add(new Leaf(recipient, new Route.Reject("5.4.6", "aliases lead in a circle or too deep")));
            return;
        }
        if (leaves.size() + expand.recipients().size() > settings.maxRecipients()) {
            leaves.add(new Leaf(recipient, new Route.Reject("5.4.6", "aliases lead to too many recipients")));
            return;
        }
        path.add(recipient.address().key());
        for (MailAddress target : expand.recipients()) {
            Map<String, String> parameters = new HashMap<>(recipient.parameters());
            if (path.contains(target.key())) {
                parameters.put(FINAL, "");
            }
            follow(mail, new Recipient(target, parameters), path, settings, leaves);
        }
        path.remove(recipient.address().key());
    }

    private Route ask(SpooledMail mail, Recipient recipient) {
        for (DeliveryPolicy policy : policies.get()) {
            try {
                Optional<Route> route = policy.route(mail, recipient);
                if (route.isPresent()) {
                    return route.get();
                }
            } catch (Exception | LinkageError e) {
                // Skipping it could deliver what it would have held back.
                log.warn(
                        "policy failed mail={} to=<{}> policy={}",
                        mail.id(),
                        recipient.address(),
                        policy.getClass().getName(),
                        e);
                return new Route.Defer("4.3.0", "a delivery policy failed");
            }
        }
        return new Route.Defer("4.3.5", "no delivery policy knows a route");
    }
}
