package org.mailrack.delivery.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.delivery.Delivery;
import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.delivery.Transport;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.SpooledMail;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.StoreException;

/** Finds out where the recipients of a batch of mails go, and hands them over, each transport getting its own in one call. */
final class Router {

    private static final Logger log = LoggerFactory.getLogger(Router.class);
    private static final int MAX_DEPTH = 10;
    private static final int MAX_HEADER = 256 * 1024;

    private final ContentStore contents;
    private final Directory directory;
    private final Policies policies;
    private final Transports transports;
    private final Settings settings;

    Router(ContentStore contents, Directory directory, Policies policies, Transports transports, Settings settings) {
        this.contents = contents;
        this.directory = directory;
        this.policies = policies;
        this.transports = transports;
        this.settings = settings;
    }

    void start(List<Attempt> attempts) {
        Map<Transport, List<Delivery>> batches = new LinkedHashMap<>();
        for (Attempt attempt : attempts) {
            try {
                if (readable(attempt)) {
                    route(attempt, batches);
                }
            } catch (RuntimeException e) {
                log.warn("mail not routed mail={}", attempt.mail().id(), e);
                deferAll(attempt.waiting(), "4.3.0", "the server failed");
            }
        }
        batches.forEach(Router::hand);
        attempts.forEach(Attempt::started);
    }

    private static void hand(Transport transport, List<Delivery> batch) {
        try {
            transport.deliver(List.copyOf(batch));
        } catch (RuntimeException | LinkageError e) {
            log.warn(
                    "transport failed transport={} deliveries={}",
                    transport.getClass().getName(),
                    batch.size(),
                    e);
            deferAll(batch, "4.3.0", "the transport failed");
        }
    }

    static void deferAll(List<? extends Delivery> deliveries, String code, String text) {
        deliveries.forEach(delivery -> delivery.report(new Outcome.Deferred(code, "", text)));
    }

    /** Opens the content, and sees that the mail does not go round in circles (RFC 5321 section 6.3). */
    private boolean readable(Attempt attempt) {
        SpooledMail mail = attempt.mail();
        try {
            Content content = contents.open(mail.content());
            attempt.content(content);
            if (received(content) > settings.maxReceived()) {
                failAll(attempt, "5.4.6", "the mail goes round in circles: too many Received fields");
                return false;
            }
            return true;
        } catch (StoreException e) {
            boolean lost = e.kind() == StoreException.Kind.DAMAGED || e.kind() == StoreException.Kind.NOT_FOUND;
            log.warn("mail not readable mail={} reason=\"{}\"", mail.id(), e.getMessage());
            if (lost) {
                failAll(attempt, "5.6.0", "the message was damaged on this server");
            } else {
                deferAll(attempt.waiting(), "4.3.0", "the content store failed");
            }
        } catch (IOException e) {
            log.warn("mail not readable mail={} reason=\"{}\"", mail.id(), e.getMessage());
            deferAll(attempt.waiting(), "4.3.0", "the message cannot be read");
        }
        return false;
    }

    private static void failAll(Attempt attempt, String code, String text) {
        attempt.waiting().forEach(slot -> slot.report(new Outcome.Failed(code, "", text)));
    }

