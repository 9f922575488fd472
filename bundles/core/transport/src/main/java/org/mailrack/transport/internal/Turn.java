package org.mailrack.transport.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Runs a piece of work on a pool when asked to, never twice at a time, and waits in the pool's queue at most once. */
final class Turn {

    /** After so many rounds others get the thread. */
    private static final int ROUNDS = 32;

    private static final int RESTING = 0;
    private static final int RUNNING = 1;
    private static final int ASKED_AGAIN = 2;

    private final Executor pool;
    private final BooleanSupplier round;
    private final AtomicInteger state = new AtomicInteger(RESTING);

    /** The work returns whether there may be more to do at once; it throws nothing. */
    Turn(Executor pool, BooleanSupplier round) {
        this.pool = pool;
        this.round = round;
    }

    void request() {
        while (true) {
            int now = state.get();
            if (now == ASKED_AGAIN) {
                return;
            }
            if (state.compareAndSet(now, now + 1)) {
                if (now == RESTING) {
                    enqueue();
                }
                return;
            }
        }
    }

    private void enqueue() {
        try {
            pool.execute(this::run);
        } catch (RejectedExecutionException e) {
            // The transport has stopped, and all of its connections with it.
            state.set(RESTING);
        }
    }

    private void run() {
        boolean more = true;
        for (int i = 0; i < ROUNDS && more; i++) {
            state.set(RUNNING);
            more = round.getAsBoolean();
        }
        if (more || !state.compareAndSet(RUNNING, RESTING)) {
            enqueue();
        }
    }
}
