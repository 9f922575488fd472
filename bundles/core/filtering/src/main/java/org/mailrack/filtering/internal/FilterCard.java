package org.mailrack.filtering.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.card.Card;

/**
 * What is known of the filter of one name, whatever service stands for it at the moment. So one that comes and goes cannot get rid
 * of its limits, until its bundle is updated: then it is another filter.
 */
final class FilterCard {

    /** Bundles that brought a filter of that name and are remembered. */
    private static final int MAX_REVISIONS = 16;

    private static final Logger log = LoggerFactory.getLogger(FilterCard.class);

    private final String name;
    private final LongSupplier nanoTime;
    private final Breaker breaker;
    private volatile Limits limits;
    private volatile boolean required;
    private volatile boolean configured;
    private volatile CallSlots slots = new CallSlots();
    private volatile Tally tally = new Tally();
    /** Whether a call was not prompt although the filter says that it is. */
    private volatile boolean disproved;

    /** The kinds that it served since the start or the last change of the settings; guarded by the board, as all below. */
    private final Set<Kind> served = EnumSet.noneOf(Kind.class);

    private final Map<Long, Long> revisions = new HashMap<>();
    private final List<CallSlots> oldSlots = new ArrayList<>();
    private Origin origin = new Origin(-1, 0, "", "");
    private Instant cameOrWent = now();
    private long cameAt;

    FilterCard(String name, Limits limits, LongSupplier nanoTime) {
        this.name = name;
        this.nanoTime = nanoTime;
        this.limits = limits;
        this.breaker = new Breaker(name, limits, nanoTime);
    }

    private static Instant now() {
        return Clock.systemUTC().instant();
    }

    String name() {
        return name;
    }

    /** What the time is, as {@link System#nanoTime} says it. */
    long nanoTime() {
        return nanoTime.getAsLong();
    }

    Breaker breaker() {
        return breaker;
    }

    Limits limits() {
        return limits;
    }

    boolean required() {
        return required;
    }

    CallSlots slots() {
        return slots;
    }

    Tally tally() {
        return tally;
    }

    /** Whether it is believed when it says that it is prompt. */
    boolean believed() {
        return limits.prompt() && !disproved;
    }

    /** A call of it was not prompt; whether that is news. */
    boolean disprove(String how) {
        if (disproved) {
            return false;
        }
        disproved = true;
        log.warn(
                "filter is not prompt and is called in a thread of its own from now on filter={} reason=\"{}\"",
                name,
                how);
        return true;
    }

    /** Applies settings; {@code own} says whether it has some of its own. */
    void configure(Limits changed, boolean isRequired, boolean own) {
        required = isRequired;
        configured = own;
        limits = changed;
        breaker.limits(changed);
    }

    Set<Kind> served() {
        return served;
    }

    Origin origin() {
        return origin;
    }

    /** Whether somebody counts on it. */
    boolean expected() {
        return required || configured;
    }

    /** A service of that name came. */
    void came(Origin from) {
        cameAt = nanoTime.getAsLong();
        cameOrWent = now();
        if (from.bundle() < 0) {
            // It is gone already, and not to be taken for an update.
            return;
        }
        Long known = revisions.get(from.bundle());
        if (known != null && known != from.modified() || known == null && !revisions.isEmpty()) {
            updated();
        }
        if (revisions.size() >= MAX_REVISIONS) {
            revisions.clear();
        }
        revisions.put(from.bundle(), from.modified());
        origin = from;
    }

    private void updated() {
        oldSlots.removeIf(old -> old.hanging() == 0);
        if (slots.hanging() > 0) {
            oldSlots.add(slots);
        }
        slots = new CallSlots();
        tally = new Tally();
        disproved = false;
        breaker.reset();
    }

    /** The service went. One that does so all the time costs its budget. */
    void went(long shortest) {
        cameOrWent = now();
        if (nanoTime.getAsLong() - cameAt < shortest) {
            breaker.failed(Breaker.Permit.CALL, "it comes and goes");
        }
    }

    /** Calls that never end, of former versions too. */
    int hanging() {
        return slots.hanging() + oldSlots.stream().mapToInt(CallSlots::hanging).sum();
    }

    /** What is shown of it; {@code absence} says why it cannot be called, and is empty when it can. */
    Card shown(String absence) {
        Breaker.Condition condition = breaker.condition();
        Card.State state = !absence.isEmpty()
                ? Card.State.MISSING
                : switch (condition.state()) {
                    case IN -> Card.State.IN;
                    case OUT -> Card.State.OUT;
                    case ON_TRIAL -> Card.State.ON_TRIAL;
                };
        boolean broken = state == Card.State.OUT || state == Card.State.ON_TRIAL;
        Instant since = condition.since().isAfter(cameOrWent) || broken ? condition.since() : cameOrWent;
        Tally counts = tally;
        return new Card(
                "filter",
                name,
                state,
                state == Card.State.MISSING ? absence : broken ? condition.reason() : "",
                state == Card.State.MISSING ? cameOrWent : since,
                origin.name(),
                origin.version(),
                counts.calls(),
                counts.verdicts(),
                counts.failures(),
                hanging(),
                counts.mean(),
                counts.quantile(0.99));
    }
}
