package org.mailrack.mailbox.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import org.mailrack.api.mail.ContentRef;

/**
 * Content references of a chunk. A reference that consists of two numbers to the base 36 with a hyphen between, as those of the content
 * log do, is kept as two numbers; when a chunk has any other, it keeps all of them as text. Immutable.
 */
final class Refs {

    /** Digits that fit a long for certain. */
    private static final int DIGITS = 12;

    /** The first number of each; null when they are text. */
    final Column first;
    /** The second number of each; or where the text of each ends, counted from {@code text}. */
    final Column second;

    private final byte[] data;
    /** Where the texts begin. */
    final int text;

    /** References that are there already. */
    Refs(byte[] data, Column first, Column second, int text) {
        this.data = data;
        this.first = first;
        this.second = second;
        this.text = text;
    }

    ContentRef get(int index) {
        return new ContentRef(value(index));
    }

    private String value(int index) {
        if (first != null) {
            return value(first.get(index), second.get(index));
        }
        int from = index == 0 ? 0 : (int) second.get(index - 1);
        return new String(data, text + from, (int) second.get(index) - from, StandardCharsets.ISO_8859_1);
    }

    private static String value(long first, long second) {
        return Long.toString(first, 36) + '-' + Long.toString(second, 36);
    }

    /** The number in a part of a text, or -1 when that is not exactly how the number would be written. */
    private static long number(String text, int from, int to) {
        int digits = to - from;
        if (digits < 1 || digits > DIGITS || digits > 1 && text.charAt(from) == '0') {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                number = number * 36 + c - '0';
            } else if (c >= 'a' && c <= 'z') {
                number = number * 36 + c - 'a' + 10;
            } else {
                return -1;
            }
        }
        return number;
    }

    /** Collects references. */
    static final class Builder {
        private final long[] firsts = new long[Chunk.ROWS];
        private final long[] seconds = new long[Chunk.ROWS];
        /** References that are not two numbers; null when there are none. */
        private String[] texts;

        private byte[] octets;

        void set(int index, ContentRef ref) {
            set(index, ref.value());
        }

        void set(int index, Refs from, int i) {
            if (from.first != null) {
                firsts[index] = from.first.get(i);
                seconds[index] = from.second.get(i);
            } else {
                set(index, from.value(i));
            }
        }

        private void set(int index, String value) {
            int hyphen = value.indexOf('-');
            long first = number(value, 0, hyphen);
            long second = number(value, hyphen + 1, value.length());
            if (first >= 0 && second >= 0) {
                firsts[index] = first;
                seconds[index] = second;
            } else {
                texts = texts == null ? new String[Chunk.ROWS] : texts;
                texts[index] = value;
            }
        }

        /** Plans of one or two columns; those of texts are followed by the texts. */
        Column.Plan[] plan(int count) {
            if (texts == null) {
                return new Column.Plan[] {Column.Plan.of(firsts, count), Column.Plan.of(seconds, count)};
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream(count * 16);
            long[] ends = new long[count];
            for (int i = 0; i < count; i++) {
                String value = texts[i] == null ? value(firsts[i], seconds[i]) : texts[i];
                all.writeBytes(value.getBytes(StandardCharsets.ISO_8859_1));
                ends[i] = all.size();
            }
            octets = all.toByteArray();
            return new Column.Plan[] {Column.Plan.of(ends, count)};
        }

        /** The texts that were planned. */
        byte[] texts() {
            return octets == null ? new byte[0] : octets;
        }

        void clear() {
            texts = null;
            octets = null;
        }
    }
}
