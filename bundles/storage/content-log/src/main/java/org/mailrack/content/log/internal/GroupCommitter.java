package org.mailrack.content.log.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.store.StoreException;

/**
 * One thread that writes for all: it takes everyone who waits, writes and forces once, and tells them. There is no timer for whom
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

    private final Sink sink;
    private final BlockingQueue<Append> queue;
    private final Thread thread;
    // Not the writer's thread: who is told may take his time, or commit again and wait for that.
    private final ExecutorService tellers;
    private boolean stopped;
    private volatile boolean killed;

    GroupCommitter(Sink sink, int maxWaiting) {
        this.sink = sink;
        this.queue = new LinkedBlockingQueue<>(maxWaiting);
        this.tellers = Executors.newFixedThreadPool(2, task -> daemon(task, "content-log-done"));
        this.thread = daemon(this::run, "content-log-writer");
        thread.start();
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

    Executor tellers() {
        return tellers;
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
            thread.join();
            tellers.shutdown();
            if (!tellers.awaitTermination(5, TimeUnit.SECONDS)) {
                log.warn("content store stopped while some were still being told");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tellers.shutdownNow();
    }

    private void run() {
        boolean last = false;
        while (!last) {
            List<Append> batch = new ArrayList<>();
            try {
                last = gather(batch);
            } catch (InterruptedException e) {
                log.warn("content store writer interrupted; it goes on");
            }
            if (!batch.isEmpty() && !killed) {
                serve(batch);
            }
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

    private void serve(List<Append> batch) {
        try {
            sink.write(batch);
            tell(() -> batch.forEach(Append::complete));
        } catch (StoreException e) {
            tell(() -> batch.forEach(append -> append.fail(e)));
        } catch (RuntimeException | Error e) {
            log.error("content store failed", e);
            StoreException failure =
                    new StoreException(StoreException.Kind.UNAVAILABLE, "the content store failed: " + e, e);
            tell(() -> batch.forEach(append -> append.fail(failure)));
        }
    }

    private void tell(Runnable task) {
        if (!killed) {
            tellers.execute(task);
        }
    }
}
