package org.mailrack.spool.internal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.RecipientState;
import org.mailrack.api.spool.SpooledMail;

/**
 * The octets of journal entries. An entry is a version and changes in a row: a whole mail, with or without the reference of its
 * content (the journal knows that of a mail that it was appended with), the new state of a mail, or the end of one. Numbers are
 * in groups of seven bits, lowest first; texts are UTF-8 with their length. What does not decode is refused as a whole.
 */
final class SpoolCodec {

    /** One change of the spool. */
    sealed interface Change {
        /** A mail as it is. */
        record Put(SpooledMail mail) implements Change {}

        /** A mail's new state: everything but what never changes. */
        record State(MailId id, List<RecipientState> recipients, int attempts, Instant nextAttempt, String held)
                implements Change {}

        /** A mail left the spool. */
        record Gone(MailId id) implements Change {}
    }

    /** An entry's octets make no sense. */
    static final class FormatException extends Exception {
        private static final long serialVersionUID = 1L;

        FormatException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static final byte VERSION = 1;
    private static final byte ACCEPTED = 1;
    private static final byte MAIL = 2;
    private static final byte STATE = 3;
    private static final byte GONE = 4;
    /** More than a mail can have by any configuration. */
    private static final int MAX_ITEMS = 1_000_000;

    private SpoolCodec() {}

    /** The entry for a mail that is appended together with its content. */
    static ByteBuffer accepted(SpooledMail mail) {
        Out out = new Out();
        out.octet(VERSION);
        out.octet(ACCEPTED);
        mail(out, mail);
        return out.done();
    }

    static ByteBuffer encode(List<Change> changes) {
        Out out = new Out();
        out.octet(VERSION);
        for (Change change : changes) {
            if (change instanceof Change.Put put) {
                out.octet(MAIL);
                out.text(put.mail().content().value());
                mail(out, put.mail());
            } else if (change instanceof Change.State state) {
                out.octet(STATE);
                out.text(state.id().value());
                states(out, state.recipients());
                schedule(out, state.attempts(), state.nextAttempt(), state.held());
            } else if (change instanceof Change.Gone gone) {
                out.octet(GONE);
                out.text(gone.id().value());
            }
        }
        return out.done();
    }

    static List<Change> decode(ByteBuffer entry, Optional<ContentRef> content) throws FormatException {
        In in = new In(entry.duplicate());
        try {
            int version = in.octet();
            if (version != VERSION) {
                throw new IllegalArgumentException("version " + version + " is not known");
            }
            List<Change> changes = new ArrayList<>();
            while (in.more()) {
                changes.add(change(in, content));
            }
            return changes;
        } catch (BufferUnderflowException e) {
            throw new FormatException("it is too short", e);
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException | CharacterCodingException e) {
            throw new FormatException(e.getMessage(), e);
        }
    }

    private static Change change(In in, Optional<ContentRef> content) throws CharacterCodingException {
        int kind = in.octet();
        return switch (kind) {
            case ACCEPTED ->
                new Change.Put(mail(
                        in, content.orElseThrow(() -> new IllegalArgumentException("a mail without its content"))));
            case MAIL -> {
                ContentRef ref = new ContentRef(in.text());
                yield new Change.Put(mail(in, ref));
            }
            case STATE -> {
                MailId id = new MailId(in.text());
                List<RecipientState> recipients = states(in);
                yield new Change.State(id, recipients, in.count(), in.time(), in.text());
            }
            case GONE -> new Change.Gone(new MailId(in.text()));
            default -> throw new IllegalArgumentException("kind " + kind + " is not known");
        };
    }

    private static void mail(Out out, SpooledMail mail) {
        out.text(mail.id().value());
        Envelope envelope = mail.envelope();
        out.text(envelope.reversePath().map(MailAddress::toString).orElse(""));
        out.number(envelope.recipients().size());
        envelope.recipients().forEach(recipient -> recipient(out, recipient));
        map(out, envelope.attributes());
        out.number(mail.size());
        out.time(mail.received());
        states(out, mail.recipients());
        schedule(out, mail.attempts(), mail.nextAttempt(), mail.held());
    }

