package org.mailrack.content.log.internal;

import java.util.concurrent.atomic.AtomicBoolean;

import org.mailrack.api.mail.Registration;

/** Keeps what is on disk as it is while somebody copies it. Between two steps a compaction asks whether it may go on. */
final class Holds {

    /** A change of what is on disk already. */
    @FunctionalInterface
    interface Step<E extends Exception> {
        void run() throws E;
    }

    private int held;

    /** Waits for the step under way; from then on there is none until the registration is closed. */
    synchronized Registration hold() {
        held++;
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                release();
            }
        };
    }

    private synchronized void release() {
        held--;
    }

    synchronized boolean held() {
        return held > 0;
    }

    /** Runs a step unless somebody holds; says whether it was run. */
    synchronized <E extends Exception> boolean step(Step<E> step) throws E {
        if (held == 0) {
            step.run();
        }
        return held == 0;
    }
}
