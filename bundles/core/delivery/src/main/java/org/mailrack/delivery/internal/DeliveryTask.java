package org.mailrack.delivery.internal;

import java.util.concurrent.atomic.AtomicBoolean;

import org.mailrack.api.delivery.Delivery;
import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.SpooledMail;
import org.mailrack.api.store.ContentStore;

/** One delivery of an attempt, as a transport sees it. */
final class DeliveryTask implements Delivery {

    private final Attempt attempt;
    private final int index;
    private final ContentStore contents;
    private final TransportGate gate;
    private final AtomicBoolean reported = new AtomicBoolean();

    DeliveryTask(Attempt attempt, int index, ContentStore contents, TransportGate gate) {
        this.attempt = attempt;
        this.index = index;
        this.contents = contents;
        this.gate = gate;
    }

    @Override
    public SpooledMail mail() {
        return attempt.mail();
    }

    @Override
    public Recipient recipient() {
        return attempt.leaf(index).recipient();
    }

    @Override
    public Route route() {
        return attempt.leaf(index).route();
    }

    @Override
    public Content content() {
        return contents.open(attempt.mail().content());
    }

    @Override
    public String key() {
        return attempt.key(index);
    }

    @Override
    public void report(Outcome outcome) {
        if (reported.compareAndSet(false, true)) {
            gate.leave();
            attempt.report(index, outcome);
        }
    }
}
