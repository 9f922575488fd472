package org.mailrack.filtering.internal;

/**
 * How many calls of one filter run. A call that is over its time limit keeps its slot until it really ends; when all slots are
 * taken by such, the filter hangs, and nobody waits for it any more.
 */
final class CallSlots {

    private int running;
    private int overdue;

    /** Takes a slot; false when there is none within the time, or all calls that run are overdue. */
    synchronized boolean take(int slots, long nanos) throws InterruptedException {
        if (takeNow(slots)) {
            return true;
        }
        long end = System.nanoTime() + nanos;
        while (running >= slots) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0 || overdue >= slots) {
                return false;
            }
            wait(left);
        }
        running++;
        return true;
    }

    /** Takes a slot if there is one. */
    synchronized boolean takeNow(int slots) {
        if (running >= slots) {
            return false;
        }
        running++;
        return true;
    }

    /** A call is over its time limit and still runs. */
    synchronized void overdue() {
        overdue++;
        notifyAll();
    }

    /** A call has ended. */
    synchronized void ended(boolean wasOverdue) {
        running--;
        overdue -= wasOverdue ? 1 : 0;
        notifyAll();
    }

    /** Calls that are over their time limit and still run. */
    synchronized int hanging() {
        return overdue;
    }
}
