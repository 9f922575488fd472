package org.mailrack.filtering.internal;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.mailrack.api.filter.Verdict;

/** One call of a filter on a thread of its own, which may fail or hang without harm to the caller. */
final class FilterCall {

    /** A filter gave no verdict; the message says why, for the log. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        Failure(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private enum State {
        RUNNING,
        OVERDUE,
        ENDED
    }

    private final CallSlots slots;
    private State state = State.RUNNING;

    private FilterCall(CallSlots slots) {
        this.slots = slots;
    }

    /** Calls a filter within the limits. */
    static Verdict run(ExecutorService threads, CallSlots slots, int calls, int millis, Callable<Verdict> filter)
            throws Failure {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            if (!slots.take(calls, TimeUnit.MILLISECONDS.toNanos(millis))) {
                throw new Failure("too many calls are running or hanging", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted", e);
        }
        return new FilterCall(slots).run(threads, end, filter);
    }

    private Verdict run(ExecutorService threads, long end, Callable<Verdict> filter) throws Failure {
        FutureTask<Verdict> task = new FutureTask<>(filter);
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } finally {
                    ended();
                }
            });
        } catch (RuntimeException | OutOfMemoryError e) {
            // No thread to be had, or the chain is being stopped.
            ended();
            throw new Failure("cannot be started", e);
        }
        try {
            Verdict verdict = task.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (verdict == null) {
                throw new Failure("gave no verdict", null);
            }
            return verdict;
        } catch (ExecutionException e) {
            throw new Failure("threw " + oneLine(e.getCause().toString()), e.getCause());
        } catch (TimeoutException e) {
            overdue();
            task.cancel(true);
            throw new Failure("over its time limit", null);
        } catch (InterruptedException e) {
            overdue();
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new Failure("interrupted", e);
        }
    }

    /** What a filter throws may quote the mail: it shall not write log lines of its own. */
    private static String oneLine(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() > 200 ? line.substring(0, 200) : line;
    }

    private synchronized void overdue() {
        if (state == State.RUNNING) {
            state = State.OVERDUE;
            slots.overdue();
        }
    }

    private synchronized void ended() {
        slots.ended(state == State.OVERDUE);
        state = State.ENDED;
    }
}
