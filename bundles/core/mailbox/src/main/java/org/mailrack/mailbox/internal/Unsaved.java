package org.mailrack.mailbox.internal;

import java.util.concurrent.TimeUnit;

/** How much of a live mailbox is not in its snapshot. Thread-safe. */
final class Unsaved {

    private long changes;
    private long savedAt;
    private boolean everSaved;
    private boolean queued;

    /** So many messages have changed. */
    synchronized void add(long count) {
        changes += count;
    }

    /**
     * Whether a snapshot is due.
     *
     * @param many changes that are worth one
     * @param seconds that must have passed since the last one
     */
    synchronized boolean due(long many, int seconds) {
        return changes >= many && (!everSaved || System.nanoTime() - savedAt >= TimeUnit.SECONDS.toNanos(seconds));
    }

    /** A snapshot is to be written; false when one is already. */
    synchronized boolean queue() {
        boolean first = !queued;
        queued = true;
        return first;
    }

    /** A snapshot of all that is there now begins; returns how many changes it takes in. */
    synchronized long begin() {
        long taken = changes;
        changes = 0;
        savedAt = System.nanoTime();
        everSaved = true;
        queued = false;
        return taken;
    }

    /** That snapshot was not written. */
    synchronized void failed(long taken) {
        changes += taken;
    }

    /** It cannot be written now. */
    synchronized void unqueue() {
        queued = false;
    }
}
