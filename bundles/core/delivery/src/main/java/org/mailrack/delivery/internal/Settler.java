package org.mailrack.delivery.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.spool.Spool;
import org.mailrack.api.spool.SpooledMail;

/**
 * Records the ends of attempts in the spool, those that end at the same time together. Only when that is durable may the mailbox
 * store forget the delivery keys: until then they keep a mail from being delivered twice after a crash.
 */
final class Settler {

    private static final Logger log = LoggerFactory.getLogger(Settler.class);

    /**
     * The end of an attempt.
     *
     * @param mail its new state
     * @param keys of deliveries that will not be tried again
     * @param repeatable whether all that would happen if this were lost is that deliveries are tried again and found done
     * @param after what happens when it is durable, or the mail is no longer ours
     */
    record End(SpooledMail mail, List<String> keys, boolean repeatable, Runnable after) {}

    private final Spool spool;
    private final Consumer<Collection<String>> forget;
    private final ScheduledExecutorService timer;
    private List<End> waiting = new ArrayList<>();
    private boolean busy;
    /** Whether the journal failed the last time: said once when it begins and once when it ends. */
    private final AtomicBoolean failing = new AtomicBoolean();

    Settler(Spool spool, Consumer<Collection<String>> forget, ScheduledExecutorService timer) {
        this.spool = spool;
        this.forget = forget;
        this.timer = timer;
    }

    void settle(End end) {
        synchronized (this) {
            waiting.add(end);
        }
        next();
    }

    private void next() {
        List<End> batch;
        synchronized (this) {
            if (busy || waiting.isEmpty()) {
                return;
            }
            busy = true;
            batch = waiting;
            waiting = new ArrayList<>();
        }
        try {
            List<SpooledMail> mails = batch.stream().map(End::mail).toList();
            CompletionStage<Void> written =
                    batch.stream().allMatch(End::repeatable) ? spool.settleSoon(mails) : spool.settle(mails);
            written.whenComplete((nothing, failure) -> ended(batch, failure));
        } catch (IllegalArgumentException e) {
            if (batch.size() > 1) {
                oneByOne(batch);
            } else {
                log.warn(
                        "mail not settled mail={} reason=\"{}\"",
                        batch.get(0).mail().id(),
                        e.getMessage());
                batch.get(0).after().run();
                free();
            }
        } catch (RuntimeException e) {
            ended(batch, e);
        }
    }

    private void oneByOne(List<End> batch) {
        for (End end : batch) {
            try {
                spool.settle(List.of(end.mail())).whenComplete((nothing, failure) -> {
                    if (failure == null) {
                        done(List.of(end));
                    } else {
                        later(List.of(end), failure);
                    }
                });
            } catch (RuntimeException e) {
                log.warn("mail not settled mail={} reason=\"{}\"", end.mail().id(), e.getMessage());
                end.after().run();
            }
        }
        free();
    }

    private void ended(List<End> batch, Throwable failure) {
        if (failure == null) {
            done(batch);
            free();
        } else {
            later(batch, failure);
        }
    }

    private void done(List<End> batch) {
        if (failing.compareAndSet(true, false)) {
            log.info("queue is written again");
        }
        List<String> keys = batch.stream().flatMap(end -> end.keys().stream()).collect(Collectors.toList());
        if (!keys.isEmpty()) {
            try {
                forget.accept(keys);
            } catch (RuntimeException e) {
                // They stay, and do no harm.
                log.warn("delivery keys not forgotten keys={} reason=\"{}\"", keys.size(), e.getMessage());
            }
        }
        batch.forEach(end -> end.after().run());
    }

    /** The journal failed. The leases are still ours, so that nothing is delivered twice; it is tried again. */
    private void later(List<End> batch, Throwable failure) {
        if (failing.compareAndSet(false, true)) {
            log.warn(
                    "queue not written, tried each second until it can be mails={} reason=\"{}\"",
                    batch.size(),
                    failure.getMessage());
        }
        synchronized (this) {
            waiting.addAll(0, batch);
        }
        try {
            timer.schedule(this::free, 1, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            log.warn("queue not written before the stop; its mail is looked at again after the start");
        }
    }

    private void free() {
        synchronized (this) {
            busy = false;
        }
        next();
    }
}
