package org.mailrack.filtering.internal;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who is asked at a stage, as it is from one change to the next; a mail goes through the line that it entered. Who is inside is
 * counted, so that a filter's bundle can be stopped when nobody is any more.
 */
final class Line {

    private final Stage stage;
    private final List<Entry> entries;
    private final List<FilterCard> missing;
    private final boolean prompt;
    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean retired;

    Line(Stage stage, List<Entry> entries, List<FilterCard> missing) {
        this.stage = stage;
        this.entries = List.copyOf(entries);
        this.missing = List.copyOf(missing);
        this.prompt = entries.stream().allMatch(Entry::prompt);
    }

    Stage stage() {
        return stage;
    }

    List<Entry> entries() {
        return entries;
    }

    /** Required filters that should be among them. */
    List<FilterCard> missing() {
        return missing;
    }

    /** Whether all of them may be called in the thread of the client. */
    boolean prompt() {
        return prompt;
    }

    /** Comes in; false when the line is not the current one any more. */
    boolean enter() {
        inside.incrementAndGet();
        if (retired) {
            exit();
            return false;
        }
        return true;
    }

    void exit() {
        if (inside.decrementAndGet() == 0 && retired) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** Lets nobody in any more. */
    void retire() {
        retired = true;
    }

    boolean empty() {
        return inside.get() == 0;
    }

    /** Waits until nobody is inside, or the time (of {@link System#nanoTime}) has come. */
    synchronized void awaitEmpty(long end) throws InterruptedException {
        while (!empty()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return;
            }
            wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        }
    }
}
