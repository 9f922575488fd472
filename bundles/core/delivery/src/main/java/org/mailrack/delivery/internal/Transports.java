package org.mailrack.delivery.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.mailrack.api.delivery.Route;
import org.mailrack.api.delivery.Transport;
import org.mailrack.api.mail.MailId;

/** The transports that are there, by name, and which mail misses one that is not. */
final class Transports {

    private static final int MAX_REMEMBERED = 10_000;

    /** A transport and how many deliveries it has now. */
    static final class Named {
        private final String name;
        private final Transport transport;
        private final AtomicInteger inside = new AtomicInteger();

        private Named(String name, Transport transport) {
            this.name = name;
            this.transport = transport;
        }

        Transport transport() {
            return transport;
        }

        /** Counts a delivery in, unless there are as many as allowed. */
        boolean enter(int limit) {
            if (inside.incrementAndGet() > limit) {
                inside.decrementAndGet();
                return false;
            }
            return true;
        }

        void leave() {
            inside.decrementAndGet();
        }
    }

    private final List<Named> transports = new ArrayList<>();
    private final Map<String, Set<MailId>> missing = new HashMap<>();

    static String name(Route route) {
        if (route instanceof Route.ToMailbox) {
            return "mailbox";
        }
        return route instanceof Route.ToTransport to ? to.transport() : "relay";
    }

    /** Adds a transport; returns the mail that has been waiting for it. */
    synchronized Set<MailId> add(String name, Transport transport) {
        transports.add(new Named(name, transport));
        Set<MailId> waiting = missing.remove(name);
        return waiting == null ? Set.of() : waiting;
    }

    synchronized void remove(Transport transport) {
        transports.removeIf(named -> named.transport == transport);
    }

    /** The transport of that name, or null. */
    synchronized Named find(String name) {
        for (Named named : transports) {
            if (named.name.equals(name)) {
                return named;
            }
        }
        return null;
    }

    /**
     * Remembers a mail that misses a transport, once it is back in the spool; false when the transport has come meanwhile. Asked
     * earlier, the mail would still be leased when its transport comes, and not be tried at once.
     */
    synchronized boolean remember(String name, MailId mail) {
        if (find(name) != null) {
            return false;
        }
        Set<MailId> waiting = missing.computeIfAbsent(name, key -> new LinkedHashSet<>());
        if (waiting.size() < MAX_REMEMBERED) {
            waiting.add(mail);
        }
        return true;
    }
}
