package org.mailrack.transport.internal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets one line per ten seconds through, so that a client cannot fill the log. */
final class LogLimit {

    private static final long PERIOD = TimeUnit.SECONDS.toNanos(10);

    private final AtomicLong next = new AtomicLong(System.nanoTime());

    boolean mayLog() {
        long now = System.nanoTime();
        long due = next.get();
        return now - due >= 0 && next.compareAndSet(due, now + PERIOD);
    }
}
