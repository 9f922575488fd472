package org.mailrack.delivery.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.delivery.DeliveryPolicy;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.SpooledMail;

/**
 * The policies in their order. One that throws defers the mail; one that hangs is asked no more for a while, and after the third
 * time not until it is registered anew, and its mail waits: a policy may be what keeps mail from going where it must not.
 */
final class Policies {

    private static final Logger log = LoggerFactory.getLogger(Policies.class);
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(60);
    private static final int STRIKES = 3;

    private static final class Entry {
        final Comparable<Object> order;
        final DeliveryPolicy policy;
        int strikes;
        long pausedAt;

        Entry(Comparable<Object> order, DeliveryPolicy policy) {
            this.order = order;
            this.policy = policy;
        }

        synchronized boolean paused() {
            return strikes >= STRIKES || strikes > 0 && System.nanoTime() - pausedAt < PAUSE;
        }

        synchronized int strike() {
            pausedAt = System.nanoTime();
            return ++strikes;
        }
    }

    private final Duration timeout;
    private final ExecutorService callers = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "delivery-policy");
        thread.setDaemon(true);
        return thread;
    });
    private volatile List<Entry> entries = List.of();

    Policies(Duration timeout) {
        this.timeout = timeout;
    }

    /** Adds a policy; the greater order, such as a service reference, is asked first. */
    @SuppressWarnings("unchecked")
    synchronized void add(Comparable<?> order, DeliveryPolicy policy) {
        List<Entry> changed = new ArrayList<>(entries);
        changed.add(new Entry((Comparable<Object>) order, policy));
        changed.sort(Comparator.comparing((Entry entry) -> entry.order).reversed());
        entries = List.copyOf(changed);
    }

    synchronized void remove(DeliveryPolicy policy) {
        entries = entries.stream().filter(entry -> entry.policy != policy).toList();
    }

    /**
     * The first policy's answer.
     *
     * @param expand whether an answer that expands counts
     */
    Route route(SpooledMail mail, Recipient recipient, boolean expand) {
        for (Entry entry : entries) {
            Optional<Route> route = ask(entry, mail, recipient);
            if (route.isPresent() && (expand || !(route.get() instanceof Route.Expand))) {
                return route.get();
            }
        }
        return new Route.Defer("4.3.2", "no delivery policy knows what to do");
    }

    void close() {
        callers.shutdownNow();
    }

    private Optional<Route> ask(Entry entry, SpooledMail mail, Recipient recipient) {
        String name = entry.policy.getClass().getName();
        if (entry.paused()) {
            return Optional.of(new Route.Defer("4.3.0", "a delivery policy does not answer"));
        }
        try {
            if (entry.policy instanceof BuiltIn) {
                return entry.policy.route(mail, recipient);
            }
            Future<Optional<Route>> answer = callers.submit(() -> entry.policy.route(mail, recipient));
            try {
                Optional<Route> route = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
                return route == null ? failed(name, mail, "it answered null") : route;
            } catch (TimeoutException e) {
                answer.cancel(true);
                int strikes = entry.strike();
                log.warn(
                        "policy timed out policy={} mail={} times={}{}",
                        name,
                        mail.id(),
                        strikes,
                        strikes >= STRIKES ? " taken out until it is registered anew; mail waits" : "");
                return Optional.of(new Route.Defer("4.3.0", "a delivery policy does not answer"));
            }
        } catch (ExecutionException e) {
            return failed(name, mail, String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new Route.Defer("4.3.2", "the server is stopping"));
        } catch (Exception e) {
            return failed(name, mail, e.toString());
        }
    }

    private static Optional<Route> failed(String name, SpooledMail mail, String reason) {
        log.warn("policy failed policy={} mail={} reason=\"{}\"", name, mail.id(), reason);
        return Optional.of(new Route.Defer("4.3.0", "a delivery policy failed"));
    }

    /** Marks the policies of this bundle: they do not hang, and need no thread between. */
    interface BuiltIn {}
}
