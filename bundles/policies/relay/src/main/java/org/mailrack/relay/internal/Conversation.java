package org.mailrack.relay.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import javax.net.ssl.SSLSocketFactory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.delivery.Delivery;
import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.mail.Envelope;

/** One attempt to hand a mail to one server (RFC 5321 section 3.3, with PIPELINING, SIZE, 8BITMIME, SMTPUTF8 and DSN if offered). */
final class Conversation {

    private static final Logger log = LoggerFactory.getLogger(Conversation.class);

    private final RelaySettings settings;
    private final Deadlines deadlines;
    private final SSLSocketFactory tls;
    private final String ourName;
    private final Hosts.Host host;
    private final List<Delivery> deliveries;
    /** What to report if no other server does better; complete when {@link #run} returns. */
    private final Map<Delivery, Outcome> outcomes = new LinkedHashMap<>();

    private final BiConsumer<Delivery, Outcome> delivered;
    private boolean handedOver;
    private boolean encrypted;

    /** Whether TLS protected the transaction. */
    boolean encrypted() {
        return encrypted;
    }

    Conversation(
            RelaySettings settings,
            Deadlines deadlines,
            SSLSocketFactory tls,
            String ourName,
            Hosts.Host host,
            List<Delivery> deliveries,
            BiConsumer<Delivery, Outcome> delivered) {
        this.delivered = delivered;
        this.settings = settings;
        this.deadlines = deadlines;
        this.tls = tls;
        this.ourName = ourName;
        this.host = host;
        this.deliveries = deliveries;
    }

    Map<Delivery, Outcome> outcomes() {
        return outcomes;
    }

    /** Whether the message went out and no answer came, so that another server could make a second copy of it. */
    boolean handedOver() {
        return handedOver;
    }

    void run() {
        run(settings.tls() != RelaySettings.Tls.NONE);
    }

    private void run(boolean tryTls) {
        boolean tlsFailed = false;
        String stage = "connecting to";
        SmtpConnection connection = null;
        try {
            connection = SmtpConnection.open(settings, deadlines, host);
            stage = "talking to";
            welcome(connection.greeting());
            welcome(connection.hello(ourName));
            if (tryTls) {
                tlsFailed = true;
                startTls(connection);
                tlsFailed = false;
            }
            encrypted = connection.encrypted();
            transaction(connection);
            connection.quit();
        } catch (RouteException e) {
            connection.quit();
            all(e.outcome());
        } catch (IOException e) {
            boolean timeout = connection != null && connection.timedOut();
            if (tlsFailed && !timeout && settings.tls() == RelaySettings.Tls.MAY) {
                log.info("TLS failed, going on without host={} reason={}", host.name(), e.toString());
                connection.close();
                run(false);
                return;
            }
            String code = connection == null ? "4.4.1" : "4.4.2";
            String what = timeout ? "time is over" : reason(e);
            all(new Outcome.Deferred(code, host.name(), stage + " " + host.name() + " [" + address() + "]: " + what));
        } finally {
            if (connection != null) {
                connection.close();
            }
        }
    }

    private String address() {
        return host.address().getAddress().getHostAddress();
    }

    private static String reason(IOException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.replaceAll("\\s+", " ");
    }

    private void all(Outcome outcome) {
        deliveries.forEach(delivery -> outcomes.putIfAbsent(delivery, outcome));
    }

    private void require(Reply reply) throws RouteException {
        if (!reply.positive()) {
            throw new RouteException(reply.refusal(host.name()));
        }
    }

    /** A server that does not want to talk to us says nothing about the recipients: another of the domain may. */
    private void welcome(Reply reply) throws RouteException {
        if (!reply.positive()) {
            String code = reply.temporary() ? reply.enhancedCode() : "4.3.2";
            throw RouteException.deferred(code, host.name(), reply.text());
        }
    }

    private void startTls(SmtpConnection connection) throws IOException, RouteException {
        if (connection.offers("STARTTLS") && connection.startTls(tls, host)) {
            welcome(connection.hello(ourName));
        } else if (settings.tls() == RelaySettings.Tls.ENCRYPT) {
            throw RouteException.deferred("4.7.4", host.name(), "server offers no TLS, which setting tls demands");
        }
    }

