package org.mailrack.relay.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.mailrack.api.delivery.Delivery;
import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.spool.SpooledMail;

/**
 * One mail for some recipients at one destination, to go in one transaction. Immutable.
 *
 * @param destination the domain, or the next hop in the form {@code >host:port}
 */
record Job(String destination, String nextHop, List<Delivery> deliveries) {

    Job {
        deliveries = List.copyOf(deliveries);
    }

    SpooledMail mail() {
        return deliveries.get(0).mail();
    }

    void report(Outcome outcome) {
        deliveries.forEach(delivery -> delivery.report(outcome));
    }

    /** Puts together what can share a transaction: same mail, same destination, not more recipients than allowed. */
    static List<Job> of(List<Delivery> batch, int maxRecipients) {
        record Key(String mail, String destination, String nextHop) {}
        Map<Key, List<Delivery>> groups = new LinkedHashMap<>();
        for (Delivery delivery : batch) {
            String hop = delivery.route() instanceof Route.ToRelay relay
                    ? relay.nextHop().trim()
                    : "";
            String destination =
                    hop.isEmpty() ? delivery.recipient().address().domain() : '>' + hop.toLowerCase(Locale.ROOT);
            groups.computeIfAbsent(new Key(delivery.mail().id().value(), destination, hop), key -> new ArrayList<>())
                    .add(delivery);
        }
        List<Job> jobs = new ArrayList<>();
        groups.forEach((key, deliveries) -> {
            for (int i = 0; i < deliveries.size(); i += maxRecipients) {
                List<Delivery> part = deliveries.subList(i, Math.min(deliveries.size(), i + maxRecipients));
                jobs.add(new Job(key.destination(), key.nextHop(), part));
            }
        });
        return jobs;
    }
}
