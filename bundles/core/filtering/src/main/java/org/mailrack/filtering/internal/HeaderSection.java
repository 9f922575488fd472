package org.mailrack.filtering.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.mailrack.api.filter.HeaderEdit;
import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.Header;

/**
 * The header section of a message (RFC 5322 section 2.2) and what edits make of it. Fields that are not edited keep their octets,
 * so that signatures over them stay good. Immutable.
 *
 * @param length octets of the content that it stands for, with the empty line if there is one
 * @param fields the fields from the top
 */
record HeaderSection(long length, List<Field> fields) {

    /** An edit that cannot be done; the filter that asked for it has failed. */
    static final class BadEdit extends Exception {
        private static final long serialVersionUID = 1L;

        BadEdit(String message) {
            super(message);
        }
    }

    /** A field with its octets as they stand in the message, line end included. */
    record Field(Header header, byte[] octets) {}

    HeaderSection {
        fields = List.copyOf(fields);
    }

    /**
     * Reads the header section. A message may have none, or garbage where it should be: the section ends at the empty line, or
     * before the first line that is no header field.
     *
     * @return empty when the section is larger than {@code maxSize}
     */
    static Optional<HeaderSection> read(Content content, int maxSize) throws IOException {
        byte[] octets;
        try (InputStream in = content.open(0, Math.min(content.length(), maxSize + 2L))) {
            octets = readHead(in);
        }
        List<Field> fields = new ArrayList<>();
        int fieldStart = 0;
        int nameEnd = -1;
        int at = 0;
        while (at < octets.length) {
            int end = lineEnd(octets, at);
            if (end == octets.length && octets.length < content.length() && octets[end - 1] != '\n') {
                return Optional.empty();
            }
            boolean continues = octets[at] == ' ' || octets[at] == '\t';
            if (!continues || nameEnd < 0) {
                if (nameEnd >= 0) {
                    fields.add(field(octets, fieldStart, nameEnd, at));
                }
                fieldStart = at;
                nameEnd = continues ? -1 : nameEnd(octets, at, end);
                if (nameEnd < 0) {
                    return Optional.of(new HeaderSection(isEmptyLine(octets, at, end) ? end : at, fields));
                }
            }
            at = end;
        }
        if (octets.length < content.length()) {
            return Optional.empty();
        }
        if (nameEnd >= 0) {
            fields.add(field(octets, fieldStart, nameEnd, at));
        }
        return Optional.of(new HeaderSection(at, fields));
    }

    /** Reads up to the empty line, and not much of a large body behind it. */
    private static byte[] readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream(4096);
        byte[] piece = new byte[4096];
        int newlines = 0;
        for (int count = in.read(piece); count > 0 && newlines < 2; count = newlines < 2 ? in.read(piece) : 0) {
            head.write(piece, 0, count);
            for (int i = 0; i < count && newlines < 2; i++) {
                newlines = piece[i] == '\n' ? newlines + 1 : piece[i] == '\r' ? newlines : 0;
            }
        }
        return head.toByteArray();
    }

    private static int lineEnd(byte[] octets, int from) {
        int at = from;
        while (at < octets.length && octets[at] != '\n') {
            at++;
        }
        return Math.min(at + 1, octets.length);
    }

    private static boolean isEmptyLine(byte[] octets, int from, int end) {
        return octets[from] == '\n' || octets[from] == '\r' && end == from + 2;
    }

    /** The end of the name of the field that begins there, or -1 when none does. */
    private static int nameEnd(byte[] octets, int from, int end) {
        int at = from;
        while (at < end && octets[at] > ' ' && octets[at] < 0x7f && octets[at] != ':') {
            at++;
        }
        int nameEnd = at;
        while (at < end && (octets[at] == ' ' || octets[at] == '\t')) {
            at++;
        }
        return nameEnd > from && at < end && octets[at] == ':' ? nameEnd : -1;
    }

    private static Field field(byte[] octets, int from, int nameEnd, int end) {
        String name = new String(octets, from, nameEnd - from, StandardCharsets.US_ASCII);
        String text = new String(octets, nameEnd, end - nameEnd, StandardCharsets.UTF_8);
        // Unfolded: the line ends go, the white space after them stays (RFC 5322 section 2.2.3).
        String value = text.substring(text.indexOf(':') + 1)
                .replace("\r", "")
                .replace("\n", "")
                .strip();
        return new Field(new Header(name, value), Arrays.copyOfRange(octets, from, end));
    }

    List<Header> headers() {
        return fields.stream().map(Field::header).toList();
    }

    /** The section after those edits, which may not make it larger than {@code maxSize}. */
    HeaderSection edited(List<HeaderEdit> edits, long maxSize) throws BadEdit {
        List<Field> changed = new ArrayList<>(fields);
        long written = 0;
        for (HeaderEdit edit : edits) {
            if (edit == null) {
                throw new BadEdit("edit is null");
            }
            if (written > maxSize) {
                throw new BadEdit("edits of more than " + maxSize + " octets");
            }
            if (edit instanceof HeaderEdit.Add add) {
                Field field = written(add.name(), add.value());
                written += field.octets().length;
                changed.add(0, field);
            } else if (edit instanceof HeaderEdit.Set set) {
                Field field = written(set.name(), set.value());
                written += field.octets().length;
                int at = 0;
                while (at < changed.size() && !changed.get(at).header().is(set.name())) {
                    at++;
                }
                if (at < changed.size()) {
                    changed.set(at, field);
                } else {
                    changed.add(field);
                }
            } else {
                changed.removeIf(f -> f.header().is(edit.name()));
            }
        }
        HeaderSection edited = new HeaderSection(length, changed);
        if (edited.size() > Math.max(maxSize, size())) {
            throw new BadEdit("header of more than " + maxSize + " octets");
        }
        return edited;
    }

    /** Octets of the fields. */
    private long size() {
        long size = 0;
        for (Field field : fields) {
            size += field.octets().length;
        }
        return size;
    }

    private static Field written(String name, String value) throws BadEdit {
        String octets = FieldWriter.write(name, value);
        return new Field(new Header(name, value.strip()), octets.getBytes(StandardCharsets.US_ASCII));
    }

    /** The octets of the section, with the empty line. */
    byte[] octets() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Field field : fields) {
            all.writeBytes(field.octets());
        }
        all.write('\r');
        all.write('\n');
        return all.toByteArray();
    }
}