    private void transaction(SmtpConnection connection) throws IOException, RouteException {
        String from = mailFrom(connection);
        List<Delivery> accepted = new ArrayList<>();
        if (connection.offers("PIPELINING")) {
            connection.send(from);
            for (Delivery delivery : deliveries) {
                connection.send(rcptTo(connection, delivery));
            }
            Reply sender = connection.reply();
            for (Delivery delivery : deliveries) {
                recipient(delivery, connection.reply(), sender.positive() ? accepted : new ArrayList<>());
            }
            if (!sender.positive()) {
                outcomes.clear();
                require(sender);
            }
        } else {
            require(connection.command(from));
            for (Delivery delivery : deliveries) {
                recipient(delivery, connection.command(rcptTo(connection, delivery)), accepted);
            }
        }
        if (!accepted.isEmpty()) {
            data(connection, accepted);
        }
    }

    private String mailFrom(SmtpConnection connection) throws IOException, RouteException {
        Delivery first = deliveries.get(0);
        long size = first.content().length();
        if (connection.maxSize() > 0 && size > connection.maxSize()) {
            throw RouteException.failed(
                    "5.3.4", host.name(), "message of " + size + " octets; server takes " + connection.maxSize());
        }
        Envelope envelope = first.mail().envelope();
        StringBuilder from = new StringBuilder("MAIL FROM:").append(envelope.returnPath());
        if (connection.offers("SIZE")) {
            from.append(" SIZE=").append(size);
        }
        // Without 8BITMIME it is sent as it is: servers have taken eight bits for decades, and converting breaks
        // signatures.
        if (connection.offers("8BITMIME") && MessageOutput.eightBit(first.content(), false)) {
            from.append(" BODY=8BITMIME");
        }
        if (needsUtf8(envelope)) {
            if (!connection.offers("SMTPUTF8")) {
                throw RouteException.failed("5.6.7", host.name(), "server takes no internationalized mail (RFC 6531)");
            }
            from.append(" SMTPUTF8");
        }
        return from.toString();
    }

    private boolean needsUtf8(Envelope envelope) throws IOException {
        return envelope.reversePath().map(address -> address.needsUtf8()).orElse(false)
                || deliveries.stream()
                        .anyMatch(delivery -> delivery.recipient().address().needsUtf8())
                || envelope.attributes().containsKey(Envelope.SMTPUTF8)
                        && MessageOutput.eightBit(deliveries.get(0).content(), true);
    }

    private static String rcptTo(SmtpConnection connection, Delivery delivery) {
        StringBuilder to = new StringBuilder("RCPT TO:<")
                .append(delivery.recipient().address())
                .append('>');
        if (connection.offers("DSN")) {
            for (String parameter : List.of("NOTIFY", "ORCPT")) {
                String value = delivery.recipient().parameters().getOrDefault(parameter, "");
                if (value.matches("[!-<>-~]{1,500}")) {
                    to.append(' ').append(parameter).append('=').append(value);
                }
            }
        }
        return to.toString();
    }

    private void recipient(Delivery delivery, Reply reply, List<Delivery> accepted) throws RouteException {
        if (reply.closing()) {
            throw new RouteException(reply.refusal(host.name()));
        }
        if (reply.positive()) {
            accepted.add(delivery);
        } else {
            outcomes.put(delivery, reply.refusal(host.name()));
        }
    }

    private void data(SmtpConnection connection, List<Delivery> accepted) throws IOException {
        Reply reply = connection.data();
        if (reply.code() == 354) {
            connection.message(accepted.get(0).content());
            handedOver = true;
            reply = connection.messageReply();
            handedOver = false;
        } else if (reply.positive()) {
            // A server that accepts before it has seen anything has accepted nothing.
            reply = new Reply(451, List.of("4.5.0 server answered DATA with " + reply.text()));
        }
        Outcome outcome = reply.positive() ? new Outcome.Delivered(reply.text()) : reply.refusal(host.name());
        for (Delivery delivery : accepted) {
            outcomes.put(delivery, outcome);
            if (reply.positive()) {
                // At once, before the farewell: until it is recorded, a crash would send it again.
                delivered.accept(delivery, outcome);
            }
        }
        log.debug(
                "data answered mail={} host={} reply={}", accepted.get(0).mail().id(), host.name(), reply.text());
    }
}
