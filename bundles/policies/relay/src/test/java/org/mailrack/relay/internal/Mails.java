package org.mailrack.relay.internal;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.mailrack.api.delivery.Delivery;
import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.RecipientState;
import org.mailrack.api.spool.SpooledMail;

/** Mails to send in tests. */
final class Mails {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private Mails() {}

    static Content content(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return new Content() {
            @Override
            public long length() {
                return octets.length;
            }

            @Override
            public InputStream open(long offset, long count) {
                return new ByteArrayInputStream(octets, (int) offset, (int) count);
            }
        };
    }

    /** One delivery per recipient of one new mail from alice@crepes.fr. */
    static List<Sent> mail(String nextHop, String text, Map<String, String> attributes, String... recipients) {
        List<Recipient> all = java.util.Arrays.stream(recipients)
                .map(address -> new Recipient(MailAddress.parse(address)))
                .toList();
        Envelope envelope = new Envelope(Optional.of(MailAddress.parse("alice@crepes.fr")), all, attributes);
        SpooledMail mail = new SpooledMail(
                new MailId("M" + COUNT.incrementAndGet()),
                envelope,
                all.stream()
                        .map(recipient -> new RecipientState(recipient, RecipientState.Status.PENDING, ""))
                        .toList(),
                new ContentRef("c1"),
                text.length(),
                Instant.now(),
                0,
                Instant.now(),
                "");
        return all.stream()
                .map(recipient -> new Sent(mail, recipient, new Route.ToRelay(nextHop), content(text)))
                .toList();
    }

    /** A delivery that remembers what was reported, and that it was reported once. */
    static final class Sent implements Delivery {
        private final SpooledMail mail;
        private final Recipient recipient;
        private final Route route;
        private final Content content;
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        final AtomicInteger reports = new AtomicInteger();

        Sent(SpooledMail mail, Recipient recipient, Route route, Content content) {
            this.mail = mail;
            this.recipient = recipient;
            this.route = route;
            this.content = content;
        }

        Outcome outcome() throws Exception {
            Outcome reported = outcome.get(15, TimeUnit.SECONDS);
            if (reports.get() != 1) {
                throw new AssertionError("reported " + reports + " times");
            }
            return reported;
        }

        boolean reported() {
            return outcome.isDone();
        }

        @Override
        public SpooledMail mail() {
            return mail;
        }

        @Override
        public Recipient recipient() {
            return recipient;
        }

        @Override
        public Route route() {
            return route;
        }

        @Override
        public Content content() {
            return content;
        }

        @Override
        public String key() {
            return mail.id() + "/" + recipient.address();
        }

        @Override
        public void report(Outcome reported) {
            reports.incrementAndGet();
            outcome.complete(reported);
        }
    }
}
