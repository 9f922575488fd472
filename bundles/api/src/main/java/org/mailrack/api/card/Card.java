package org.mailrack.api.card;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A service that a bundle brought, and how it has done since its bundle was installed or updated, or the caller started. Immutable.
 *
 * @param kind what it is: {@code filter} …
 * @param name its name in settings and log
 * @param state whether it is called
 * @param reason why it is not {@link State#IN}, in one line; empty when it is
 * @param since when it came into that state
 * @param bundle symbolic name of the bundle that brought it; empty when it was never there
 * @param version that bundle's version; empty when it was never there
 * @param calls how often it was called
 * @param verdicts how often it said what, by the word for it
 * @param failures calls that gave no verdict: it threw, was late, or could not be called
 * @param hanging calls that are over their time limit and still keep a thread
 * @param mean mean time of a call
 * @param p99 a time that 99 of 100 calls did not exceed
 */
public record Card(
        String kind,
        String name,
        State state,
        String reason,
        Instant since,
        String bundle,
        String version,
        long calls,
        Map<String, Long> verdicts,
        long failures,
        int hanging,
        Duration mean,
        Duration p99) {

    /** Whether a card is called. */
    public enum State {
        /** It is. */
        IN,
        /** It failed too often and is left alone for a while. */
        OUT,
        /** It was out and is called again, one call at a time. */
        ON_TRIAL,
        /** It should be there and is not, or cannot be started. */
        MISSING
    }

    public Card {
        verdicts = Map.copyOf(verdicts);
    }
}
