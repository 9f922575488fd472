package org.mailrack.itests.rack;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition that another process brings about. */
public final class Await {

    private Await() {}

    /** Asks the condition again and again until it is true; fails with the description when the time is over. */
    public static void until(String description, Duration limit, Callable<Boolean> condition) {
        long end = System.nanoTime() + limit.toNanos();
        Exception last = null;
        do {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            LockSupport.parkNanos(20_000_000);
        } while (System.nanoTime() < end);
        throw new AssertionError("not within " + limit + ": " + description, last);
    }
}
