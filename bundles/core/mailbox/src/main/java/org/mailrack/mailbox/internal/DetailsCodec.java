package org.mailrack.mailbox.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

import org.mailrack.api.mailbox.MessageEnvelope;
import org.mailrack.api.mailbox.MimePart;

/**
 * Envelope and structure of a message as octets, for the store to keep. The first octet is the form's version; what another version
 * wrote, or what is broken in any way, is not understood and made anew from the message.
 */
final class DetailsCodec {

    private static final int VERSION = 1;
    private static final int MAX_DEPTH = 600;

    /** Details of a message; the structure may be missing. */
    record Details(MessageEnvelope envelope, Optional<MimePart> structure) {
        static Details of(MimePart root) {
            return new Details(root.envelope().orElseThrow(), Optional.of(root));
        }
    }

    private DetailsCodec() {}

    static ByteBuffer write(Details details) {
        Writer out = new Writer();
        out.number(VERSION);
        out.number(details.structure().isPresent() ? 1 : 0);
        if (details.structure().isPresent()) {
            out.part(details.structure().get(), 0);
        } else {
            out.envelope(details.envelope());
        }
        return ByteBuffer.wrap(out.octets.toByteArray());
    }

    /** Reads details of a message of that size; empty when they are not understood. */
    static Optional<Details> read(ByteBuffer octets, long size) {
        try {
            Reader in = new Reader(octets.slice(), size);
            if (in.number() != VERSION) {
                return Optional.empty();
            }
            Details details;
            if (in.number() == 1) {
                details = Details.of(in.part(0, 0, size));
            } else {
                details = new Details(in.envelope(), Optional.empty());
            }
            return in.octets.hasRemaining() ? Optional.empty() : Optional.of(details);
        } catch (Broken | NoSuchElementException e) {
            return Optional.empty();
        }
    }

    private static final class Broken extends Exception {
        Broken() {
            super("broken details", null, false, false);
        }
    }

    private static final class Writer {
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream(512);

        void number(long value) {
            long left = value;
            while (left > 0x7f) {
                octets.write((int) (left & 0x7f | 0x80));
                left >>>= 7;
            }
            octets.write((int) left);
        }

        void text(String value) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            number(utf8.length);
            octets.writeBytes(utf8);
        }

        /** Absent is 0, anything else its length and 1 more. */
        void optional(Optional<String> value) {
            if (value.isEmpty()) {
                number(0);
            } else {
                byte[] utf8 = value.get().getBytes(StandardCharsets.UTF_8);
                number(utf8.length + 1);
                octets.writeBytes(utf8);
            }
        }

        void map(Map<String, String> map) {
            number(map.size());
            map.forEach((name, value) -> {
                text(name);
                text(value);
            });
        }

        /** Offsets are counted from where the part around it begins. */
        void part(MimePart part, long base) {
            number(part.headerStart() - base);
            number(part.bodyStart() - part.headerStart());
            number(part.end() - part.bodyStart());
            number(part.lines());
            text(part.type());
            text(part.subtype());
            map(part.parameters());
            optional(part.id());
            optional(part.description());
            text(part.encoding());
            optional(part.disposition());
            map(part.dispositionParameters());
            optional(part.md5());
            number(part.languages().size());
            part.languages().forEach(this::text);
            optional(part.location());
            number(part.envelope().isPresent() ? 1 : 0);
            part.envelope().ifPresent(this::envelope);
            number(part.children().size());
            part.children().forEach(child -> part(child, part.headerStart()));
        }

        void envelope(MessageEnvelope envelope) {
            optional(envelope.date());
            optional(envelope.subject());
            addresses(envelope.from());
            addresses(envelope.sender());
            addresses(envelope.replyTo());
            addresses(envelope.to());
            addresses(envelope.cc());
            addresses(envelope.bcc());
            optional(envelope.inReplyTo());
            optional(envelope.messageId());
            number(envelope.references().size());
            envelope.references().forEach(this::text);
        }

        private void addresses(List<MessageEnvelope.Address> addresses) {
            number(addresses.size());
            for (MessageEnvelope.Address address : addresses) {
                optional(address.displayName());
                optional(address.mailbox());
                optional(address.host());
            }
        }
    }

    private static final class Reader {
        private final ByteBuffer octets;
        private final long size;

        Reader(ByteBuffer octets, long size) {
            this.octets = octets;
            this.size = size;
        }

        long number() throws Broken {
            long value = 0;
            for (int shift = 0; shift < 63; shift += 7) {
                if (!octets.hasRemaining()) {
                    throw new Broken();
                }
                byte next = octets.get();
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new Broken();
        }

        /** How many of something follow, each of which takes at least so many octets. */
        int count(int least) throws Broken {
            long count = number();
            if (count < 0 || count > octets.remaining() / least) {
                throw new Broken();
            }
            return (int) count;
        }

        private String text(long length) throws Broken {
            if (length < 0 || length > octets.remaining()) {
                throw new Broken();
            }
            ByteBuffer utf8 = octets.slice(octets.position(), (int) length);
            octets.position(octets.position() + (int) length);
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
            } catch (CharacterCodingException e) {
                throw new Broken();
            }
        }

        String text() throws Broken {
            return text(number());
        }

        Optional<String> optional() throws Broken {
            long length = number();
            return length == 0 ? Optional.empty() : Optional.of(text(length - 1));
        }

        List<String> texts() throws Broken {
            int count = count(1);
            List<String> found = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                found.add(text());
            }
            return found;
        }

        Map<String, String> map() throws Broken {
            int count = count(2);
            Map<String, String> found = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                found.put(text(), text());
            }
            return Collections.unmodifiableMap(found);
        }

        /** An offset or length that ends inside the message. */
        private long inside(long from) throws Broken {
            long length = number();
            if (length < 0 || length > size - from) {
                throw new Broken();
            }
            return from + length;
        }

        MimePart part(int depth, long base, long limit) throws Broken {
            if (depth > MAX_DEPTH) {
                throw new Broken();
            }
            long headerStart = inside(base);
            long bodyStart = inside(headerStart);
            long end = inside(bodyStart);
            long lines = number();
            if (end > limit || lines > size) {
                throw new Broken();
            }
            String type = text();
            String subtype = text();
            Map<String, String> parameters = map();
            Optional<String> id = optional();
            Optional<String> description = optional();
            String encoding = text();
            Optional<String> disposition = optional();
            Map<String, String> dispositionParameters = map();
            Optional<String> md5 = optional();
            List<String> languages = texts();
            Optional<String> location = optional();
            Optional<MessageEnvelope> envelope = number() == 1 ? Optional.of(envelope()) : Optional.empty();
            int count = count(10);
            List<MimePart> children = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                children.add(part(depth + 1, headerStart, end));
            }
            return new MimePart(
                    headerStart,
                    bodyStart,
                    end,
                    lines,
                    type,
                    subtype,
                    parameters,
                    id,
                    description,
                    encoding,
                    disposition,
                    dispositionParameters,
                    md5,
                    languages,
                    location,
                    children,
                    envelope);
        }

        MessageEnvelope envelope() throws Broken {
            return new MessageEnvelope(
                    optional(),
                    optional(),
                    addresses(),
                    addresses(),
                    addresses(),
                    addresses(),
                    addresses(),
                    addresses(),
                    optional(),
                    optional(),
                    texts());
        }

        private List<MessageEnvelope.Address> addresses() throws Broken {
            int count = count(3);
            List<MessageEnvelope.Address> found = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                found.add(new MessageEnvelope.Address(optional(), optional(), optional()));
            }
            return found;
        }
    }
}
