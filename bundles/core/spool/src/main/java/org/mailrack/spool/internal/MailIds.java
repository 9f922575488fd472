package org.mailrack.spool.internal;

import java.security.SecureRandom;
import java.util.function.LongSupplier;

import org.mailrack.api.mail.MailId;

/**
 * Makes ids of 16 characters in base 32: 9 for the time in milliseconds, 3 for a counter, 4 that are random per start. They sort
 * by time, never fall within one run, and do not meet those of an earlier run even if the clock was set back.
 */
final class MailIds {

    /** In ASCII order, without letters that look like digits. */
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

    private static final int COUNTER_BITS = 15;

    private final LongSupplier clock;
    private final String run = digits(new SecureRandom().nextLong() & (1L << 20) - 1, 4);
    private long last;

    MailIds(LongSupplier clock) {
        this.clock = clock;
    }

    synchronized MailId next() {
        // When a millisecond's counter is used up, the next one is borrowed from.
        last = Math.max(last + 1, clock.getAsLong() << COUNTER_BITS);
        return new MailId(digits(last, 12) + run);
    }

    private static String digits(long value, int count) {
        char[] digits = new char[count];
        for (int i = count - 1; i >= 0; i--) {
            digits[i] = DIGITS.charAt((int) (value & 31));
            value >>>= 5;
        }
        return new String(digits);
    }
}
