package org.mailrack.mailbox.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The fields of one header that we understand, by lower-case name, unfolded. Collects while lines come in. */
final class HeaderFields {

    /** Fields of which several are read as one; of any other the first counts. */
    private static final Set<String> LISTS =
            Set.of("from", "reply-to", "to", "cc", "bcc", "references", "content-language");

    private static final Set<String> MESSAGE = Set.of(
            "date",
            "subject",
            "sender",
            "in-reply-to",
            "message-id",
            "from",
            "reply-to",
            "to",
            "cc",
            "bcc",
            "references");

    private static final Set<String> PART = Set.of(
            "content-type",
            "content-transfer-encoding",
            "content-id",
            "content-description",
            "content-disposition",
            "content-md5",
            "content-language",
            "content-location");

    private final boolean message;
    private final Map<String, List<String>> values = new HashMap<>();
    private String name;
    private final OctetText text = new OctetText();

    HeaderFields(boolean message) {
        this.message = message;
    }

    /**
     * The length of the field name that a line begins with, 0 when it begins with none (RFC 5322 section 3.6.8, and white space
     * before the colon as in section 4.5).
     */
    static int nameLength(byte[] line, int length) {
        int end = 0;
        while (end < length && line[end] > ' ' && line[end] < 0x7f && line[end] != ':') {
            end++;
        }
        int colon = end;
        while (colon < length && (line[colon] == ' ' || line[colon] == '\t')) {
            colon++;
        }
        return colon < length && line[colon] == ':' ? end : 0;
    }

    /** Whether this is the line that mbox files put before a message; no field, but never meant as body. */
    static boolean isMboxLine(byte[] line, int length) {
        String start = new String(line, 0, Math.min(length, 6), StandardCharsets.ISO_8859_1);
        return start.startsWith("From ") || start.equals(">From ");
    }

    /** Begins a field; returns how many octets it keeps of it. */
    int field(byte[] line, int nameLength, int length) {
        finish();
        String lower = new String(line, 0, nameLength, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        boolean wanted = PART.contains(lower) || message && MESSAGE.contains(lower);
        if (!wanted || values.containsKey(lower) && !LISTS.contains(lower)) {
            return 0;
        }
        name = lower;
        int from = nameLength;
        while (line[from] != ':') {
            from++;
        }
        text.append(line, from + 1, length);
        return length;
    }

    /** Continues a field; returns how many octets it keeps. */
    int continuation(byte[] line, int length) {
        if (name == null) {
            return 0;
        }
        text.append(line, 0, length);
        return length;
    }

    /** Ends the header. */
    void finish() {
        if (name != null) {
            values.computeIfAbsent(name, n -> new ArrayList<>(1)).add(text.take());
            name = null;
        }
    }

    Optional<String> get(String field) {
        List<String> found = values.get(field);
        if (found == null || found.size() == 1) {
            return Optional.ofNullable(found).map(one -> one.get(0));
        }
        String separator = field.equals("references") ? " " : ", ";
        return Optional.of(found.stream().filter(value -> !value.isEmpty()).collect(Collectors.joining(separator)));
    }

    /** The octets of a field as text: UTF-8, or else ISO-8859-1, without control characters. */
    private static final class OctetText {
        private byte[] octets = new byte[256];
        private int used;

        void append(byte[] from, int start, int end) {
            int more = end - start;
            if (used + more > octets.length) {
                octets = Arrays.copyOf(octets, Math.max(2 * octets.length, used + more));
            }
            System.arraycopy(from, start, octets, used, more);
            used += more;
        }

        String take() {
            String result = text(octets, used);
            used = 0;
            if (octets.length > 8192) {
                octets = new byte[256];
            }
            return result;
        }
    }

    /** A field body as text: UTF-8, or else ISO-8859-1; tabs and stray controls as spaces; NUL left out; stripped. */
    static String text(byte[] octets, int length) {
        String raw;
        try {
            raw = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            raw = new String(octets, 0, length, StandardCharsets.ISO_8859_1);
        }
        StringBuilder clean = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != 0) {
                clean.append(c < ' ' || c == 0x7f ? ' ' : c);
            }
        }
        return clean.toString().strip();
    }
}
