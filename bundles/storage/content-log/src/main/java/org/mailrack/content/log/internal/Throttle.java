package org.mailrack.content.log.internal;

import java.util.concurrent.TimeUnit;

/** Keeps background reading and writing to so many octets per second. Used by one thread. */
final class Throttle {

    /** Shorter pauses are saved up. */
    private static final long LEAST = TimeUnit.MILLISECONDS.toNanos(5);

    private final long rate;
    private long free = System.nanoTime();

    /** A rate of 0 is none. */
    Throttle(long rate) {
        this.rate = rate;
    }

    /** Waits until those octets may have been read or written; false when the thread was interrupted, which it stays. */
    boolean spend(long octets) {
        if (rate > 0) {
            long now = System.nanoTime();
            free = Math.max(free, now) + (long) (octets * (double) TimeUnit.SECONDS.toNanos(1) / rate);
            if (free - now > LEAST) {
                try {
                    TimeUnit.NANOSECONDS.sleep(free - now);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
        return !Thread.currentThread().isInterrupted();
    }
}
