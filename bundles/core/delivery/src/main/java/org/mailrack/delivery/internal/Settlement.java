package org.mailrack.delivery.internal;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.Spool;
import org.mailrack.api.spool.SpooledMail;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.api.store.StoreException;

/**
 * Records what became of attempts, in an order that loses nothing at a crash: first the bounce is accepted, then the mail is
 * settled, then the mailbox store may forget the delivery keys.
 */
final class Settlement {

    private static final Logger log = LoggerFactory.getLogger(Settlement.class);

    private final Spool spool;
    private final ContentStore contents;
    private final MailboxStore mailboxes;
    private final Supplier<String> hostname;
    private final InstantSource clock;

    Settlement(
            Spool spool,
            ContentStore contents,
            MailboxStore mailboxes,
            Supplier<String> hostname,
            InstantSource clock) {
        this.spool = spool;
        this.contents = contents;
        this.mailboxes = mailboxes;
        this.hostname = hostname;
        this.clock = clock;
    }

    /**
     * Settles attempts that are over; the stage completes when that is durable, or exceptionally when it is not recorded and to be
     * tried again. Waits for the disk only if a bounce must be written first.
     */
    CompletionStage<Void> settle(List<Attempt> attempts, DeliverySettings settings) {
        Instant now = clock.instant();
        List<SpooledMail> results = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (Attempt attempt : attempts) {
            SpooledMail result = attempt.result(settings, now);
            List<Attempt.Failure> failures = attempt.failures(result);
            if (!failures.isEmpty() && !attempt.bounced()) {
                bounce(attempt.mail(), failures, settings, now);
                attempt.markBounced();
            }
            results.add(result);
            keys.addAll(attempt.deliveredKeys());
            report(attempt, result, now);
        }
        return spool.settle(results).thenRun(() -> forget(keys));
    }

    private void forget(List<String> keys) {
        if (keys.isEmpty()) {
            return;
        }
        try {
            mailboxes.forgetDeliveries(keys);
        } catch (StoreException e) {
            log.warn("delivery keys are kept keys={} reason={}", keys.size(), e.getMessage());
        }
    }

    private void bounce(SpooledMail mail, List<Attempt.Failure> failed, DeliverySettings settings, Instant now) {
        // RFC 3461 section 4.1: NEVER asks for silence.
        List<Attempt.Failure> failures = failed.stream()
                .filter(f ->
                        !"NEVER".equalsIgnoreCase(f.recipient().parameters().get("NOTIFY")))
                .toList();
        if (failures.isEmpty()) {
            return;
        }
        if (mail.envelope().reversePath().isEmpty()) {
            // RFC 5321 section 6.1: never a bounce for a bounce.
            log.warn(
                    "bounce undeliverable mail={} to=<{}>",
                    mail.id(),
                    failures.get(0).recipient().address());
            return;
        }
        MailId id = spool.newId();
        Envelope envelope = new Envelope(
                Optional.empty(),
                List.of(new Recipient(mail.envelope().reversePath().get())),
                Map.of());
        try (ContentWriter writer = spool.create()) {
            new Bounce(hostname.get(), id, mail, failures, now, settings.bounceHeader())
                    .writeTo(writer, contents.open(mail.content()));
            spool.accept(id, envelope, writer).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException store
                    ? store
                    : new StoreException(StoreException.Kind.UNAVAILABLE, "the bounce cannot be spooled", e);
        } catch (IOException e) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the bounce cannot be written", e);
        }
        log.info(
                "bounce made mail={} for={} to={}",
                id,
                mail.id(),
                mail.envelope().returnPath());
    }

    /** One line per recipient, as operators read them. */
    private static void report(Attempt attempt, SpooledMail result, Instant now) {
        for (int i = 0; i < attempt.size(); i++) {
            Outcome outcome = attempt.outcome(i);
            if (outcome == Attempt.Congestion.OUTCOME) {
                log.debug(
                        "mail waits mail={} to=<{}>",
                        result.id(),
                        attempt.leaf(i).recipient().address());
                continue;
            }
            Duration delay = Duration.between(result.received(), now);
            log.info(
                    "mail {} mail={} from={} to=<{}> via={} attempt={} delay={}.{}s reply=\"{}\"",
                    word(outcome, result),
                    result.id(),
                    result.envelope().returnPath(),
                    attempt.leaf(i).recipient().address(),
                    via(attempt.leaf(i)),
                    result.attempts(),
                    delay.toSeconds(),
                    String.format("%03d", delay.toMillisPart()),
                    outcome.text());
        }
    }

    private static String via(Router.Leaf leaf) {
        String type = leaf.route().getClass().getSimpleName();
        return type.startsWith("To") ? type.substring(2).toLowerCase(Locale.ROOT) : "none";
    }

    private static String word(Outcome outcome, SpooledMail result) {
        if (outcome instanceof Outcome.Delivered) {
            return "delivered";
        }
        if (outcome instanceof Outcome.Failed) {
            return "bounced";
        }
        return result.finished() ? "expired" : "deferred";
    }
}
