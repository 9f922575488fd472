package org.mailrack.delivery.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.delivery.Delivery;
import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.spool.Spool;
import org.mailrack.api.spool.SpooledMail;
import org.mailrack.api.store.ContentStore;

/**
 * The loop that moves mail from the spool to transports. One thread takes, routes and settles; transports work on threads of
 * their own and report from any.
 */
final class Dispatcher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(30);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final Spool spool;
    private final ContentStore contents;
    private final Router router;
    private final Transports transports;
    private final Settlement settlement;
    private final InstantSource clock;
    private final Semaphore wake = new Semaphore(0);
    private final Set<Attempt> flying = ConcurrentHashMap.newKeySet();
    private final Queue<Attempt> landed = new ConcurrentLinkedQueue<>();
    /** Mails that wait for a transport that is absent, by its name; forgetting one costs no more than a later retry. */
    private final Map<String, Set<MailId>> strandedBy = new ConcurrentHashMap<>();

    private final Thread thread;
    private volatile DeliverySettings settings;
    /** No more is taken; what is under way is still settled. */
    private volatile boolean draining;

    private volatile boolean stopping;
    private Registration listening = () -> {};

    Dispatcher(
            Spool spool,
            ContentStore contents,
            Router router,
            Transports transports,
            Settlement settlement,
            DeliverySettings settings,
            InstantSource clock) {
        this.spool = spool;
        this.contents = contents;
        this.router = router;
        this.transports = transports;
        this.settlement = settlement;
        this.settings = settings;
        this.clock = clock;
        this.thread = new Thread(this::run, "mailrack-delivery");
    }

    void start() {
        listening = spool.listen(wake::release);
        transports.listen(this::arrived);
        thread.start();
    }

    void settings(DeliverySettings changed) {
        settings = changed;
        wake.release();
    }

    private void run() {
        while (!stopping || !landed.isEmpty()) {
            try {
                wake.drainPermits();
                settle();
                boolean more = !draining && takeAndSend();
                giveUpOverdue();
                if (!more && landed.isEmpty() && !stopping) {
                    wake.tryAcquire(sleep().toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                stopping = true;
            } catch (RuntimeException | LinkageError e) {
                log.warn("delivery interrupted, going on in a moment", e);
                pause();
            }
        }
    }

    private void pause() {
        try {
            if (!stopping) {
                wake.tryAcquire(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            stopping = true;
        }
    }

    private Duration sleep() {
        boolean room = !draining && flying.size() < settings.maxInFlight();
        Optional<Instant> due = room ? spool.nextDue() : Optional.empty();
        Duration until = due.map(d -> Duration.between(clock.instant(), d)).orElse(LONGEST_SLEEP);
        if (until.compareTo(LONGEST_SLEEP) > 0) {
            return LONGEST_SLEEP;
        }
        // Round up, or the loop would spin through the last millisecond.
        return until.isNegative() ? Duration.ZERO : until.plusMillis(1);
    }

    /** Takes what is due and gives it to the transports; tells whether there may be more. */
    private boolean takeAndSend() {
        DeliverySettings now = settings;
        int room = Math.min(now.batchSize(), now.maxInFlight() - flying.size());
        if (room <= 0) {
            return false;
        }
        List<SpooledMail> due = spool.take(room);
        Map<TransportGate, List<Delivery>> batches = new LinkedHashMap<>();
        for (SpooledMail mail : due) {
            begin(mail, now, batches);
        }
        batches.forEach(this::send);
        return !due.isEmpty();
    }

    private void begin(SpooledMail mail, DeliverySettings now, Map<TransportGate, List<Delivery>> batches) {
        Attempt attempt = new Attempt(mail, clock.instant(), router, now, this::landed);
        flying.add(attempt);
        if (attempt.size() == 0) {
            landed(attempt);
        }
        for (int i = 0; i < attempt.size(); i++) {
            Route route = attempt.leaf(i).route();
            Optional<String> transport = transportOf(route);
            if (transport.isEmpty()) {
                attempt.report(i, decide(attempt, route));
                continue;
            }
            Optional<TransportGate> gate = transports.find(transport.get());
            if (gate.isEmpty()) {
                stranded(transport.get(), mail.id());
                attempt.report(i, new Outcome.Deferred("4.3.5", "", "transport " + transport.get() + " is absent"));
            } else if (!gate.get().enter(now.maxPerTransport())) {
                attempt.report(i, Attempt.Congestion.OUTCOME);
            } else {
                batches.computeIfAbsent(gate.get(), g -> new ArrayList<>())
                        .add(new DeliveryTask(attempt, i, contents, gate.get()));
            }
        }
    }

    private static Optional<String> transportOf(Route route) {
        if (route instanceof Route.ToMailbox) {
            return Optional.of("mailbox");
        }
        if (route instanceof Route.ToRelay) {
            return Optional.of("relay");
        }
        return route instanceof Route.ToTransport other ? Optional.of(other.transport()) : Optional.empty();
    }

    /** Routes that need no transport. */
    private static Outcome decide(Attempt attempt, Route route) {
        if (route instanceof Route.Reject reject) {
            return new Outcome.Failed(reject.enhancedCode(), "", reject.text());
        }
        if (route instanceof Route.Defer defer) {
            return new Outcome.Deferred(defer.enhancedCode(), "", defer.text());
        }
        if (route instanceof Route.Hold hold) {
            attempt.hold(hold.reason());
            return new Outcome.Deferred("4.7.0", "", "held: " + hold.reason());
        }
        return new Outcome.Delivered("discarded: " + ((Route.Discard) route).reason());
    }

    private void send(TransportGate gate, List<Delivery> batch) {
        try {
            gate.transport().deliver(List.copyOf(batch));
        } catch (RuntimeException | LinkageError e) {
            log.warn("transport failed transport={} deliveries={}", gate.name(), batch.size(), e);
            batch.forEach(delivery ->
                    delivery.report(new Outcome.Deferred("4.3.0", "", "transport " + gate.name() + " failed")));
        }
    }

    private void landed(Attempt attempt) {
        landed.add(attempt);
        wake.release();
    }

    private void settle() {
        List<Attempt> done = new ArrayList<>();
        for (Attempt attempt = landed.poll(); attempt != null; attempt = landed.poll()) {
            done.add(attempt);
        }
        if (done.isEmpty()) {
            return;
        }
        CompletionStage<Void> durable;
        try {
            durable = settlement.settle(done, settings);
        } catch (RuntimeException e) {
            durable = CompletableFuture.failedFuture(e);
        }
        durable.whenComplete((recorded, failure) -> {
            if (failure == null) {
                done.forEach(flying::remove);
                return;
            }
            // The outcomes must not be lost: what was sent would be sent again.
            log.warn("settling failed, trying again mails={} reason={}", done.size(), failure.toString());
            CompletableFuture.delayedExecutor(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> done.forEach(this::landed));
        });
    }

    private void giveUpOverdue() {
        Instant limit = clock.instant().minus(settings.reportLimit());
        for (Attempt attempt : flying) {
            if (attempt.begun().isBefore(limit)) {
                attempt.giveUp(new Outcome.Deferred("4.3.0", "", "the transport did not report in time"));
            }
        }
    }

    private void stranded(String transport, MailId mail) {
        Set<MailId> waiting = strandedBy.computeIfAbsent(transport, t -> ConcurrentHashMap.newKeySet());
        if (waiting.size() < settings.maxInFlight()) {
            waiting.add(mail);
        }
    }

    /** Mail that waits for a transport goes at once when it comes. */
    private void arrived(String transport) {
        Set<MailId> waiting = strandedBy.remove(transport);
        if (waiting != null) {
            spool.retryNow(waiting);
        }
        wake.release();
    }

    /**
     * Takes no more mail and waits a bounded time for what is under way. What is still under way then is settled when it
     * reports; if the process ends before, the spool gives it out again.
     */
    @Override
    public void close() {
        listening.close();
        transports.listen(name -> {});
        long end = System.nanoTime() + CLOSE_LIMIT.toNanos();
        draining = true;
        try {
            while (!flying.isEmpty() && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(5);
                wake.release();
            }
            stopping = true;
            wake.release();
            thread.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
