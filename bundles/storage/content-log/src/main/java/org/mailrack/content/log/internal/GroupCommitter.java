package org.mailrack.content.log.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.store.StoreException;

/**
 * One thread at a time writes for all: it takes everyone who waits, writes and forces once, gives the next thread its place, and
 * tells them, so that they hear of it without another change of threads. There is no timer for whom
 * somebody waits for: a lone committer is served at once, and while the disk is busy others gather by themselves. Only those that are
 * {@linkplain Append#patient() patient} wait for one that is not, for a while.
 */
final class GroupCommitter {

    private static final Logger log = LoggerFactory.getLogger(GroupCommitter.class);
    private static final int BATCH_RECORDS = 1000;
    private static final long BATCH_OCTETS = 16 << 20;

    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(20);

    private static final Append STOP = new Append(List.of(), null);

    /** Writes and forces a batch; throws when nothing of it is kept. */
    @FunctionalInterface
    interface Sink {
        void write(List<Append> batch);
    }

    /** Who is told may take his time, or commit again and wait for that. */
    private static final int THREADS = 3;

    private final Sink sink;
    private final BlockingQueue<Append> queue;
    private final List<Thread> threads = new ArrayList<>();
    private final Lock writing = new ReentrantLock();
    private final CountDownLatch written = new CountDownLatch(1);
    private boolean stopped;
    private volatile boolean killed;

    GroupCommitter(Sink sink, int maxWaiting) {
        this.sink = sink;
        this.queue = new LinkedBlockingQueue<>(maxWaiting);
        for (int i = 1; i <= THREADS; i++) {
            threads.add(daemon(this::run, "content-log-" + i));
        }
        threads.forEach(Thread::start);
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Queues it; in the order of the calls. */
    void submit(Append append) {
        StoreException refused = null;
        synchronized (this) {
            if (stopped) {
                refused = new StoreException(StoreException.Kind.UNAVAILABLE, "the content store is stopping");
            } else if (!queue.offer(append)) {
                refused = new StoreException(
                        StoreException.Kind.UNAVAILABLE, "too many commits wait for the disk (setting max.waiting)");
            }
        }
        if (refused != null) {
            append.fail(refused);
        }
    }

    /** Writes what is queued, and ends. */
    void stop() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
        }
        try {
            queue.put(STOP);
            written.await();
            join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void join() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        for (Thread thread : threads) {
            if (thread != Thread.currentThread()) {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, until - System.nanoTime()));
                if (thread.isAlive()) {
                    log.warn("content store stopped while some were still being told");
                }
            }
        }
    }

    /** Ends as a crash would: what is queued is neither written nor told. For tests. */
    void kill() {
        synchronized (this) {
            stopped = true;
            killed = true;
        }
        queue.clear();
        queue.add(STOP);
        try {
            written.await();
            threads.forEach(Thread::interrupt);
            join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (written.getCount() > 0) {
            Runnable tell = () -> {};
            writing.lock();
            try {
                if (written.getCount() > 0) {
                    tell = write();
                }
            } finally {
                writing.unlock();
            }
            if (!killed) {
                tell(tell);
            }
        }
    }

    /** Writes those who wait, or who come first; returns what is to be told. */
    private Runnable write() {
        List<Append> batch = new ArrayList<>();
        boolean last = false;
        try {
            last = gather(batch);
        } catch (InterruptedException e) {
            log.warn("content store writer interrupted; it goes on");
        }
        try {
            return batch.isEmpty() || killed ? () -> {} : serve(batch);
        } finally {
            if (last) {
                written.countDown();
            }
        }
    }

    private static void tell(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("who committed could not be told", e);
        }
    }

    /** Waits for somebody, and takes everyone who is there; says whether it was the last time. */
    private boolean gather(List<Append> batch) throws InterruptedException {
        long octets = 0;
        boolean urgent = false;
        Append next = queue.take();
        long until = System.nanoTime() + PATIENCE;
        while (next != null && next != STOP) {
            batch.add(next);
            octets += next.length();
            urgent |= !next.patient();
            if (batch.size() >= BATCH_RECORDS || octets >= BATCH_OCTETS) {
                return false;
            }
            next = urgent ? queue.poll() : queue.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        return next == STOP;
    }

    private Runnable serve(List<Append> batch) {
        try {
            sink.write(batch);
            return () -> batch.forEach(Append::complete);
        } catch (StoreException e) {
            return () -> batch.forEach(append -> append.fail(e));
        } catch (RuntimeException | Error e) {
            log.error("content store failed", e);
            StoreException failure =
                    new StoreException(StoreException.Kind.UNAVAILABLE, "the content store failed: " + e, e);
            return () -> batch.forEach(append -> append.fail(failure));
        }
    }
}
