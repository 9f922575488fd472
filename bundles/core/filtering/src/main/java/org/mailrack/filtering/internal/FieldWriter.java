package org.mailrack.filtering.internal;

import org.mailrack.filtering.internal.HeaderSection.BadEdit;

/**
 * Writes a header field: folded at 78 characters (RFC 5322 section 2.2.3), words that are not ASCII as encoded words (RFC 2047).
 * What could break out of the field is refused.
 */
final class FieldWriter {

    private static final int LINE = 78;
    /** Characters of a value; a filter that wants more has gone mad. */
    private static final int MAX_VALUE = 64 * 1024;
    /** An ASCII word longer than this is encoded too, so that it can be folded within the 998 of RFC 5322 section 2.1.1. */
    private static final int MAX_WORD = 900;

    private FieldWriter() {}

    /** The field with its line end. */
    static String write(String name, String value) throws BadEdit {
        check(name, value);
        String text = encoded(value.strip());
        StringBuilder field = new StringBuilder(name).append(':');
        int lineStart = 0;
        int at = 0;
        while (at < text.length()) {
            int spaces = at;
            while (spaces < text.length() && isSpace(text.charAt(spaces))) {
                spaces++;
            }
            int end = spaces;
            while (end < text.length() && !isSpace(text.charAt(end))) {
                end++;
            }
            // The first word stays on the line of the name: a line of white space only is obsolete syntax.
            if (at > 0 && field.length() - lineStart + end - at > LINE) {
                field.append("\r\n");
                lineStart = field.length();
            }
            field.append(at == 0 ? " " : "").append(text, at, end);
            at = end;
        }
        return field.append("\r\n").toString();
    }

    private static void check(String name, String value) throws BadEdit {
        if (name == null || value == null) {
            throw new BadEdit("header name or value is null");
        }
        if (name.isEmpty()
                || name.length() > LINE - 2
                || !name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':')) {
            throw new BadEdit("header name is no field name");
        }
        if (value.length() > MAX_VALUE) {
            throw new BadEdit("value of header " + name + " is too long");
        }
        if (value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f)) {
            throw new BadEdit("value of header " + name + " has a line end or another control character");
        }
    }

    /** Encodes each run of words that cannot stand as they are, with the white space inside the run. */
    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        int runStart = -1;
        int runEnd = -1;
        int at = 0;
        while (at < text.length()) {
            int end = at;
            while (end < text.length() && !isSpace(text.charAt(end))) {
                end++;
            }
            int next = end;
            while (next < text.length() && isSpace(text.charAt(next))) {
                next++;
            }
            if (needsEncoding(text, at, end)) {
                runStart = runStart < 0 ? at : runStart;
                runEnd = end;
            } else {
                if (runStart >= 0) {
                    encoded.append(EncodedWords.encode(text.substring(runStart, runEnd)))
                            .append(text, runEnd, at);
                    runStart = -1;
                }
                encoded.append(text, at, next);
            }
            at = next;
        }
        if (runStart >= 0) {
            encoded.append(EncodedWords.encode(text.substring(runStart, runEnd)));
        }
        return encoded.toString();
    }

    private static boolean needsEncoding(String text, int from, int to) {
        if (to - from > MAX_WORD) {
            return true;
        }
        for (int i = from; i < to; i++) {
            // What looks like an encoded word would be decoded by the reader.
            if (text.charAt(i) > 0x7e || text.charAt(i) == '=' && i + 1 < to && text.charAt(i + 1) == '?') {
                return true;
            }
        }
        return false;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
