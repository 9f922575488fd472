package org.mailrack.filtering.internal;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads in which filters run. Their number needs no bound here: there are as many as mails in the filters, and those that a
 * filter keeps, which its slots bound.
 */
final class FilterThreads {

    private final AtomicInteger numbers = new AtomicInteger();
    private volatile ThreadPoolExecutor current = pool();
    private volatile boolean stopped;

    private ThreadPoolExecutor pool() {
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "filter-" + numbers.incrementAndGet());
            thread.setDaemon(true);
            thread.setPriority(Thread.NORM_PRIORITY);
            // Not that of whoever happens to need the thread first.
            thread.setContextClassLoader(FilterThreads.class.getClassLoader());
            return thread;
        });
    }

    /**
     * Runs a task in a thread.
     *
     * @throws RejectedExecutionException when stopped
     * @throws OutOfMemoryError when there is no thread to be had
     */
    void execute(Runnable task) {
        try {
            current.execute(task);
        } catch (RejectedExecutionException e) {
            // Renewed in this very moment.
            current.execute(task);
        }
    }

    /** Lets the threads end when they are idle: what a filter that is gone left in thread-locals goes with them. */
    synchronized void renew() {
        if (!stopped) {
            ThreadPoolExecutor old = current;
            current = pool();
            old.shutdown();
        }
    }

    synchronized void stop() {
        stopped = true;
        current.shutdownNow();
    }
}
