package org.mailrack.imap.internal.fetch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mailbox.MimePart;
import org.mailrack.imap.internal.fetch.FetchItem.Kind;
import org.mailrack.imap.internal.fetch.FetchItem.Section;

/** Finds sections in a message (RFC 3501 section 6.4.5). */
final class Sections {

    private Sections() {}

    /** Octets of a content. */
    record Span(long offset, long count) {
        static Span between(long from, long to) {
            return new Span(from, Math.max(0, to - from));
        }

        /** The octets that a partial fetch asks for; an origin after the end gives none. */
        Span partial(Section section) {
            if (section.offset() < 0) {
                return this;
            }
            long skip = Math.min(section.offset(), count);
            return new Span(offset + skip, Math.min(section.count(), count - skip));
        }
    }

    /**
     * Where a section is, or null when the message has no such part. For single header fields it is where their header is.
     *
     * @param root the structure; may be null for the whole message
     */
    static Span find(Section section, long length, MimePart root) {
        if (section.parts().isEmpty()) {
            return switch (section.kind()) {
                case ALL -> new Span(0, length);
                case TEXT -> Span.between(root.bodyStart(), length);
                default -> Span.between(root.headerStart(), root.bodyStart());
            };
        }
        MimePart part = part(section.parts(), root);
        if (part == null) {
            return null;
        }
        if (section.kind() == Kind.ALL) {
            return Span.between(part.bodyStart(), part.end());
        }
        if (section.kind() == Kind.MIME) {
            return Span.between(part.headerStart(), part.bodyStart());
        }
        if (!part.isMessage()) {
            return null;
        }
        MimePart message = part.children().get(0);
        return section.kind() == Kind.TEXT
                ? Span.between(message.bodyStart(), message.end())
                : Span.between(message.headerStart(), message.bodyStart());
    }

    private static MimePart part(List<Integer> numbers, MimePart root) {
        List<MimePart> parts = partsOf(root);
        MimePart part = null;
        for (int number : numbers) {
            if (number > parts.size()) {
                return null;
            }
            part = parts.get(number - 1);
            if (part.isMultipart()) {
                parts = part.children();
            } else {
                parts = part.isMessage() ? partsOf(part.children().get(0)) : List.of();
            }
        }
        return part;
    }

    /** The numbered parts of a message: one that is not multipart has itself as part 1. */
    private static List<MimePart> partsOf(MimePart message) {
        return message.isMultipart() ? message.children() : List.of(message);
    }

    /** The header fields that a section names, or those that it does not name, and an empty line. */
    static byte[] fields(Section section, Content content, Span header, int limit) throws IOException {
        int count = (int) Math.min(header.count(), limit);
        byte[] octets;
        try (InputStream stream = content.open(header.offset(), count)) {
            octets = stream.readNBytes(count);
        }
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(section.names());
        boolean wanted = section.kind() == Kind.FIELDS;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int start = 0;
        while (start < octets.length) {
            int end = fieldEnd(octets, start);
            String name = name(octets, start, end);
            if (name != null && names.contains(name) == wanted) {
                out.write(octets, start, end - start);
            }
            start = end;
        }
        out.write('\r');
        out.write('\n');
        return out.toByteArray();
    }

    /** Where a field ends: before the next line that is no continuation. */
    private static int fieldEnd(byte[] octets, int start) {
        int i = start;
        while (i < octets.length) {
            if (octets[i++] == '\n' && (i == octets.length || octets[i] != ' ' && octets[i] != '\t')) {
                break;
            }
        }
        return i;
    }

    /** The field's name, or null for a line that is no field. */
    private static String name(byte[] octets, int start, int end) {
        for (int i = start; i < end && octets[i] != '\n'; i++) {
            if (octets[i] == ':') {
                return new String(octets, start, i - start, StandardCharsets.ISO_8859_1).stripTrailing();
            }
        }
        return null;
    }
}
