package org.mailrack.transport.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Runs a piece of work when asked to, never twice at a time: on a pool, in whose queue it waits at most once, or in the thread
 * that asks when the work says that it will not take long.
 */
final class Turn {

    /** After so many rounds others get the thread. */
    private static final int ROUNDS = 32;

    private static final int RESTING = 0;
    private static final int RUNNING = 1;
    private static final int ASKED_AGAIN = 2;

    private final Executor pool;
    private final BooleanSupplier round;
    private final BooleanSupplier prompt;
    private final AtomicInteger state = new AtomicInteger(RESTING);

    /** The work returns whether there may be more to do at once; it throws nothing. */
    Turn(Executor pool, BooleanSupplier round) {
        this(pool, round, () -> false);
    }

    /** @param prompt whether the work will not take long now; asked in the turn, throws nothing */
    Turn(Executor pool, BooleanSupplier round, BooleanSupplier prompt) {
        this.pool = pool;
        this.round = round;
        this.prompt = prompt;
    }

    /** Has the work run on the pool. */
    void request() {
        request(false);
    }

    /** Has the work run here if it will not take long, on the pool otherwise. */
    void requestHere() {
        request(true);
    }

    private void request(boolean here) {
        while (true) {
            int now = state.get();
            if (now == ASKED_AGAIN) {
                return;
            }
            if (state.compareAndSet(now, now + 1)) {
                if (now == RESTING && here && prompt.getAsBoolean()) {
                    run();
                } else if (now == RESTING) {
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
        for (int i = 0; i < ROUNDS; i++) {
            state.set(RUNNING);
            if (!round.getAsBoolean() && state.compareAndSet(RUNNING, RESTING)) {
                return;
            }
        }
        enqueue();
    }
}
