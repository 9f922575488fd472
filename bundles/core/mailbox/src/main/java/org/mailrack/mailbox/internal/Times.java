package org.mailrack.mailbox.internal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Internal dates as views and stores keep them. */
final class Times {

    private Times() {}

    /** To the millisecond, so that every store gives back what it was given. */
    static Instant stored(Instant date) {
        return date.truncatedTo(ChronoUnit.MILLIS);
    }
}
