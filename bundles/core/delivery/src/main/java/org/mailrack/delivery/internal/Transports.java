package org.mailrack.delivery.internal;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.mailrack.api.delivery.Transport;

/** The transports that are there, by name. Thread-safe. */
final class Transports {

    private final Map<String, TransportGate> gates = new ConcurrentHashMap<>();
    private volatile Consumer<String> listener = name -> {};

    /** Sets who is told the name of a transport that has come. */
    void listen(Consumer<String> arrivals) {
        listener = arrivals;
    }

    void add(String name, Transport transport) {
        gates.put(name, new TransportGate(name, transport));
        listener.accept(name);
    }

    /** Removes a transport unless another one has taken its place. */
    void remove(String name, Transport transport) {
        gates.computeIfPresent(name, (n, gate) -> gate.transport() == transport ? null : gate);
    }

    Optional<TransportGate> find(String name) {
        return Optional.ofNullable(gates.get(name));
    }
}
