package org.mailrack.store.derby.internal;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.store.StoreException;
import org.mailrack.api.store.StoreException.Kind;

/** A bounded number of connections, the last used first. Made on demand, so that starting costs one. */
final class Pool {

    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);
    private static final Duration LAST_WAIT = Duration.ofSeconds(10);

    private final Opening opening;
    private final int size;
    private final Semaphore permits;
    private final Deque<Tx> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    Pool(Opening opening, int size) {
        this.opening = opening;
        this.size = size;
        this.permits = new Semaphore(size);
    }

    Tx take(Duration wait) throws SQLException {
        acquire(System.nanoTime() + wait.toNanos());
        boolean taken = false;
        try {
            if (closed) {
                throw new StoreException(Kind.UNAVAILABLE, "store is stopping");
            }
            Tx tx = idle.pollFirst();
            if (tx == null) {
                tx = new Tx(opening.connect(false));
            }
            taken = true;
            return tx;
        } finally {
            if (!taken) {
                permits.release();
            }
        }
    }

    private void acquire(long until) {
        while (true) {
            try {
                if (permits.tryAcquire(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    return;
                }
                throw new StoreException(Kind.UNAVAILABLE, closed ? "store is stopping" : "all connections are busy");
            } catch (InterruptedException e) {
                if (opening.interrupts()) {
                    LOG.debug("interrupt by the database engine is forgotten while waiting for a connection");
                } else {
                    Thread.currentThread().interrupt();
                    throw new StoreException(Kind.UNAVAILABLE, "interrupted while waiting for a connection", e);
                }
            }
        }
    }

    /** Gives a connection back; one that is not sound is thrown away. */
    void give(Tx tx, boolean sound) {
        if (sound && !closed) {
            idle.addFirst(tx);
        } else {
            discard(tx);
        }
        permits.release();
    }

    /** Throws away those that nobody uses: the database under them is gone. */
    void forgetIdle() {
        for (Tx tx = idle.pollFirst(); tx != null; tx = idle.pollFirst()) {
            discard(tx);
        }
    }

    /** Lets nobody in any more, and waits a bounded time for those who are. */
    void close() {
        closed = true;
        try {
            if (permits.tryAcquire(size, LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                // Those who still wait shall hear at once.
                permits.release(size);
            } else {
                LOG.warn("database closes under transactions that do not end waited={}", LAST_WAIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        forgetIdle();
    }

    private static void discard(Tx tx) {
        try {
            tx.rollback();
            tx.close();
        } catch (SQLException e) {
            LOG.debug("database connection was lost state={}", e.getSQLState());
        }
    }
}
