package org.mailrack.delivery.internal;

import java.time.Duration;
import java.time.Instant;

/** The settings as checked values. */
record DeliverySettings(
        Duration retryFirst,
        Duration retryMax,
        Duration expireAfter,
        int batchSize,
        int maxInFlight,
        int maxPerTransport,
        Duration reportLimit,
        int maxRecipients,
        int maxAliasDepth,
        int bounceHeader) {

    static DeliverySettings of(DeliveryConfig config) {
        return new DeliverySettings(
                seconds("retry.first", config.retry_first()),
                seconds("retry.max", config.retry_max()),
                seconds("expire.after", config.expire_after()),
                positive("batch.size", config.batch_size()),
                positive("max.in.flight", config.max_in_flight()),
                positive("max.in.flight.per.transport", config.max_in_flight_per_transport()),
                seconds("report.limit", config.report_limit()),
                positive("max.recipients", config.max_recipients()),
                positive("max.alias.depth", config.max_alias_depth()),
                positive("bounce.header", config.bounce_header()));
    }

    /** When a mail is tried again after so many attempts: doubled each time, as RFC 5321 section 4.5.4.1 wants it patient. */
    Instant nextAttempt(Instant now, int attempts) {
        long wait = retryFirst.toMillis();
        for (int i = 1; i < attempts && wait < retryMax.toMillis(); i++) {
            wait *= 2;
        }
        return now.plusMillis(Math.min(wait, retryMax.toMillis()));
    }

    private static Duration seconds(String setting, int value) {
        return Duration.ofSeconds(positive(setting, value));
    }

    private static int positive(String setting, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "setting " + setting + " in org.mailrack.delivery.cfg must be greater than 0, not " + value);
        }
        return value;
    }
}
