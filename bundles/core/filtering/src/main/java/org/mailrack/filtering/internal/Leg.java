package org.mailrack.filtering.internal;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.mailrack.api.filter.Verdict;

/**
 * The part of a pass that one thread makes: it asks one filter after the other, until a call is over its time limit. Then whoever
 * watches takes the pass over, and the thread is left to the filter that keeps it.
 */
final class Leg implements Runnable {

    /** States of the call under way; the number of the step stands above. */
    private static final int BETWEEN = 0;

    private static final int CALLING = 1;
    private static final int TAKING = 2;
    private static final int TAKEN = 3;
    private static final int STEP_SHIFT = 2;
    private static final int STATE_MASK = 3;

    private static final FilterFailure LATE = new FilterFailure(FilterFailure.Kind.ITS_OWN, "over its time limit");
    private static final FilterFailure NO_VERDICT = new FilterFailure(FilterFailure.Kind.ITS_OWN, "gave no verdict");
    private static final FilterFailure NO_MEMORY = new FilterFailure(FilterFailure.Kind.ITS_OWN, "left no memory");

    private final Pass pass;
    private final Work work;
    private final List<Entry> entries;
    private final int first;
    private final boolean inline;
    private final AtomicInteger state = new AtomicInteger();

    private Thread thread;
    private volatile long deadline = System.nanoTime();

    // Of the call under way; written before the state says that there is one.
    private FilterCard card;
    private Breaker.Permit permit;
    private CallSlots slots;
    private Tally tally;
    private Inquiry inquiry;
    private long started;

    Leg(Pass pass, int first, boolean inline) {
        this.pass = pass;
        this.work = pass.work();
        this.entries = pass.entries();
        this.first = first;
        this.inline = inline;
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        long began = System.nanoTime();
        boolean left = false;
        try {
            int step = first;
            while (step < entries.size() && !pass.abandoned() && step(step)) {
                step++;
            }
            left = !inline && state.get() != BETWEEN;
        } catch (Throwable t) {
            // Of the filters' errors none comes here: it is ours, or there is no memory left.
            work.broken(t.getClass().getName());
        } finally {
            if (!left) {
                pass.done(System.nanoTime() - began);
            }
        }
    }

    /** Asks a filter; whether this thread goes on to the next. */
    private boolean step(int step) {
        Entry entry = entries.get(step);
        if (!work.concerns(entry)) {
            return true;
        }
        card = entry.card();
        permit = card.breaker().enter();
        tally = card.tally();
        if (permit == Breaker.Permit.NO_CALL) {
            tally.notCalled();
            return work.failed(entry, new FilterFailure(FilterFailure.Kind.OUT, "is out"));
        }
        slots = card.slots();
        try {
            long limit = TimeUnit.MILLISECONDS.toNanos(work.timeLimit(entry));
            FilterFailure noSlot = takeSlot(limit);
            return noSlot == null ? call(step, entry, limit) : notCalled(entry, noSlot);
        } catch (RuntimeException | Error e) {
            // Not the filter's, whose own were caught: a trial is nobody's any more.
            card.breaker().neither(permit);
            throw e;
        }
    }

    private FilterFailure takeSlot(long limit) {
        deadline = System.nanoTime() + limit;
        try {
            if (slots.take(card.limits().calls(), limit)) {
                return null;
            }
            return slots.hanging() >= card.limits().calls()
                    ? new FilterFailure(FilterFailure.Kind.ITS_OWN, "all calls hang")
                    : new FilterFailure(FilterFailure.Kind.BUSY, "too many calls are running");
        } catch (InterruptedException e) {
            if (inline) {
                thread.interrupt();
            }
            return new FilterFailure(FilterFailure.Kind.BUSY, "interrupted");
        }
    }

    private boolean notCalled(Entry entry, FilterFailure failure) {
        tally.notCalled();
        if (failure.kind() == FilterFailure.Kind.ITS_OWN) {
            card.breaker().failed(permit, failure.getMessage());
        } else {
            card.breaker().neither(permit);
        }
        return work.failed(entry, failure);
    }

