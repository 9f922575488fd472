package org.mailrack.delivery.internal;

import java.time.Duration;
import java.time.Instant;

/**
 * The limits and times of the dispatcher; {@link DispatcherComponent.Config} says what they mean.
 */
record Settings(
        Duration retryFirst,
        Duration retryMax,
        Duration expireAfter,
        int maxInFlight,
        int maxPerTransport,
        int batch,
        int maxRecipients,
        int maxReceived,
        Duration policyTimeout,
        Duration deliveryTimeout,
        Duration stopWait) {

    static final Settings DEFAULT = new Settings(
            Duration.ofMinutes(5),
            Duration.ofSeconds(4000),
            Duration.ofDays(5),
            1000,
            500,
            100,
            10_000,
            50,
            Duration.ofSeconds(10),
            Duration.ofMinutes(30),
            Duration.ofSeconds(10));

    /** When a mail is tried again: the pauses double from the first to the longest. */
    Instant nextAttempt(int attempts, Instant now) {
        Duration pause = retryFirst;
        for (int i = 1; i < attempts && pause.compareTo(retryMax) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return now.plus(pause.compareTo(retryMax) > 0 ? retryMax : pause);
    }
}
