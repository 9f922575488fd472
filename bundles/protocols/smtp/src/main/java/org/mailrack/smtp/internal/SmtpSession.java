package org.mailrack.smtp.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.net.Connection;
import org.mailrack.api.net.Session;

/**
 * One connection: feeds lines and data to the dialog, writes its answers in one go per piece of input (RFC 2920 section 3.2),
 * and keeps the limits of a session.
 */
final class SmtpSession implements Session {

    private static final Logger log = LoggerFactory.getLogger(SmtpSession.class);

    /** Answers that are held back while input is at hand. */
    private static final int OUTPUT_PIECE = 8 * 1024;

    private final Connection connection;
    private final SmtpSettings settings;
    private final Services services;
    private final Dialog dialog;
    private final LineDecoder lines = new LineDecoder();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream(256);
    private final long opened;

    private boolean closing;
    private boolean startingTls;
    private boolean accepting;
    private boolean goodbye;
    private int errors;
    private int commands;
    /** Read by the thread that accepts a message. */
    private volatile boolean gone;

    SmtpSession(Connection connection, Flavor flavor, SmtpSettings settings, Services services) {
        this.connection = connection;
        this.settings = settings;
        this.services = services;
        this.dialog =
                new Dialog(connection.id(), flavor, connection.endpoint(), connection.remote(), settings, services);
        this.opened = services.clock().millis();
    }

    @Override
    public boolean prompt() {
        // AUTH computes hashes, and a message that is not small goes to a file.
        return dialog.flavor() != Flavor.SUBMISSION
                && services.filters().promptBeforeMessage()
                && (dialog.receiver() == null || dialog.receiver().small());
    }

    @Override
    public void opened() {
        connection.idleTimeout(settings.idleTimeout());
        noteTls();
        log.debug("session opened session={} remote={}", connection.id(), dialog.remoteAddress());
        take(guarded(dialog::greeting));
        flush();
    }

    @Override
    public void received(ByteBuffer input) {
        while (input.hasRemaining() && ready()) {
            if (dialog.receiver() != null) {
                if (dialog.receiver().receive(input)) {
                    dataEnded();
                }
            } else {
                line(input);
            }
        }
        if (!closing
                && services.clock().millis() - opened
                        > settings.maxSessionTime().toMillis()) {
            end(Replies.SESSION_TOO_LONG);
        }
        flush();
    }

    private boolean ready() {
        if (closing || startingTls || accepting) {
            return false;
        }
        if (output.size() >= OUTPUT_PIECE) {
            flush();
        }
        return output.size() > 0 || connection.writable();
    }

    private void line(ByteBuffer input) {
        LineDecoder.Result result = lines.next(input, dialog.lineLimit());
        if (result == LineDecoder.Result.MORE) {
            return;
        }
        if (result == LineDecoder.Result.FLOOD) {
            end(Replies.LINE_TOO_LONG);
            return;
        }
        if (++commands > settings.maxSessionCommands()) {
            end(Replies.SESSION_TOO_LONG);
            return;
        }
        if (result == LineDecoder.Result.LINE) {
            take(guarded(() -> dialog.line(lines.line())));
            return;
        }
        boolean authLine = dialog.continued();
        dialog.cancelContinuation();
        take(Step.of(
                switch (result) {
                    case TOO_LONG -> authLine ? Replies.AUTH_TOO_LONG : Replies.LINE_TOO_LONG;
                    case BARE_LF -> Replies.BARE_LF;
                    default -> Replies.MALFORMED_LINE;
                }));
    }

    /** A bug in a command, or in a service that it asks, ends this session and no other. */
    private Step guarded(Supplier<Step> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            log.error("command failed session={}", connection.id(), e);
            return Step.close(Replies.FAILURE);
        }
    }

    /** Answers, and does what comes after the answer. */
    private void take(Step step) {
        write(step.reply());
        switch (step.effect()) {
            case NONE, RECEIVE -> countErrors(step.reply());
            case START_TLS -> {
                flush();
                startingTls = true;
                lines.reset();
                connection.startTls();
            }
            case CLOSE -> close();
        }
    }

    private void countErrors(Reply reply) {
        boolean error =
                switch (reply.code()) {
                    case 500, 501, 502, 503, 504, 530, 535, 538, 553, 555 -> true;
                    default -> false;
                };
        if (error && ++errors >= settings.maxErrors()) {
            log.info(
                    "session ended session={} remote={} reason=\"too many errors\"",
                    connection.id(),
                    dialog.remoteAddress());
            end(Replies.TOO_MANY_ERRORS);
        }
    }

    private void dataEnded() {
        MessageReceiver message = dialog.receiver();
        int answers = dialog.flavor() == Flavor.LMTP ? dialog.transaction().accepted() : 1;
        if (message.fault() != null) {
            log.info(
                    "mail refused session={} mail={} from={} reply=\"{}\"",
                    connection.id(),
                    message.id(),
                    dialog.transaction().envelope().returnPath(),
                    message.fault());
            dialog.received();
            answer(message.fault(), answers);
            return;
        }
        Acceptance acceptance = new Acceptance(message, dialog, () -> gone);
        dialog.received();
        accepting = true;
        connection.pause();
        Runnable accept =
                () -> acceptance.run().thenAccept(reply -> connection.execute(() -> accepted(reply, answers)));
        if (message.small() && services.filters().promptAtMessage()) {
            accept.run();
            return;
        }
        try {
            services.worker().execute(accept);
        } catch (RejectedExecutionException e) {
            log.warn(
                    "mail not accepted session={} mail={} reason=\"too many messages in the filters\"",
                    connection.id(),
                    message.id());
            message.close();
            accepting = false;
            connection.resume();
            answer(Replies.BUSY, answers);
        }
    }

    private void accepted(Reply reply, int answers) {
        accepting = false;
        answer(reply, answers);
        flush();
        connection.resume();
    }

    private void answer(Reply reply, int times) {
        for (int i = 0; i < times; i++) {
            write(reply);
        }
        if (goodbye) {
            end(Replies.GOODBYE);
        }
    }

    @Override
    public void secured() {
        startingTls = false;
        noteTls();
        if (goodbye) {
            end(Replies.GOODBYE);
            flush();
        }
    }

    private void noteTls() {
        connection.tls().ifPresent(tls -> dialog.secured(TraceHeader.tls(tls)));
    }

    @Override
    public void idle() {
        if (startingTls) {
            // Nothing can be said in the middle of a handshake.
            closing = true;
            connection.close();
        } else if (!closing && !accepting) {
            // While a message is being accepted it is the client that waits.
            end(Replies.IDLE);
            flush();
        }
    }

    @Override
    public void goodbye() {
        goodbye = true;
        if (!closing && !accepting && !startingTls && dialog.receiver() == null) {
            end(Replies.GOODBYE);
            flush();
        }
    }

    @Override
    public void closed() {
        gone = true;
        if (dialog.receiver() != null) {
            log.info(
                    "mail dropped session={} mail={} reason=\"client left during the data\"",
                    connection.id(),
                    dialog.receiver().id());
        }
        dialog.reset();
        log.debug("session closed session={} commands={}", connection.id(), commands);
    }

    /** The last words. */
    private void end(Reply reply) {
        if (!closing) {
            write(reply);
            close();
        }
    }

    private void close() {
        closing = true;
        flush();
        dialog.reset();
        connection.close();
    }

    private void write(Reply reply) {
        output.writeBytes(reply.octets());
    }

    private void flush() {
        if (output.size() > 0) {
            connection.write(ByteBuffer.wrap(output.toByteArray()));
            output.reset();
        }
    }
}
