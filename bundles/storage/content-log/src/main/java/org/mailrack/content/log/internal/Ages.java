package org.mailrack.content.log.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.LongSupplier;

/**
 * Since when numbers that only grow have been there, told in bounded memory: of a number between two that were kept, the later
 * moment counts. Goes by the machine's own clock since the start of this process, which nobody sets. Thread-safe.
 */
final class Ages {

    private static final long GRAIN = Duration.ofSeconds(30).toNanos();
    private static final int MAX = 3000;

    private record Sample(long time, long number) {}

    private final LongSupplier nanoTime;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private Sample last;

    Ages(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Everything up to this number is there now. */
    synchronized void note(long number) {
        if (last != null && number <= last.number()) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (last != null
                && (samples.isEmpty() || last.time() - samples.peekLast().time() >= GRAIN)) {
            samples.addLast(last);
            if (samples.size() > MAX) {
                thin();
            }
        }
        last = new Sample(now, number);
    }

    private void thin() {
        boolean drop = false;
        for (Iterator<Sample> all = samples.iterator(); all.hasNext(); drop = !drop) {
            all.next();
            if (drop) {
                all.remove();
            }
        }
    }

    /** The greatest number that has been there for at least so long; -1 when none has. */
    synchronized long settled(Duration age) {
        long before = nanoTime.getAsLong() - age.toNanos();
        if (last != null && last.time() <= before) {
            return last.number();
        }
        for (Iterator<Sample> all = samples.descendingIterator(); all.hasNext(); ) {
            Sample sample = all.next();
            if (sample.time() <= before) {
                return sample.number();
            }
        }
        return -1;
    }
}
