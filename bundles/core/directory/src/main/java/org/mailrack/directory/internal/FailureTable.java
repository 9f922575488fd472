package org.mailrack.directory.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Counts failures by key, and refuses a key for a time that doubles with each failure from the limit on. The table is bounded:
 * the key not seen for longest makes room. Thread-safe.
 */
final class FailureTable {

    /** Failures until the first refusal, its seconds, the seconds of the longest, seconds until failures are forgotten, keys. */
    record Limits(int failures, int delay, int delayMax, int window, int keys) {}

    private static final class Entry {
        private int failures;
        private long last;
        private long refusedFor;
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final LongSupplier nanoTime;
    private Limits limits;

    FailureTable(Limits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    synchronized void limits(Limits changed) {
        limits = changed;
        trim();
    }

    /** Whether the key is refused for now. */
    synchronized boolean refuses(String key) {
        Entry entry = entries.get(key);
        return entry != null && nanoTime.getAsLong() - entry.last < entry.refusedFor;
    }

    /** Counts a failure; returns for how many seconds the key is refused now. */
    synchronized long failed(String key) {
        long now = nanoTime.getAsLong();
        Entry entry = entries.computeIfAbsent(key, k -> new Entry());
        if (entry.failures > 0 && now - entry.last > TimeUnit.SECONDS.toNanos(limits.window)) {
            entry.failures = 0;
        }
        entry.failures++;
        entry.last = now;
        int over = entry.failures - limits.failures;
        long seconds = over < 0 ? 0 : Math.min(limits.delayMax, (long) limits.delay << Math.min(over, 30));
        entry.refusedFor = TimeUnit.SECONDS.toNanos(seconds);
        trim();
        return seconds;
    }

    /** Forgets the key. */
    synchronized void succeeded(String key) {
        entries.remove(key);
    }

    synchronized int size() {
        return entries.size();
    }

    private void trim() {
        var oldest = entries.keySet().iterator();
        for (int excess = entries.size() - limits.keys; excess > 0; excess--) {
            oldest.next();
            oldest.remove();
        }
    }
}
