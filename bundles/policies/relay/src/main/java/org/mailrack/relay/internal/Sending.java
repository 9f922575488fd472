package org.mailrack.relay.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import javax.net.ssl.SSLSocketFactory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.delivery.Delivery;
import org.mailrack.api.delivery.Outcome;

/**
 * Does a job: finds the servers, and tries one after another until each recipient is delivered or refused for good. A temporary
 * refusal, of one recipient or of all, goes on to the next server. Thread-safe.
 */
final class Sending {

    private static final Logger log = LoggerFactory.getLogger(Sending.class);

    private final RelaySettings settings;
    private final Hosts hosts;
    private final Deadlines deadlines;
    private final Supplier<SSLSocketFactory> tls;
    private final Supplier<String> ourName;

    Sending(
            RelaySettings settings,
            Hosts hosts,
            Deadlines deadlines,
            Supplier<SSLSocketFactory> tls,
            Supplier<String> ourName) {
        this.settings = settings;
        this.hosts = hosts;
        this.deadlines = deadlines;
        this.tls = tls;
        this.ourName = ourName;
    }

    void run(Job job) {
        Map<Delivery, Outcome> best = new LinkedHashMap<>();
        try {
            attempt(job, best);
        } finally {
            Outcome broken = new Outcome.Deferred("4.3.0", "", "the attempt was broken off; see the log");
            for (Delivery delivery : job.deliveries()) {
                Outcome outcome = best.getOrDefault(delivery, broken);
                if (!(outcome instanceof Outcome.Delivered)) {
                    delivery.report(outcome);
                }
            }
        }
    }

    private void attempt(Job job, Map<Delivery, Outcome> best) {
        List<Delivery> left = new ArrayList<>(job.deliveries());
        int tried = 0;
        try {
            for (String name : names(job)) {
                List<Hosts.Host> addresses;
                try {
                    addresses = addresses(job, name);
                } catch (RouteException e) {
                    // That MX is of no use, but another may be; what a server said weighs more than what DNS did not
                    // know.
                    left.forEach(delivery -> best.merge(delivery, e.outcome(), Sending::worse));
                    continue;
                }
                for (Hosts.Host host : addresses) {
                    if (left.isEmpty() || tried++ >= settings.maxHosts()) {
                        return;
                    }
                    Conversation conversation = new Conversation(
                            settings,
                            deadlines,
                            tls.get(),
                            ourName.get(),
                            host,
                            List.copyOf(left),
                            (delivery, outcome) -> {
                                best.put(delivery, outcome);
                                delivery.report(outcome);
                            });
                    conversation.run();
                    settle(job, host, conversation, left, best);
                    if (conversation.handedOver()) {
                        return;
                    }
                }
            }
        } catch (RouteException e) {
            left.forEach(delivery -> best.put(delivery, e.outcome()));
            log.info(
                    "mail not relayed mail={} destination={} recipients={} result='{}'",
                    job.mail().id(),
                    job.destination(),
                    left.size(),
                    e.getMessage());
        }
    }

    private List<String> names(Job job) throws RouteException {
        if (!job.nextHop().isEmpty() || job.destination().startsWith("[")) {
            return List.of(job.destination());
        }
        return hosts.names(job.destination(), ourName.get());
    }

    private List<Hosts.Host> addresses(Job job, String name) throws RouteException {
        if (!job.nextHop().isEmpty()) {
            return hosts.nextHop(job.nextHop());
        }
        return name.startsWith("[") ? hosts.literalHost(name) : hosts.addresses(name);
    }

    private static void settle(
            Job job, Hosts.Host host, Conversation conversation, List<Delivery> left, Map<Delivery, Outcome> best) {
        int delivered = 0;
        int failed = 0;
        String text = "";
        for (Map.Entry<Delivery, Outcome> entry : conversation.outcomes().entrySet()) {
            Outcome outcome = entry.getValue();
            best.put(entry.getKey(), outcome);
            text = outcome.text();
            if (outcome instanceof Outcome.Delivered) {
                delivered++;
            } else if (outcome instanceof Outcome.Failed) {
                failed++;
            }
            if (!(outcome instanceof Outcome.Deferred)) {
                left.remove(entry.getKey());
            }
        }
        log.info(
                "mail relayed mail={} destination={} host={} address={} tls={} delivered={} failed={} deferred={} reply='{}'",
                job.mail().id(),
                job.destination(),
                host.name(),
                host.address().getAddress().getHostAddress(),
                conversation.encrypted(),
                delivered,
                failed,
                left.size(),
                text);
    }

    /** A temporary trouble keeps the mail in the queue, whatever else went wrong for good. */
    private static Outcome worse(Outcome before, Outcome now) {
        return before instanceof Outcome.Deferred ? before : now;
    }
}
