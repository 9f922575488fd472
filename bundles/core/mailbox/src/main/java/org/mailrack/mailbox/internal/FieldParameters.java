package org.mailrack.mailbox.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A structured MIME field: a value, then parameters (RFC 2045 section 5.1), whose long or foreign values may be cut and encoded
 * (RFC 2231). Takes what mail programs really write: no quotes where they should be, no semicolon, no end.
 */
final class FieldParameters {

    private static final int MAX = 200;
    private static final int MAX_SECTIONS = 1_000;

    private final String text;
    private int at;
    private final Map<String, String> plain = new LinkedHashMap<>();
    private final Map<String, TreeMap<Integer, Section>> cut = new HashMap<>();
    private int sections;

    private record Section(String value, boolean encoded) {}

    /** A field's value in lower case and its parameters by lower-case name. */
    record Parsed(String value, Map<String, String> parameters) {}

    private FieldParameters(String text) {
        this.text = text;
    }

    static Parsed parse(String field) {
        return new FieldParameters(field).parse();
    }

    private Parsed parse() {
        skipBlank();
        int from = at;
        while (at < text.length() && !isBlank(text.charAt(at)) && text.charAt(at) != ';' && text.charAt(at) != '(') {
            at++;
        }
        String value = text.substring(from, at).toLowerCase(Locale.ROOT);
        skipBlank();
        // "text / plain" is written too.
        if (at < text.length() && (text.charAt(at) == '/' || value.endsWith("/"))) {
            from = at;
            while (at < text.length()
                    && !isBlank(text.charAt(at))
                    && text.charAt(at) != ';'
                    && text.charAt(at) != '(') {
                at++;
            }
            value += text.substring(from, at).toLowerCase(Locale.ROOT);
            if (value.endsWith("/")) {
                skipBlank();
                from = at;
                while (at < text.length() && !isBlank(text.charAt(at)) && text.charAt(at) != ';') {
                    at++;
                }
                value += text.substring(from, at).toLowerCase(Locale.ROOT);
            }
        }
        while (at < text.length() && plain.size() + sections < MAX_SECTIONS) {
            parameter();
        }
        return new Parsed(value, joined());
    }

    private void parameter() {
        skipBlank();
        while (at < text.length() && text.charAt(at) == ';') {
            at++;
            skipBlank();
        }
        int from = at;
        while (at < text.length() && text.charAt(at) != '=' && text.charAt(at) != ';' && !isBlank(text.charAt(at))) {
            at++;
        }
        String name = text.substring(from, at).toLowerCase(Locale.ROOT);
        skipBlank();
        if (at == text.length() || text.charAt(at) != '=') {
            // No parameter: what comes next may be one.
            at = Math.max(at, Math.min(text.length(), from + 1));
            return;
        }
        at++;
        skipBlank();
        String value = at < text.length() && text.charAt(at) == '"' ? quoted() : bare();
        if (!name.isEmpty()) {
            put(name, value);
        }
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        at++;
        return value.toString();
    }

    /** Up to the next semicolon or comment: an unquoted file name may have spaces. */
    private String bare() {
        int from = at;
        while (at < text.length()
                && text.charAt(at) != ';'
                && !(text.charAt(at) == '(' && isBlank(text.charAt(at - 1)))) {
            at++;
        }
        return text.substring(from, at).strip();
    }

    /** Skips white space and comments (RFC 822 section 3.4.3). */
    private void skipBlank() {
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '(') {
                depth++;
            } else if (depth > 0) {
                if (c == ')') {
                    depth--;
                } else if (c == '\\') {
                    at++;
                }
            } else if (!isBlank(c)) {
                return;
            }
            at++;
        }
        at = Math.min(at, text.length());
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    /** Takes a parameter, {@code name}, {@code name*}, {@code name*0} or {@code name*0*}; the first of a name counts. */
    private void put(String name, String value) {
        int star = name.indexOf('*');
        if (star == 0) {
            return;
        }
        if (star < 0) {
            if (plain.size() < MAX) {
                plain.putIfAbsent(name, value);
            }
            return;
        }
        boolean encoded = name.endsWith("*");
        String number =
                encoded ? name.substring(star + 1, Math.max(star + 1, name.length() - 1)) : name.substring(star + 1);
        int section;
        try {
            section = number.isEmpty() ? 0 : Integer.parseInt(number);
        } catch (NumberFormatException e) {
            section = -1;
        }
        if (section < 0 || cut.size() >= MAX && !cut.containsKey(name.substring(0, star))) {
            return;
        }
        sections++;
        cut.computeIfAbsent(name.substring(0, star), n -> new TreeMap<>())
                .putIfAbsent(section, new Section(value, encoded));
    }

    private Map<String, String> joined() {
        cut.forEach((name, found) -> {
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            Charset charset = StandardCharsets.UTF_8;
            int next = 0;
            for (Map.Entry<Integer, Section> entry : found.entrySet()) {
                if (entry.getKey() != next++) {
                    break;
                }
                String value = entry.getValue().value();
                if (entry.getValue().encoded() && entry.getKey() == 0) {
                    int language = value.indexOf('\'');
                    int start = language < 0 ? -1 : value.indexOf('\'', language + 1);
                    if (start >= 0) {
                        charset = Charsets.orElse(value.substring(0, language), StandardCharsets.UTF_8);
                        value = value.substring(start + 1);
                    }
                }
                octets.writeBytes(entry.getValue().encoded() ? percent(value) : value.getBytes(charset(charset)));
            }
            if (next > 0 && found.containsKey(0)) {
                plain.put(name, clean(octets.toString(charset)));
            }
        });
        return Collections.unmodifiableMap(plain);
    }

    /** Some charsets can only be read. */
    private static Charset charset(Charset charset) {
        return charset.canEncode() ? charset : StandardCharsets.UTF_8;
    }

    private static String clean(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return HeaderFields.text(octets, octets.length);
    }

    private static byte[] percent(String value) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '%'
                    && i + 2 < value.length()
                    && Character.digit(value.charAt(i + 1), 16) >= 0
                    && Character.digit(value.charAt(i + 2), 16) >= 0) {
                octets.write(Character.digit(value.charAt(i + 1), 16) << 4 | Character.digit(value.charAt(i + 2), 16));
                i += 2;
            } else {
                octets.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return octets.toByteArray();
    }
}