    private boolean call(int step, Entry entry, long limit) {
        try {
            inquiry = work.inquiry(entry);
        } catch (RuntimeException | Error e) {
            slots.ended(false);
            throw e;
        }
        boolean interrupted = inline && thread.isInterrupted();
        ClassLoader loader = thread.getContextClassLoader();
        int priority = thread.getPriority();
        String name = thread.getName();
        Verdict verdict = null;
        FilterFailure failure = null;
        started = System.nanoTime();
        deadline = started + limit;
        state.set(step << STEP_SHIFT | CALLING);
        try {
            thread.setContextClassLoader(entry.filter().getClass().getClassLoader());
            verdict = inquiry.ask();
            failure = verdict == null ? NO_VERDICT : null;
        } catch (Throwable t) {
            // Whatever it is, LinkageError and the like included: it is the filter's.
            failure = threw(t);
        }
        long took = System.nanoTime() - started;
        boolean late = !state.compareAndSet(step << STEP_SHIFT | CALLING, BETWEEN);
        restore(loader, priority, name);
        if (late) {
            return comesLate(entry);
        }
        if (!interrupted) {
            // Left by the filter, or the pool's, which is then told at the next wait.
            Thread.interrupted();
        }
        slots.ended(false);
        inquiry.over();
        if (inline && took > pass.promptLimit()) {
            pass.notPrompt(card, "a call took " + TimeUnit.NANOSECONDS.toMillis(took) + " ms");
        }
        return judged(entry, verdict, failure, took);
    }

    private static FilterFailure threw(Throwable thrown) {
        try {
            return thrown instanceof OutOfMemoryError ? NO_MEMORY : FilterFailure.threw(thrown);
        } catch (OutOfMemoryError e) {
            return NO_MEMORY;
        }
    }

    private boolean judged(Entry entry, Verdict verdict, FilterFailure thrown, long took) {
        FilterFailure failure = thrown;
        boolean goOn = false;
        if (failure == null) {
            try {
                goOn = work.take(entry, verdict);
            } catch (FilterFailure e) {
                failure = e;
            }
        }
        if (failure == null) {
            tally.called(Tally.Word.of(verdict), took);
            card.breaker().good(permit);
            return goOn;
        }
        tally.called(Tally.Word.FAILURE, took);
        card.breaker().failed(permit, failure.getMessage());
        return work.failed(entry, failure);
    }

    /** Somebody has taken over, and is about to interrupt this thread or has done so. */
    private boolean comesLate(Entry entry) {
        while ((state.get() & STATE_MASK) != TAKEN) {
            Thread.onSpinWait();
        }
        Thread.interrupted();
        slots.ended(true);
        if (!inline) {
            return false;
        }
        state.set(BETWEEN);
        return work.failed(entry, LATE);
    }

    /** What the filter changed in the thread. */
    private void restore(ClassLoader loader, int priority, String name) {
        thread.setContextClassLoader(loader);
        if (thread.getPriority() != priority) {
            thread.setPriority(priority);
        }
        if (!thread.getName().equals(name)) {
            thread.setName(name);
        }
    }

    /** Nanoseconds until the call under way is over its time limit; some when there is none. */
    long left() {
        return deadline - System.nanoTime();
    }

    /**
     * Takes the pass over from a call that is over its time limit: its thread is interrupted and left to the filter.
     *
     * @param after how long over it must be, in nanoseconds; less than 0 is before
     * @return the number of the step, or -1 when there is no such call
     */
    int takeOver(long after) {
        int seen = state.get();
        if ((seen & STATE_MASK) != CALLING
                || deadline + after - System.nanoTime() > 0
                || !state.compareAndSet(seen, seen & ~STATE_MASK | TAKING)) {
            return -1;
        }
        slots.overdue();
        inquiry.over();
        tally.called(Tally.Word.FAILURE, System.nanoTime() - started);
        card.breaker().failed(permit, LATE.getMessage());
        thread.interrupt();
        state.set(seen & ~STATE_MASK | TAKEN);
        return seen >> STEP_SHIFT;
    }

    /** The same because nobody waits for the verdict any more; the filter is not to blame. */
    void abandon() {
        int seen = state.get();
        if ((seen & STATE_MASK) == CALLING && state.compareAndSet(seen, seen & ~STATE_MASK | TAKING)) {
            slots.overdue();
            inquiry.over();
            card.breaker().neither(permit);
            thread.interrupt();
            state.set(seen & ~STATE_MASK | TAKEN);
        }
    }

    /** Notes a call in the thread of the client that takes too long for one that is prompt. */
    void look(long promptLimit) {
        int seen = state.get();
        FilterCard called = card;
        if ((seen & STATE_MASK) == CALLING && System.nanoTime() - started > promptLimit && state.get() == seen) {
            pass.notPrompt(called, "a call does not end");
        }
        takeOver(0);
    }

    static FilterFailure late() {
        return LATE;
    }
}