    private static SpooledMail mail(In in, ContentRef content) throws CharacterCodingException {
        MailId id = new MailId(in.text());
        String reverse = in.text();
        Optional<MailAddress> reversePath =
                reverse.isEmpty() ? Optional.empty() : Optional.of(MailAddress.parse(reverse));
        List<Recipient> recipients = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            recipients.add(recipient(in));
        }
        Map<String, String> attributes = map(in);
        long size = in.number();
        Instant received = in.time();
        List<RecipientState> states = states(in);
        int attempts = in.count();
        Instant next = in.time();
        String held = in.text();
        return new SpooledMail(
                id,
                new Envelope(reversePath, recipients, attributes),
                states,
                content,
                size,
                received,
                attempts,
                next,
                held);
    }

    private static void schedule(Out out, int attempts, Instant next, String held) {
        out.number(attempts);
        out.time(next);
        out.text(held);
    }

    private static void states(Out out, List<RecipientState> states) {
        out.number(states.size());
        for (RecipientState state : states) {
            recipient(out, state.recipient());
            out.octet((byte) state.status().ordinal());
            out.text(state.lastReply());
        }
    }

    private static List<RecipientState> states(In in) throws CharacterCodingException {
        List<RecipientState> states = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            Recipient recipient = recipient(in);
            int status = in.octet();
            RecipientState.Status[] all = RecipientState.Status.values();
            if (status < 0 || status >= all.length) {
                throw new IllegalArgumentException("status " + status + " is not known");
            }
            states.add(new RecipientState(recipient, all[status], in.text()));
        }
        return states;
    }

    private static void recipient(Out out, Recipient recipient) {
        out.text(recipient.address().toString());
        map(out, recipient.parameters());
    }

    private static Recipient recipient(In in) throws CharacterCodingException {
        return new Recipient(MailAddress.parse(in.text()), map(in));
    }

    private static void map(Out out, Map<String, String> map) {
        out.number(map.size());
        map.forEach((key, value) -> {
            out.text(key);
            out.text(value);
        });
    }

    private static Map<String, String> map(In in) throws CharacterCodingException {
        Map<String, String> map = new HashMap<>();
        for (int left = in.count(); left > 0; left--) {
            String key = in.text();
            map.put(key, in.text());
        }
        return map;
    }

    private static final class Out {

        private ByteBuffer to = ByteBuffer.allocate(256);

        void octet(byte value) {
            room(1).put(value);
        }

        void number(long value) {
            room(10);
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                to.put((byte) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            to.put((byte) rest);
        }

        void time(Instant time) {
            number(time.toEpochMilli());
        }

        void text(String text) {
            byte[] octets = text.getBytes(StandardCharsets.UTF_8);
            number(octets.length);
            room(octets.length).put(octets);
        }

        ByteBuffer done() {
            return to.flip();
        }

        private ByteBuffer room(int count) {
            if (to.remaining() < count) {
                to = ByteBuffer.allocate(Math.max(to.capacity() * 2, to.position() + count))
                        .put(to.flip());
            }
            return to;
        }
    }

    private record In(ByteBuffer from) {

        boolean more() {
            return from.hasRemaining();
        }

        int octet() {
            return from.get();
        }

        long number() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                byte octet = from.get();
                value |= (long) (octet & 0x7f) << shift;
                if (octet >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("a number is too long");
        }

        int count() {
            long count = number();
            if (count < 0 || count > MAX_ITEMS) {
                throw new IllegalArgumentException("a count is out of range");
            }
            return (int) count;
        }

        Instant time() {
            return Instant.ofEpochMilli(number());
        }

        String text() throws CharacterCodingException {
            long length = number();
            if (length < 0 || length > from.remaining()) {
                throw new BufferUnderflowException();
            }
            ByteBuffer octets = from.slice(from.position(), (int) length);
            from.position(from.position() + (int) length);
            return StandardCharsets.UTF_8.newDecoder().decode(octets).toString();
        }
    }
}
