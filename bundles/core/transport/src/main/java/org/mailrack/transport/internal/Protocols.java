package org.mailrack.transport.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.Registration;
import org.mailrack.api.net.Protocol;
import org.mailrack.api.net.Protocol.Refusal;

/** Which protocols are there. Remembers of those that have gone how they turn clients away. Thread-safe. */
final class Protocols {

    private static final Logger log = LoggerFactory.getLogger(Protocols.class);

    /** Hears that the protocol of an endpoint came, went or was replaced. */
    interface Listener {
        /**
         * Called after the change.
         *
         * @param before what was there before, or null
         * @param wait whether the one before is going away now, so that its sessions must have ended when this returns
         */
        void protocolChanged(Protocol before, boolean wait);
    }

    private record Candidate(Protocol protocol, int ranking, long serviceId) {}

    private static final Comparator<Candidate> BEST =
            Comparator.comparingInt(Candidate::ranking).thenComparing(Candidate::serviceId, Comparator.reverseOrder());

    private static final class Slot {
        private final List<Candidate> candidates = new ArrayList<>();
        private final Map<Refusal, byte[]> refusals = new EnumMap<>(Refusal.class);
        private final List<Listener> listeners = new CopyOnWriteArrayList<>();
        private volatile Protocol best;

        private Protocol choose() {
            Protocol before = best;
            best = candidates.stream().max(BEST).map(Candidate::protocol).orElse(null);
            return before;
        }
    }

    private final Map<String, Slot> slots = new HashMap<>();

    private synchronized Slot slot(String name) {
        return slots.computeIfAbsent(name, key -> new Slot());
    }

    void add(String name, Protocol protocol, int ranking, long serviceId) {
        Slot slot = slot(name);
        Map<Refusal, byte[]> refusals = new EnumMap<>(Refusal.class);
        for (Refusal reason : Refusal.values()) {
            refusals.put(reason, ask(name, protocol, reason));
        }
        Protocol before;
        synchronized (slot) {
            slot.candidates.removeIf(candidate -> candidate.serviceId == serviceId);
            slot.candidates.add(new Candidate(protocol, ranking, serviceId));
            before = slot.choose();
            if (slot.best == protocol) {
                slot.refusals.putAll(refusals);
            }
        }
        tell(slot, before, false);
    }

    void remove(String name, long serviceId) {
        Slot slot = slot(name);
        Protocol before;
        synchronized (slot) {
            slot.candidates.removeIf(candidate -> candidate.serviceId == serviceId);
            before = slot.choose();
        }
        tell(slot, before, true);
    }

    /** Takes a service that changed its name out of its former place. */
    void removeOther(long serviceId, String name) {
        List<String> others;
        synchronized (this) {
            others =
                    slots.keySet().stream().filter(other -> !other.equals(name)).toList();
        }
        others.forEach(other -> remove(other, serviceId));
    }

    private static void tell(Slot slot, Protocol before, boolean wait) {
        if (slot.best != before) {
            slot.listeners.forEach(listener -> listener.protocolChanged(before, wait));
        }
    }

    private static byte[] ask(String name, Protocol protocol, Refusal reason) {
        try {
            ByteBuffer answer = protocol.refusal(reason);
            byte[] copy = new byte[answer.remaining()];
            answer.duplicate().get(copy);
            return copy;
        } catch (RuntimeException | LinkageError e) {
            log.warn("protocol cannot word a refusal protocol={} reason={} error={}", name, reason, e.toString());
            return new byte[0];
        }
    }

    Optional<Protocol> find(String name) {
        return Optional.ofNullable(slot(name).best);
    }

    /** What the protocol says, or last said, for that reason; empty when it was never there. */
    ByteBuffer refusal(String name, Refusal reason) {
        Slot slot = slot(name);
        synchronized (slot) {
            return ByteBuffer.wrap(slot.refusals.getOrDefault(reason, new byte[0]))
                    .asReadOnlyBuffer();
        }
    }

    Registration listen(String name, Listener listener) {
        Slot slot = slot(name);
        slot.listeners.add(listener);
        return () -> slot.listeners.remove(listener);
    }
}
