package org.mailrack.shell.internal;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Writes JSON (RFC 8259). */
final class Json {

    private static final int MAX_DEPTH = 64;

    private final StringBuilder out = new StringBuilder();

    private Json() {}

    /** A value as JSON text: null, booleans, numbers, collections, arrays, maps and records as themselves, all else as text. */
    static String of(Object value) {
        Json json = new Json();
        json.write(value, 0);
        return json.out.toString();
    }

    private void write(Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested too deep for JSON");
        }
        if (value == null || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Optional<?> optional) {
            write(optional.orElse(null), depth);
        } else if (value instanceof Number number) {
            number(number);
        } else if (value instanceof Map<?, ?> map) {
            object(map, depth);
        } else if (value instanceof Record row) {
            object(Rows.fields(row), depth);
        } else if (value instanceof Collection<?> values) {
            array(values, depth);
        } else if (value.getClass().isArray()) {
            array(Rows.elements(value), depth);
        } else {
            text(value.toString());
        }
    }

    private void number(Number number) {
        double value = number.doubleValue();
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            // JSON has no such numbers (section 6).
            out.append("null");
        } else {
            out.append(number);
        }
    }

    private void object(Map<?, ?> map, int depth) {
        out.append('{');
        String comma = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(comma);
            text(String.valueOf(entry.getKey()));
            out.append(':');
            write(entry.getValue(), depth + 1);
            comma = ",";
        }
        out.append('}');
    }

    private void array(Collection<?> values, int depth) {
        out.append('[');
        String comma = "";
        for (Object value : values) {
            out.append(comma);
            write(value, depth + 1);
            comma = ",";
        }
        out.append(']');
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    boolean paired = Character.isHighSurrogate(c)
                                    && i + 1 < text.length()
                                    && Character.isLowSurrogate(text.charAt(i + 1))
                            || Character.isLowSurrogate(c) && i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
                    // Half a surrogate pair cannot be written in UTF-8; DEL and C1 could steer a terminal.
                    if (c < 0x20 || c >= 0x7f && c < 0xa0 || Character.isSurrogate(c) && !paired) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
