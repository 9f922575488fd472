package org.mailrack.transport.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

import org.apache.mina.core.service.IoProcessor;
import org.apache.mina.core.service.SimpleIoProcessorPool;
import org.apache.mina.transport.socket.nio.NioSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.Registration;
import org.mailrack.api.net.TlsContext;

/** What all endpoints share: threads, the clock, the protocols that are there, and the certificate. */
final class Network implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Network.class);
    private static final long TICK_MILLIS = 200;

    private final Protocols protocols;
    private final TlsContext tls;
    private final ExecutorService io = Executors.newCachedThreadPool(threads("transport-io"));
    private final SimpleIoProcessorPool<NioSession> processors;
    private final ThreadPoolExecutor workers;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(threads("transport-clock"));
    private final List<LongConsumer> ticking = new CopyOnWriteArrayList<>();
    private final AtomicLong ids = new AtomicLong();
    private final LongAdder failures = new LongAdder();

    /**
     * Starts the threads.
     *
     * @param ioThreads threads that read and write sockets
     * @param workerThreads threads that run sessions; a connection waits in their queue at most once
     */
    Network(Protocols protocols, TlsContext tls, int ioThreads, int workerThreads) {
        this.protocols = protocols;
        this.tls = tls;
        processors = new SimpleIoProcessorPool<>(StayingProcessor.class, io, ioThreads, null);
        workers = new ThreadPoolExecutor(
                workerThreads,
                workerThreads,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                threads("transport-worker"));
        workers.allowCoreThreadTimeOut(true);
        clock.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static ThreadFactory threads(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + '-' + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private void tick() {
        long now = System.nanoTime();
        for (LongConsumer each : ticking) {
            try {
                each.accept(now);
            } catch (RuntimeException e) {
                // The clock must go on for all the others.
                log.error("timeouts not looked at error={}", e.toString(), e);
            }
        }
    }

    Registration everyTick(LongConsumer task) {
        ticking.add(task);
        return () -> ticking.remove(task);
    }

    /** Runs a task on a worker after a while. */
    void later(Duration delay, Runnable task) {
        clock.schedule(() -> workers.execute(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    Protocols protocols() {
        return protocols;
    }

    TlsContext tls() {
        return tls;
    }

    Executor io() {
        return io;
    }

    IoProcessor<NioSession> processors() {
        return processors;
    }

    Executor workers() {
        return workers;
    }

    String nextId(String endpoint) {
        return endpoint + '-' + Long.toString(ids.incrementAndGet(), 36);
    }

    void countFailure() {
        failures.increment();
    }

    /** How many sessions have thrown. */
    long failures() {
        return failures.sum();
    }

    /** Ends the threads; the endpoints have been stopped before. */
    @Override
    public void close() {
        clock.shutdownNow();
        processors.dispose();
        workers.shutdown();
        io.shutdown();
        try {
            if (!workers.awaitTermination(5, TimeUnit.SECONDS)) {
                log.warn("sessions still running at the end of the transport; interrupting them");
                workers.shutdownNow();
            }
            if (!io.awaitTermination(5, TimeUnit.SECONDS)) {
                io.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            workers.shutdownNow();
            io.shutdownNow();
        }
    }
}
