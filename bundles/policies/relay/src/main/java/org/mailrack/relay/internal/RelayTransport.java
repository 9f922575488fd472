package org.mailrack.relay.internal;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.delivery.Delivery;
import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.delivery.Transport;

/** Takes deliveries for other servers and sends them on a bounded number of threads. */
final class RelayTransport implements Transport, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RelayTransport.class);
    private static final long GRACE_SECONDS = 5;

    private final RelaySettings settings;
    private final JobQueue queue;
    private final Deadlines deadlines;
    private final Sending sending;
    private final ThreadPoolExecutor threads;

    RelayTransport(RelaySettings settings, Supplier<String> ourName) {
        this.settings = settings;
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(threads("relay-clock"));
        deadlines = new Deadlines(clock);
        Hosts hosts = new Hosts(settings.resolver(), settings.port());
        sending = new Sending(settings, hosts, deadlines, new ClientTls()::factory, ourName);
        threads = new ThreadPoolExecutor(
                settings.maxConversations(),
                settings.maxConversations(),
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                threads("relay"));
        threads.allowCoreThreadTimeOut(true);
        queue = new JobQueue(settings.maxPerDestination(), settings.maxQueued(), () -> threads.execute(this::work));
    }

    private static ThreadFactory threads(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + '-' + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void deliver(List<Delivery> batch) {
        for (Job job : Job.of(batch, settings.maxRecipients())) {
            if (!queue.offer(job)) {
                job.report(new Outcome.Deferred("4.3.1", "", "relay has no room for more (setting max.queued)"));
            }
        }
    }

    private void work() {
        Job job = queue.take();
        if (job == null) {
            return;
        }
        try {
            sending.run(job);
        } catch (RuntimeException e) {
            log.error("relay failed mail={} destination={}", job.mail().id(), job.destination(), e);
        } finally {
            queue.done(job);
        }
    }

    /** Gives back what waits, lets conversations end for a short time, and cuts the rest. */
    @Override
    public void close() {
        queue.close().forEach(job -> job.report(new Outcome.Deferred("4.3.2", "", "the relay stops")));
        threads.shutdown();
        try {
            if (!threads.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
                deadlines.expireAll();
                threads.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        deadlines.close();
    }
}
