package org.mailrack.smtp.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.filter.Client;
import org.mailrack.api.filter.FilterChain;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.store.StoreException;

/**
 * What happens between the end of the data and the answer: the header is put in order, the filters have their word, the trace
 * fields go on top, and the spool makes it durable. Runs apart from the session, because filters may take seconds.
 */
final class Acceptance {

    private static final Logger log = LoggerFactory.getLogger(Acceptance.class);

    private final MessageReceiver message;
    private final Envelope envelope;
    private final Client client;
    private final Flavor flavor;
    private final Services services;
    private final int maxHops;
    private final String tls;
    private final BooleanSupplier abandoned;
    /** With what the filters added. */
    private Envelope filtered;

    /**
     * @param message a message without fault, which this owns from now on
     * @param dialog the session's state at the end of the data
     * @param abandoned whether the client is gone and so will never hear the answer
     */
    Acceptance(MessageReceiver message, Dialog dialog, BooleanSupplier abandoned) {
        this.message = message;
        this.envelope = dialog.transaction().envelope();
        this.client = dialog.client();
        this.flavor = dialog.flavor();
        this.services = dialog.services();
        this.maxHops = dialog.settings().maxHops();
        this.tls = dialog.tls();
        this.abandoned = abandoned;
    }

    /** Does it; the stage never fails. */
    CompletionStage<Reply> run() {
        try {
            Optional<Reply> refusal = prepare();
            if (refusal.isPresent()) {
                message.close();
                return CompletableFuture.completedStage(refusal.get());
            }
            return accept();
        } catch (RuntimeException e) {
            message.close();
            return CompletableFuture.completedStage(failure(e));
        }
    }

    /** Everything up to the spool; an answer when the message is not accepted. */
    private Optional<Reply> prepare() {
        ContentWriter writer = message.writer();
        MessageHead head = message.head();
        if (head.count("Received") > maxHops) {
            return refused("loop", Replies.LOOP);
        }
        ZonedDateTime now = ZonedDateTime.now(services.clock());
        String hostname = services.directory().hostname();
        String added =
                flavor == Flavor.SUBMISSION ? TraceHeader.submissionFields(head, hostname, message.id(), now) : "";
        byte[] repaired = head.repaired(added);
        if (repaired != null) {
            writer.replaceHead(head.end(), ByteBuffer.wrap(repaired));
        }
        FilterChain.Result result = services.filters().message(message.id(), client, envelope, writer.content());
        Optional<Reply> refusal = Reply.refusal(result.verdict(), 550, 451);
        if (refusal.isPresent()) {
            return refused("filter", refusal.get());
        }
        if (result.head().hasRemaining()) {
            writer.replaceHead(result.headLength(), result.head());
        }
        filtered = result.envelope();
        // After the filters, so that what they add is below Return-Path, which belongs on top.
        String trace = TraceHeader.trace(hostname, message.id(), envelope, client.remote(), tls, now);
        writer.replaceHead(0, ByteBuffer.wrap(trace.getBytes(StandardCharsets.UTF_8)));
        return Optional.empty();
    }

    private Optional<Reply> refused(String by, Reply reply) {
        log.info(
                "mail refused session={} mail={} from={} recipients={} by={} reply=\"{}\"",
                client.session(),
                message.id(),
                envelope.returnPath(),
                envelope.recipients().size(),
                by,
                reply);
        return Optional.of(reply);
    }

    private CompletionStage<Reply> accept() {
        if (abandoned.getAsBoolean()) {
            // It will send the message again: accepted twice would be delivered twice.
            message.close();
            log.info("mail dropped session={} mail={} reason=\"client is gone\"", client.session(), message.id());
            return CompletableFuture.completedStage(Replies.TEMPORARY);
        }
        long size = message.writer().length();
        MailId id = message.id();
        return services.spool().accept(id, filtered, message.writer()).handle((spooled, failure) -> {
            if (failure != null) {
                return failure(failure);
            }
            log.info(
                    "mail accepted session={} mail={} from={} recipients={} size={}",
                    client.session(),
                    id,
                    envelope.returnPath(),
                    envelope.recipients().size(),
                    size);
            return Reply.of(250, "2.6.0", "Accepted as " + id);
        });
    }

    private Reply failure(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof StoreException e) {
            Reply reply = MessageReceiver.storeFailure(e);
            log.info(
                    "mail refused session={} mail={} from={} by=store reply=\"{}\" reason=\"{}\"",
                    client.session(),
                    message.id(),
                    envelope.returnPath(),
                    reply,
                    e.getMessage());
            return reply;
        }
        log.error("mail not accepted session={} mail={}", client.session(), message.id(), cause);
        return Replies.TEMPORARY;
    }
}
