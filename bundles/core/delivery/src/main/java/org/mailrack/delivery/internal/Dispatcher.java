package org.mailrack.delivery.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.delivery.Transport;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.spool.RecipientState;
import org.mailrack.api.spool.Spool;
import org.mailrack.api.spool.SpooledMail;
import org.mailrack.api.store.ContentStore;

/** Takes mail that is due from the spool, has it routed and carried, and records how it ended. */
final class Dispatcher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    /** A mail that waits for something of this very server, a transport or the mailbox store, is looked at this soon. */
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final int ROUTERS = 4;
    /** Mail that comes so soon after other mail was taken gathers, so that it shares a transaction; a lone mail never waits. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Spool spool;
    private final Directory directory;
    private final ContentStore contents;
    private final Settings settings;
    private final Clock clock;
    private final Policies policies;
    private final Transports transports = new Transports();
    private final Router router;
    private final Settler settler;
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, task -> daemon(task, "delivery-timer"));
    private final ExecutorService routers = Executors.newFixedThreadPool(ROUTERS, task -> daemon(task, "delivery"));
    private final Thread thread = daemon(this::run, "delivery-dispatcher");
    /** Routers at work, and when the last of them started; guarded by {@link #wake}. */
    private int busy;

    private long lastStart = System.nanoTime() - GATHER_NANOS;
    private boolean gathering;
    private final Map<MailId, Attempt> running = new ConcurrentHashMap<>();
    private Registration registration;

    private final Object wake = new Object();
    private boolean awake;
    private volatile boolean stopped;

    Dispatcher(
            Spool spool,
            ContentStore contents,
            Directory directory,
            Consumer<Collection<String>> forget,
            Settings settings,
            Clock clock) {
        this.spool = spool;
        this.contents = contents;
        this.directory = directory;
        this.settings = settings;
        this.clock = clock;
        this.policies = new Policies(settings.policyTimeout());
        this.router = new Router(contents, directory, policies, transports, settings);
        this.settler = new Settler(spool, forget, timer);
        // What is cancelled holds a mail in memory, and goes at once.
        timer.setRemoveOnCancelPolicy(true);
    }

    void start() {
        registration = spool.listen(this::mailCame);
        thread.start();
    }

    Policies policies() {
        return policies;
    }

    void addTransport(String name, Transport transport) {
        Set<MailId> waiting = transports.add(name, transport);
        if (!waiting.isEmpty() && !stopped) {
            log.info("transport is there, its mail is tried at once transport={} mails={}", name, waiting.size());
            routers.execute(() -> retry(waiting));
        }
    }

    /** What the timer has to do yet. */
    int timers() {
        return timer.getQueue().size();
    }

    private void retry(Set<MailId> waiting) {
        try {
            spool.retryNow(waiting.stream()
                    .filter(id ->
                            spool.find(id).filter(mail -> mail.held().isEmpty()).isPresent())
                    .toList());
        } catch (RuntimeException e) {
            log.warn("mail not made due mails={} reason=\"{}\"", waiting.size(), e.getMessage());
        }
    }

    void removeTransport(Transport transport) {
        transports.remove(transport);
    }

    /** Waits a while for what is under way, and gives the rest back to the spool. */
    @Override
    public void close() {
        stopped = true;
        if (registration != null) {
            registration.close();
        }
        wake();
        try {
            thread.join(settings.stopWait().toMillis());
            long until = System.nanoTime() + settings.stopWait().toNanos();
            synchronized (wake) {
                while (!running.isEmpty() && System.nanoTime() < until) {
                    wake.wait(100);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        routers.shutdownNow();
        timer.shutdownNow();
        policies.close();
        List<SpooledMail> back = running.values().stream().map(Attempt::mail).toList();
        if (!back.isEmpty()) {
            log.info("deliveries given back mails={}", back.size());
            try {
                spool.settle(back);
            } catch (RuntimeException e) {
                log.warn("mail not given back; it waits for the next start reason=\"{}\"", e.getMessage());
            }
        }
    }

    private void run() {
        while (!stopped) {
            try {
                if (!dispatch()) {
                    await();
                }
            } catch (InterruptedException e) {
                log.debug("dispatcher interrupted");
            } catch (RuntimeException e) {
                log.error("dispatcher failed, goes on", e);
                pause();
            }
        }
    }

    private boolean dispatch() {
        if (gatherNanos() > 0) {
            return false;
        }
        int room = settings.maxInFlight() - running.size();
        List<SpooledMail> mails = room <= 0 ? List.of() : spool.take(Math.min(room, settings.batch()));
        if (mails.isEmpty()) {
            return false;
        }
        List<Attempt> attempts = new ArrayList<>();
        for (SpooledMail mail : mails) {
            Attempt attempt = new Attempt(mail, this::over);
            running.put(mail.id(), attempt);
            attempts.add(attempt);
            attempt.watchedBy(timer.schedule(
                    () -> Router.deferAll(attempt.waiting(), "4.4.7", "no transport has told how it ended"),
                    settings.deliveryTimeout().toMillis(),
                    TimeUnit.MILLISECONDS));
        }
        synchronized (wake) {
            busy++;
            boolean full = mails.size() >= settings.batch();
            lastStart = System.nanoTime() - (full ? GATHER_NANOS : 0);
        }
        try {
            routers.execute(() -> {
                try {
                    router.start(attempts);
                } finally {
                    routed();
                }
            });
        } catch (RejectedExecutionException e) {
            log.debug("dispatcher stopped mails={}", attempts.size());
            routed();
        }
        return true;
    }

    private void routed() {
        synchronized (wake) {
            busy--;
        }
        wake();
    }

    /** How long the next router has to wait. */
    private long gatherNanos() {
        synchronized (wake) {
            return busy >= ROUTERS ? LONGEST_WAIT.toNanos() : GATHER_NANOS - (System.nanoTime() - lastStart);
        }
    }

    private void await() throws InterruptedException {
        Instant now = clock.instant();
        Duration wait = running.size() >= settings.maxInFlight()
                ? LONGEST_WAIT
                : spool.nextDue().map(due -> Duration.between(now, due)).orElse(LONGEST_WAIT);
        long millis = Math.min(Math.max(1, wait.toMillis() + 1), LONGEST_WAIT.toMillis());
        long gather = gatherNanos();
        if (gather > 0) {
            millis = TimeUnit.NANOSECONDS.toMillis(gather) + 1;
        }
        synchronized (wake) {
            gathering = gather > 0;
            if (!awake && !stopped) {
                wake.wait(millis);
            }
            gathering = false;
            awake = false;
        }
    }

    /** While it gathers the dispatcher looks by itself when it is time. */
    private void mailCame() {
        synchronized (wake) {
            if (!gathering) {
                wake();
            }
        }
    }

    private void pause() {
        synchronized (wake) {
            try {
                wake.wait(1000);
            } catch (InterruptedException e) {
                log.debug("dispatcher interrupted");
            }
        }
    }

    private void wake() {
        synchronized (wake) {
            awake = true;
            wake.notifyAll();
        }
    }

    // How it ended

    private void over(Attempt attempt) {
        attempt.unwatch();
        try {
            end(attempt);
        } catch (RuntimeException e) {
            log.error("mail not settled mail={}", attempt.mail().id(), e);
            settler.settle(new Settler.End(later(attempt.mail()), List.of(), false, () -> ended(attempt)));
        }
    }

    private void end(Attempt attempt) {
        SpooledMail mail = attempt.mail();
        Instant now = clock.instant();
        boolean expired = now.isAfter(mail.received().plus(settings.expireAfter()));
        boolean soon = false;
        boolean repeatable = true;
        List<RecipientState> states = new ArrayList<>();
        List<Bounce.Failure> failures = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (Attempt.Slot slot : attempt.slots()) {
            Outcome outcome = slot.outcome();
            if (outcome == null) {
                states.add(slot.before());
                continue;
            }
            if (outcome instanceof Outcome.Deferred deferred
                    && expired
                    && attempt.held().isEmpty()) {
                outcome = new Outcome.Failed(
                        "4.4.7", deferred.remote(), "given up after a long time: " + deferred.text());
            }
            soon |= outcome instanceof Outcome.Deferred deferred && isOurs(deferred, slot);
            if (outcome instanceof Outcome.Failed failed) {
                failures.add(new Bounce.Failure(slot.recipient(), failed));
            }
            if (!(outcome instanceof Outcome.Deferred) && slot.route() instanceof Route.ToMailbox) {
                keys.add(slot.key());
            }
            // The mailbox store knows its keys; nobody else can be trusted to notice that a mail comes again.
            repeatable &= outcome instanceof Outcome.Delivered && slot.route() instanceof Route.ToMailbox;
            states.add(new RecipientState(slot.recipient(), status(outcome), outcome.text()));
            tell(mail, slot, outcome, now);
        }
        Instant next = settings.nextAttempt(mail.attempts() + 1, now);
        if (soon && next.isAfter(now.plus(SOON))) {
            next = now.plus(SOON);
        }
        SpooledMail after = with(mail, states, next, attempt.held());
        boolean harmless = repeatable;
        bounce(mail, failures, now).whenComplete((nothing, failure) -> {
            if (failure == null) {
                settler.settle(new Settler.End(after, keys, harmless, () -> ended(attempt)));
            } else {
                // The sender must hear of it: until the spool takes the bounce, the recipient is not given up.
                log.warn("bounce not written, tried again mail={} reason=\"{}\"", mail.id(), failure.getMessage());
                settler.settle(new Settler.End(pendingAgain(after), List.of(), false, () -> ended(attempt)));
            }
        });
    }

    /** RFC 3463 section 3.4: X.3.Z is the state of the mail system, and here that is ours. */
    private static boolean isOurs(Outcome.Deferred deferred, Attempt.Slot slot) {
        return deferred.enhancedCode().equals("4.3.2")
                || slot.route() instanceof Route.ToMailbox
                        && deferred.enhancedCode().startsWith("4.3.");
    }

    private static RecipientState.Status status(Outcome outcome) {
        if (outcome instanceof Outcome.Delivered) {
            return RecipientState.Status.DELIVERED;
        }
        return outcome instanceof Outcome.Failed ? RecipientState.Status.FAILED : RecipientState.Status.PENDING;
    }

    private static void tell(SpooledMail mail, Attempt.Slot slot, Outcome outcome, Instant now) {
        String what = outcome instanceof Outcome.Delivered
                ? "delivered"
                : outcome instanceof Outcome.Failed ? "bounced" : "deferred";
        String code = outcome instanceof Outcome.Failed failed
                ? failed.enhancedCode()
                : outcome instanceof Outcome.Deferred deferred ? deferred.enhancedCode() : "2.0.0";
        long delay = Math.max(0, Duration.between(mail.received(), now).toMillis() / 10);
        log.info(
                "mail {} mail={} to=<{}> via={} delay={}.{}s code={} reply=\"{}\"",
                what,
                mail.id(),
                slot.recipient().address(),
                slot.via(),
                delay / 100,
                delay % 100 < 10 ? "0" + delay % 100 : delay % 100,
                code,
                outcome.text().replaceAll("[\\p{Cntrl}\"]", " "));
    }

    private void ended(Attempt attempt) {
        MailId id = attempt.mail().id();
        running.remove(id);
        boolean arrived = false;
        for (String transport : attempt.missing()) {
            arrived |= !transports.remember(transport, id);
        }
        if (arrived && !stopped) {
            // Not in this thread: it is the journal's.
            timer.execute(() -> retry(Set.of(id)));
        }
        wake();
    }

    private CompletionStage<SpooledMail> bounce(SpooledMail mail, List<Bounce.Failure> failures, Instant now) {
        List<Bounce.Failure> told = failures.stream()
                .filter(failure -> wantsNotice(failure.recipient()))
                .toList();
        if (told.isEmpty() || mail.envelope().reversePath().isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        var sender = mail.envelope().reversePath().get();
        ContentWriter writer = null;
        try {
            MailId id = spool.newId();
            byte[] header = originalHeader(mail);
            byte[] octets = Bounce.write(directory.hostname(), id.value(), mail, sender, told, header, now);
            writer = spool.create();
            writer.write(ByteBuffer.wrap(octets));
            Envelope envelope = new Envelope(
                    Optional.empty(),
                    List.of(new Recipient(sender)),
                    sender.needsUtf8() ? Map.of(Envelope.SMTPUTF8, "") : Map.of());
            return spool.accept(id, envelope, writer).thenApply(accepted -> {
                log.info("bounce accepted mail={} for={} to=<{}>", accepted.id(), mail.id(), sender);
                return accepted;
            });
        } catch (RuntimeException e) {
            if (writer != null) {
                writer.close();
            }
            return CompletableFuture.failedFuture(e);
        }
    }

    /** RFC 3461 section 4.1: NEVER, or a list without FAILURE, asks for silence. */
    private static boolean wantsNotice(Recipient recipient) {
        String notify = recipient.parameters().get("NOTIFY");
        return notify == null || notify.toUpperCase(Locale.ROOT).contains("FAILURE");
    }

    private byte[] originalHeader(SpooledMail mail) {
        try {
            return Bounce.header(contents.open(mail.content()));
        } catch (IOException | RuntimeException e) {
            log.warn("header not readable for a bounce mail={} reason=\"{}\"", mail.id(), e.getMessage());
            return new byte[0];
        }
    }

    private SpooledMail later(SpooledMail mail) {
        return with(mail, mail.recipients(), settings.nextAttempt(mail.attempts() + 1, clock.instant()), "");
    }

    private static SpooledMail pendingAgain(SpooledMail mail) {
        List<RecipientState> states = mail.recipients().stream()
                .map(state -> state.status() == RecipientState.Status.FAILED
                        ? new RecipientState(state.recipient(), RecipientState.Status.PENDING, state.lastReply())
                        : state)
                .toList();
        return new SpooledMail(
                mail.id(),
                mail.envelope(),
                states,
                mail.content(),
                mail.size(),
                mail.received(),
                mail.attempts(),
                mail.nextAttempt(),
                mail.held());
    }

    private static SpooledMail with(SpooledMail mail, List<RecipientState> states, Instant next, String held) {
        return new SpooledMail(
                mail.id(),
                mail.envelope(),
                states,
                mail.content(),
                mail.size(),
                mail.received(),
                mail.attempts() + 1,
                next.truncatedTo(ChronoUnit.MILLIS),
                held);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
