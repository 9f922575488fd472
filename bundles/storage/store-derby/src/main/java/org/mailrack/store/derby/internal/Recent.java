package org.mailrack.store.derby.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers for a while what was said, a bounded number of things. */
final class Recent {

    private final long nanos;
    private final Map<String, Long> said;

    Recent(Duration time, int most) {
        nanos = time.toNanos();
        said = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                return size() > most;
            }
        };
    }

    /** Whether it was not said for that time; from now on it was. */
    synchronized boolean isNew(String what) {
        long now = System.nanoTime();
        Long before = said.get(what);
        if (before != null && now - before < nanos) {
            return false;
        }
        said.remove(what);
        said.put(what, now);
        return true;
    }
}
