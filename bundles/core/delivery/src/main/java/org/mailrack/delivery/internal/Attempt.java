package org.mailrack.delivery.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Consumer;

import org.mailrack.api.delivery.Delivery;
import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.RecipientState;
import org.mailrack.api.spool.SpooledMail;

/** One try to deliver one mail to all who wait for it. It is over when each of them has an outcome. Thread-safe. */
final class Attempt {

    /** A recipient in this attempt. */
    final class Slot implements Delivery {

        private final Recipient recipient;
        private final RecipientState before;
        private Route route;
        private String via = "none";
        private Outcome outcome;
        private Runnable whenReported = () -> {};

        private Slot(Recipient recipient, RecipientState before) {
            this.recipient = recipient;
            this.before = before;
        }

        @Override
        public SpooledMail mail() {
            return mail;
        }

        @Override
        public Recipient recipient() {
            return recipient;
        }

        @Override
        public Route route() {
            return route;
        }

        @Override
        public Content content() {
            return content;
        }

        @Override
        public String key() {
            return DeliveryKeys.key(mail.id(), recipient.address());
        }

        @Override
        public void report(Outcome reported) {
            Attempt.this.report(this, reported);
        }

        void routed(Route chosen, String transport) {
            route = chosen;
            via = transport;
        }

        /** Sets what happens, once, when the outcome is there. */
        void whenReported(Runnable action) {
            whenReported = action;
        }

        String via() {
            return via;
        }

        /** The outcome of this attempt; null when the recipient had nothing to wait for. */
        Outcome outcome() {
            synchronized (Attempt.this) {
                return outcome;
            }
        }

        RecipientState before() {
            return before;
        }
    }

    private final SpooledMail mail;
    private final Consumer<Attempt> whenOver;
    private final List<Slot> slots = new ArrayList<>();
    private Content content;
    private int open = 1;
    private boolean over;
    private String held = "";
    private final Set<String> missing = new HashSet<>();
    private Future<?> watchdog;

    Attempt(SpooledMail mail, Consumer<Attempt> whenOver) {
        this.mail = mail;
        this.whenOver = whenOver;
        for (RecipientState state : mail.recipients()) {
            slots.add(new Slot(state.recipient(), state));
            if (state.status() == RecipientState.Status.PENDING) {
                open++;
            }
        }
    }

    SpooledMail mail() {
        return mail;
    }

    /** What ends the attempt when no one else does; set before it begins. */
    void watchedBy(Future<?> dog) {
        watchdog = dog;
    }

    void unwatch() {
        if (watchdog != null) {
            watchdog.cancel(false);
        }
    }

    void content(Content found) {
        content = found;
    }

    synchronized List<Slot> slots() {
        return List.copyOf(slots);
    }

    /** Recipients that have no outcome yet. */
    synchronized List<Slot> waiting() {
        return slots.stream()
                .filter(slot -> slot.before.status() == RecipientState.Status.PENDING && slot.outcome == null)
                .toList();
    }

    /** Adds a recipient that an alias brings; null when the attempt is over already. */
    synchronized Slot add(Recipient recipient) {
        if (over) {
            return null;
        }
        Slot slot = new Slot(recipient, new RecipientState(recipient, RecipientState.Status.PENDING, ""));
        slots.add(slot);
        open++;
        return slot;
    }

    synchronized void hold(String reason) {
        held = reason;
    }

    /** Notes a transport that was not there. */
    synchronized void missing(String transport) {
        missing.add(transport);
    }

    synchronized Set<String> missing() {
        return Set.copyOf(missing);
    }

    synchronized String held() {
        return held;
    }

    /** Every recipient was routed: from now on the attempt may be over. */
    void started() {
        close(null, null);
    }

    private void report(Slot slot, Outcome outcome) {
        close(slot, outcome);
    }

    private void close(Slot slot, Outcome outcome) {
        synchronized (this) {
            if (slot != null) {
                if (slot.outcome != null || over) {
                    return;
                }
                slot.outcome = outcome;
                slot.whenReported.run();
            }
            if (--open > 0) {
                return;
            }
            over = true;
        }
        whenOver.accept(this);
    }
}
