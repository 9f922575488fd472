package org.mailrack.imap.internal.fetch;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.mailrack.api.mailbox.MessageEnvelope;
import org.mailrack.api.mailbox.MessageEnvelope.Address;
import org.mailrack.api.mailbox.MimePart;
import org.mailrack.imap.internal.codec.Encoder;

/** Writes ENVELOPE, BODY and BODYSTRUCTURE (RFC 3501 section 7.4.2). */
final class Structures {

    private Structures() {}

    static void envelope(Encoder out, MessageEnvelope envelope) {
        out.raw('(').nstring(envelope.date()).raw(' ').nstring(envelope.subject());
        // An absent Sender or Reply-To is told as From.
        addresses(out, envelope.from());
        addresses(out, envelope.sender().isEmpty() ? envelope.from() : envelope.sender());
        addresses(out, envelope.replyTo().isEmpty() ? envelope.from() : envelope.replyTo());
        addresses(out, envelope.to());
        addresses(out, envelope.cc());
        addresses(out, envelope.bcc());
        out.raw(' ').nstring(envelope.inReplyTo()).raw(' ').nstring(envelope.messageId());
        out.raw(')');
    }

    private static void addresses(Encoder out, List<Address> list) {
        out.raw(' ');
        if (list.isEmpty()) {
            out.nil();
            return;
        }
        out.raw('(');
        for (Address address : list) {
            out.raw('(').nstring(address.displayName()).raw(" NIL ");
            out.nstring(address.mailbox()).raw(' ').nstring(address.host()).raw(')');
        }
        out.raw(')');
    }

    static void body(Encoder out, MimePart part, boolean extended) {
        out.raw('(');
        if (part.isMultipart()) {
            multipart(out, part, extended);
        } else {
            single(out, part, extended);
        }
        out.raw(')');
    }

    private static void multipart(Encoder out, MimePart part, boolean extended) {
        if (part.children().isEmpty()) {
            // The grammar wants a part in a multipart; a broken one may have none.
            out.raw("(\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0)");
        }
        part.children().forEach(child -> body(out, child, extended));
        out.raw(' ').string(part.subtype());
        if (extended) {
            parameters(out.raw(' '), part.parameters());
            tail(out, part);
        }
    }

    private static void single(Encoder out, MimePart part, boolean extended) {
        out.string(part.type()).raw(' ').string(part.subtype()).raw(' ');
        parameters(out, part.parameters());
        out.raw(' ').nstring(part.id()).raw(' ').nstring(part.description()).raw(' ');
        out.string(part.encoding()).raw(' ').number(part.size());
        if (part.isMessage() && part.subtype().equals("rfc822")) {
            MimePart message = part.children().get(0);
            out.raw(' ');
            envelope(out, message.envelope().orElse(NOTHING));
            out.raw(' ');
            body(out, message, extended);
            out.raw(' ').number(part.lines());
        } else if (part.type().equals("text")) {
            out.raw(' ').number(part.lines());
        }
        if (extended) {
            out.raw(' ').nstring(part.md5());
            tail(out, part);
        }
    }

    private static final MessageEnvelope NOTHING = new MessageEnvelope(
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            List.of());

    /** Disposition, language and location. */
    private static void tail(Encoder out, MimePart part) {
        out.raw(' ');
        if (part.disposition().isPresent()) {
            out.raw('(').string(part.disposition().get()).raw(' ');
            parameters(out, part.dispositionParameters());
            out.raw(')');
        } else {
            out.nil();
        }
        out.raw(' ');
        if (part.languages().isEmpty()) {
            out.nil();
        } else {
            out.raw('(');
            for (int i = 0; i < part.languages().size(); i++) {
                out.raw(i == 0 ? "" : " ").string(part.languages().get(i));
            }
            out.raw(')');
        }
        out.raw(' ').nstring(part.location());
    }

    private static void parameters(Encoder out, Map<String, String> parameters) {
        if (parameters.isEmpty()) {
            out.nil();
            return;
        }
        out.raw('(');
        boolean first = true;
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            out.raw(first ? "" : " ").string(parameter.getKey()).raw(' ').string(parameter.getValue());
            first = false;
        }
        out.raw(')');
    }
}
