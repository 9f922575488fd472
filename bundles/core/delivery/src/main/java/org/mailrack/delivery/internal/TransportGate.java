package org.mailrack.delivery.internal;

import java.util.concurrent.atomic.AtomicInteger;

import org.mailrack.api.delivery.Transport;

/** A transport and how many deliveries it has at the moment. Thread-safe. */
final class TransportGate {

    private final String name;
    private final Transport transport;
    private final AtomicInteger inside = new AtomicInteger();

    TransportGate(String name, Transport transport) {
        this.name = name;
        this.transport = transport;
    }

    String name() {
        return name;
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
