package org.mailrack.filtering.internal;

import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A filter that is registered, from then on until it is unregistered. It is started in a thread and a slot of its own, so that one
 * that hangs in its start holds up nobody. Guarded by the board.
 */
final class Registered {

    private static final Logger log = LoggerFactory.getLogger(Registered.class);

    private final FilterCard card;
    private final Kind kind;
    private Source source;
    private Entry entry;
    private CallSlots starting;
    private boolean overdue;
    private long tried;
    private String trouble = "it is being started";

    Registered(FilterCard card, Kind kind, Source source) {
        this.card = card;
        this.kind = kind;
        this.source = source;
    }

    FilterCard card() {
        return card;
    }

    Kind kind() {
        return kind;
    }

    Source source() {
        return source;
    }

    /** Its properties changed, and not its name. */
    void changed(Source now) {
        source = now;
        entry = entry == null ? null : new Entry(card, kind, entry.filter(), now.prompt());
    }

    /** The filter as it is called; null when it was not started yet. */
    Entry entry() {
        return entry;
    }

    /** Why there is none. */
    String trouble() {
        return trouble;
    }

    /** Takes a slot to be started in; false when it is started or cannot be now. */
    boolean begin(boolean bundleHangs) {
        long now = card.nanoTime();
        if (entry != null || starting != null || !due(now)) {
            return false;
        }
        CallSlots slots = card.slots();
        if (bundleHangs || !slots.takeNow(card.limits().calls())) {
            trouble = "too many calls of its bundle hang";
            return false;
        }
        starting = slots;
        overdue = false;
        tried = now;
        return true;
    }

    private boolean due(long now) {
        return tried == 0
                || now - tried > TimeUnit.SECONDS.toNanos(card.limits().trialAfter());
    }

    /** Notes that it takes too long to start. */
    void look() {
        if (starting != null
                && !overdue
                && card.nanoTime() - tried
                        > TimeUnit.MILLISECONDS.toNanos(card.limits().timeLimit())) {
            overdue = true;
            starting.overdue();
            trouble = "it hangs in its start";
            log.warn("filter hangs in its start filter={} required={}", card.name(), card.required());
        }
    }

    /** Gives the slot back in which it was started. */
    void endStart() {
        starting.ended(overdue);
        starting = null;
    }

    /** It was started, or could not be: then the filter is null. */
    void started(Object filter) {
        endStart();
        if (filter != null) {
            entry = new Entry(card, kind, filter, source.prompt());
        } else {
            trouble = "it cannot be started, see the log";
            log.warn("filter cannot be started filter={} required={}", card.name(), card.required());
        }
    }
}
