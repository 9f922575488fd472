package org.mailrack.delivery.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.mailrack.api.delivery.Route;
import org.mailrack.api.delivery.Transport;
import org.mailrack.api.mail.MailId;

/** The transports that are there, by name, and which mail misses one that is not. */
final class Transports {

    private static final int MAX_REMEMBERED = 10_000;

    private record Named(String name, Transport transport) {}

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
        transports.removeIf(named -> named.transport() == transport);
    }

    /** The transport of that name, or null; the mail is then remembered. */
    synchronized Transport find(String name, MailId mail) {
        for (Named named : transports) {
            if (named.name().equals(name)) {
                return named.transport();
            }
        }
        Set<MailId> waiting = missing.computeIfAbsent(name, key -> new LinkedHashSet<>());
        if (waiting.size() < MAX_REMEMBERED) {
            waiting.add(mail);
        }
        return null;
    }
}
