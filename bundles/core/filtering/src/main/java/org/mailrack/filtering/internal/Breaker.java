package org.mailrack.filtering.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a filter out when it has spent its error budget, and lets it back on trial: one call at a time, until so many verdicts
 * came in a row.
 */
final class Breaker {

    /** The most failures that can be a budget: that many times are remembered. */
    static final int MAX_BUDGET = 10_000;

    private static final Logger log = LoggerFactory.getLogger(Breaker.class);

    enum State {
        IN,
        OUT,
        ON_TRIAL
    }

    /** Whether a call may be made. */
    enum Permit {
        CALL,
        /** One on trial; the others wait for how it ends. */
        TRIAL,
        NO_CALL
    }

    /** What is known to those who ask. */
    record Condition(State state, String reason, Instant since) {}

    private final String name;
    private final LongSupplier nanoTime;

    private Limits limits;
    /** When the last failures were, as many as are a budget. */
    private long[] failures;

    private int next;
    private int count;

    private volatile Condition condition = new Condition(State.IN, "", now());
    private long outSince;
    private boolean trying;
    private int good;

    Breaker(String name, Limits limits, LongSupplier nanoTime) {
        this.name = name;
        this.nanoTime = nanoTime;
        limits(limits);
    }

    private static Instant now() {
        return Clock.systemUTC().instant();
    }

    /** Applies other limits. What was counted under a different budget is forgotten. */
    synchronized void limits(Limits changed) {
        limits = changed;
        if (failures == null || failures.length != changed.errorBudget()) {
            failures = new long[changed.errorBudget()];
            next = 0;
            count = 0;
        }
    }

    /** The filter is another one than before: it begins with its whole budget. */
    synchronized void reset() {
        next = 0;
        count = 0;
        trying = false;
        if (condition.state() != State.IN) {
            log.info("filter back filter={} reason=\"its bundle was updated\"", name);
        }
        condition = new Condition(State.IN, "", now());
    }

    Condition condition() {
        return condition;
    }

    /** Asks for a call; every call that was permitted is to be answered by one of the three below. */
    Permit enter() {
        return condition.state() == State.IN ? Permit.CALL : enterTrial();
    }

    private synchronized Permit enterTrial() {
        switch (condition.state()) {
            case IN -> {
                return Permit.CALL;
            }
            case OUT -> {
                if (nanoTime.getAsLong() - outSince < TimeUnit.SECONDS.toNanos(limits.trialAfter())) {
                    return Permit.NO_CALL;
                }
                condition = new Condition(State.ON_TRIAL, condition.reason(), now());
                trying = true;
                good = 0;
                log.info("filter on trial filter={}", name);
                return Permit.TRIAL;
            }
            default -> {
                if (trying) {
                    return Permit.NO_CALL;
                }
                trying = true;
                return Permit.TRIAL;
            }
        }
    }

    /** The call gave a verdict. */
    void good(Permit permit) {
        if (permit == Permit.TRIAL) {
            trialGood();
        }
    }

    private synchronized void trialGood() {
        trying = false;
        if (condition.state() == State.ON_TRIAL && ++good >= limits.trialCalls()) {
            condition = new Condition(State.IN, "", now());
            next = 0;
            count = 0;
            log.info("filter back filter={} verdicts={}", name, good);
        }
    }

    /** The call was not made, or ended for a reason that is not the filter's. */
    synchronized void neither(Permit permit) {
        if (permit == Permit.TRIAL) {
            trying = false;
        }
    }

    /** The call failed. */
    synchronized void failed(Permit permit, String reason) {
        if (permit == Permit.TRIAL) {
            trying = false;
            if (condition.state() == State.ON_TRIAL) {
                out(reason);
            }
        } else if (condition.state() == State.IN && spent()) {
            out(reason);
        }
    }

    private boolean spent() {
        long now = nanoTime.getAsLong();
        failures[next] = now;
        next = (next + 1) % failures.length;
        count = Math.min(count + 1, failures.length);
        // The oldest one is where the next one will be.
        return count == failures.length && now - failures[next] <= TimeUnit.SECONDS.toNanos(limits.errorWindow());
    }

    private void out(String reason) {
        outSince = nanoTime.getAsLong();
        condition = new Condition(State.OUT, reason, now());
        log.warn(
                "filter out filter={} budget={} window={} trial={} reason=\"{}\"",
                name,
                limits.errorBudget(),
                limits.errorWindow(),
                limits.trialAfter(),
                reason);
    }
}
