package org.mailrack.filtering.internal;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The way of one mail through the filters of a line. All of them are asked by one thread of the filters, while the client's own
 * waits and watches the time: one change of threads for a mail, and another for each filter that is late. Filters that are prompt
 * are asked by the client's own thread, and {@link Threads#look} watches.
 */
final class Pass {

    /**
     * Nanoseconds that the caller looks before it sleeps, if the filters are usually done by then: about as long as it would take to
     * wake it. With one processor it would look in vain.
     */
    private static final long SPIN = Runtime.getRuntime().availableProcessors() > 1 ? 25_000 : 0;

    /** How much a pass changes what is usual: one part in so many. */
    private static final int USUAL_PARTS = 8;

    private static final long SHORTEST_SLEEP = TimeUnit.MILLISECONDS.toNanos(1);

    /** What passes run in, and tell their findings to. */
    static final class Threads {

        private final FilterThreads filters;
        private final Set<Leg> inline = ConcurrentHashMap.newKeySet();
        private volatile long promptLimit;
        /** Nanoseconds that filters take for a mail, as of late. */
        private volatile long usual;

        private volatile Runnable notPrompt = () -> {};

        Threads(FilterThreads filters) {
            this.filters = filters;
        }

        /** Says how long a prompt call may take, and what is to be done when a filter was not. */
        void prompt(int millis, Runnable otherwise) {
            promptLimit = TimeUnit.MILLISECONDS.toNanos(millis);
            notPrompt = otherwise;
        }

        /** Called now and then: looks at the calls that nobody else watches. */
        void look() {
            inline.forEach(leg -> leg.look(promptLimit));
        }
    }

    private final Threads threads;
    private final List<Entry> entries;
    private final Work work;
    private final Thread caller = Thread.currentThread();
    private volatile boolean done;
    private volatile boolean abandoned;

    private Pass(Threads threads, List<Entry> entries, Work work) {
        this.threads = threads;
        this.entries = entries;
        this.work = work;
    }

    /** Takes a mail through a line; returns when it is through, or nobody needs to be asked any more. */
    static void through(Line line, Work work, Threads threads) {
        if (!line.entries().isEmpty()) {
            Pass pass = new Pass(threads, line.entries(), work);
            if (line.prompt()) {
                pass.inline();
            } else {
                pass.apart();
            }
        }
    }

    private void inline() {
        Leg leg = new Leg(this, 0, true);
        threads.inline.add(leg);
        try {
            leg.run();
        } finally {
            threads.inline.remove(leg);
        }
    }

    private void apart() {
        Leg leg = begin(0);
        if (threads.usual < SPIN) {
            long end = System.nanoTime() + SPIN;
            while (!done && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }
        while (!done) {
            if (Thread.interrupted()) {
                abandon(leg);
                return;
            }
            int late = leg.takeOver(0);
            if (late >= 0) {
                if (!work.failed(entries.get(late), Leg.late()) || late + 1 == entries.size()) {
                    return;
                }
                leg = begin(late + 1);
            } else {
                LockSupport.parkNanos(this, Math.max(SHORTEST_SLEEP, leg.left()));
            }
        }
    }

    private Leg begin(int step) {
        Leg leg = new Leg(this, step, false);
        try {
            threads.filters.execute(leg);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            work.broken("no thread to be had: " + e.getClass().getName());
            done = true;
        }
        return leg;
    }

    private void abandon(Leg leg) {
        abandoned = true;
        leg.abandon();
        work.broken("interrupted");
        Thread.currentThread().interrupt();
    }

    List<Entry> entries() {
        return entries;
    }

    Work work() {
        return work;
    }

    boolean abandoned() {
        return abandoned;
    }

    long promptLimit() {
        return threads.promptLimit;
    }

    void notPrompt(FilterCard card, String how) {
        if (card.disprove(how)) {
            threads.notPrompt.run();
        }
    }

    /** The last filter has been asked; the thread that asked was in them for so many nanoseconds. */
    void done(long took) {
        // Two at the same time may lose one: it is an estimate.
        threads.usual += (took - threads.usual) / USUAL_PARTS;
        done = true;
        LockSupport.unpark(caller);
    }
}
