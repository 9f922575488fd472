package org.mailrack.itests.crash;

import java.util.HashMap;
import java.util.Map;

/** How long clients were kept waiting, from one positive answer to the next. */
final class Pauses {

    private final Map<LoadClient, Long> last = new HashMap<>();
    private long longest;
    private String whose = "";
    private long since = System.nanoTime();

    synchronized void progress(LoadClient client) {
        long now = System.nanoTime();
        Long before = last.put(client, now);
        if (before != null && now - before > longest) {
            longest = now - before;
            whose = client.toString();
        }
    }

    /** Forgets what was before. */
    synchronized void reset() {
        longest = 0;
        whose = "";
        since = System.nanoTime();
    }

    /** Begins to wait anew: nothing has been given to anybody. */
    synchronized void mark() {
        since = System.nanoTime();
    }

    /** Whether everybody was given something since the mark. */
    synchronized boolean allServed() {
        return waiting().isEmpty();
    }

    synchronized String waiting() {
        StringBuilder names = new StringBuilder();
        last.forEach((client, at) -> {
            if (at < since) {
                names.append(client).append(' ');
            }
        });
        return names.toString();
    }

    synchronized long longestMillis() {
        return longest / 1_000_000;
    }

    synchronized String whose() {
        return whose;
    }
}