    private static int received(Content content) throws IOException {
        byte[] name = {'r', 'e', 'c', 'e', 'i', 'v', 'e', 'd'};
        int found = 0;
        int inLine = 0;
        boolean same = true;
        try (InputStream in = content.open(0, Math.min(MAX_HEADER, content.length()))) {
            byte[] buffer = new byte[8192];
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                for (int i = 0; i < count; i++) {
                    byte c = buffer[i];
                    if (c == '\n') {
                        if (inLine == 0) {
                            return found;
                        }
                        inLine = 0;
                        same = true;
                    } else if (c != '\r') {
                        if (inLine < name.length) {
                            same &= (c | 0x20) == name[inLine];
                        } else if (inLine == name.length && same && c == ':') {
                            found++;
                        }
                        inLine++;
                    }
                }
            }
        }
        return found;
    }

    private void route(Attempt attempt, Map<Transport, List<Delivery>> batches) {
        Set<String> seen = new HashSet<>();
        List<Attempt.Slot> waiting = attempt.waiting();
        attempt.slots().stream().filter(slot -> !waiting.contains(slot)).forEach(slot -> seen.add(same(slot)));
        List<Attempt.Slot> firsts = new ArrayList<>();
        for (Attempt.Slot slot : waiting) {
            if (seen.add(same(slot))) {
                firsts.add(slot);
            } else {
                slot.report(new Outcome.Delivered("named twice"));
            }
        }
        for (Attempt.Slot slot : firsts) {
            route(attempt, slot, seen, List.of(same(slot)), batches);
        }
    }

    /** Addresses of one account are the same in any case; those of others are theirs to tell apart. */
    private String same(Attempt.Slot slot) {
        return same(slot.recipient().address());
    }

    private String same(MailAddress address) {
        return directory.isLocal(address.domain()) ? address.key() : address.toString();
    }

    private void route(
            Attempt attempt,
            Attempt.Slot slot,
            Set<String> seen,
            List<String> chain,
            Map<Transport, List<Delivery>> batches) {
        Route route = policies.route(attempt.mail(), slot.recipient(), true);
        if (route instanceof Route.Expand expand
                && expand.recipients().stream().anyMatch(target -> same(target).equals(same(slot)))) {
            // An alias that names itself means its own mailbox, and the others beside it.
            Route own = policies.route(attempt.mail(), slot.recipient(), false);
            expand(attempt, null, expand, seen, chain, batches);
            carryOut(attempt, slot, own, batches);
        } else if (route instanceof Route.Expand expand) {
            expand(attempt, slot, expand, seen, chain, batches);
        } else {
            carryOut(attempt, slot, route, batches);
        }
    }

    private void expand(
            Attempt attempt,
            Attempt.Slot slot,
            Route.Expand expand,
            Set<String> seen,
            List<String> chain,
            Map<Transport, List<Delivery>> batches) {
        String last = chain.get(chain.size() - 1);
        boolean loops = expand.recipients().stream()
                .map(this::same)
                .anyMatch(target -> !target.equals(last) && chain.contains(target));
        if (slot != null
                && (loops || chain.size() > MAX_DEPTH || expand.recipients().isEmpty())) {
            slot.report(new Outcome.Failed("5.4.6", "", "the address stands for itself or for no one"));
            return;
        }
        if (attempt.slots().size() + expand.recipients().size() > settings.maxRecipients()) {
            if (slot != null) {
                slot.report(new Outcome.Failed("5.5.3", "", "the address stands for too many"));
            }
            return;
        }
        List<Attempt.Slot> added = new ArrayList<>();
        for (MailAddress target : expand.recipients()) {
            if (seen.add(same(target))) {
                added.add(attempt.add(new Recipient(
                        target, slot == null ? Map.of() : slot.recipient().parameters())));
            }
        }
        for (Attempt.Slot target : added) {
            List<String> longer = new ArrayList<>(chain);
            longer.add(same(target));
            route(attempt, target, seen, longer, batches);
        }
        if (slot != null) {
            slot.routed(expand, "alias");
            slot.report(
                    new Outcome.Delivered("expanded to " + expand.recipients().size()));
        }
    }

    private void carryOut(Attempt attempt, Attempt.Slot slot, Route route, Map<Transport, List<Delivery>> batches) {
        if (route instanceof Route.Reject reject) {
            slot.routed(route, "policy");
            slot.report(new Outcome.Failed(reject.enhancedCode(), "", reject.text()));
        } else if (route instanceof Route.Defer defer) {
            slot.routed(route, "policy");
            slot.report(new Outcome.Deferred(defer.enhancedCode(), "", defer.text()));
        } else if (route instanceof Route.Hold hold) {
            slot.routed(route, "policy");
            attempt.hold(hold.reason().isEmpty() ? "held by a policy" : hold.reason());
            slot.report(new Outcome.Deferred("4.3.0", "", "held: " + hold.reason()));
        } else if (route instanceof Route.Discard discard) {
            slot.routed(route, "discard");
            slot.report(new Outcome.Delivered("discarded: " + discard.reason()));
        } else {
            String name = Transports.name(route);
            slot.routed(route, name);
            Transports.Named transport = transports.find(name);
            if (transport == null) {
                attempt.missing(name);
                slot.report(new Outcome.Deferred("4.3.2", "", "the transport " + name + " is not there"));
            } else if (!transport.enter(limit(route))) {
                // A slow transport must not hold all that may be under way, or nothing else would be delivered.
                slot.report(new Outcome.Deferred("4.3.2", "", "the transport " + name + " has enough to do"));
            } else {
                slot.whenReported(transport::leave);
                batches.computeIfAbsent(transport.transport(), key -> new ArrayList<>())
                        .add(slot);
            }
        }
    }

    /** Mailboxes are as fast as the disk, and mail for them is what others would hold up. */
    private int limit(Route route) {
        return route instanceof Route.ToMailbox ? Integer.MAX_VALUE : settings.maxPerTransport();
    }
}
