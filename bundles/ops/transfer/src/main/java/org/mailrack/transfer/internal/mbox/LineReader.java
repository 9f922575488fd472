package org.mailrack.transfer.internal.mbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Cuts a stream into lines, and lines that are very long into several pieces. */
final class LineReader {

    private static final int MAX_PIECE = 32 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[2 * MAX_PIECE];
    private int from;
    private int to;
    private boolean end;

    /** The piece at hand: where it is in {@link #octets}. */
    private int offset;

    private int length;
    private boolean first;
    private boolean last = true;

    LineReader(InputStream in) {
        this.in = in;
    }

    /** Goes to the next piece; false at the end of the stream. */
    boolean next() throws IOException {
        first = last;
        int scanned = 0;
        while (true) {
            for (int i = from + scanned; i < to; i++) {
                if (buffer[i] == '\n') {
                    return piece(i + 1 - from, true);
                }
            }
            scanned = to - from;
            if (scanned >= MAX_PIECE) {
                return piece(MAX_PIECE, false);
            }
            if (end) {
                return scanned > 0 && piece(scanned, true);
            }
            fill();
        }
    }

    private void fill() throws IOException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        int count = in.read(buffer, to, buffer.length - to);
        if (count < 0) {
            end = true;
        } else {
            to += count;
        }
    }

    private boolean piece(int count, boolean whole) {
        offset = from;
        length = count;
        from += count;
        last = whole;
        return true;
    }

    /** Has the piece at {@link #offset}; valid until the next call of {@link #next}. */
    byte[] octets() {
        return buffer;
    }

    int offset() {
        return offset;
    }

    /** Octets of the piece, its line end too. */
    int length() {
        return length;
    }

    /** Octets without the line end. */
    int textLength() {
        int count = length;
        if (count > 0 && buffer[offset + count - 1] == '\n') {
            count--;
            if (count > 0 && buffer[offset + count - 1] == '\r') {
                count--;
            }
        }
        return count;
    }

    /** Whether the piece is at the start of a line. */
    boolean first() {
        return first;
    }

    /** Whether the piece is all of a line. */
    boolean whole() {
        return first && last;
    }

    /** Whether it ends the line. */
    boolean last() {
        return last;
    }

    boolean blank() {
        return first && textLength() == 0 && last;
    }

    boolean startsWith(String ascii) {
        return textAt(0, ascii);
    }

    /** How many {@code >} stand before {@code From } at the start of a line; -1 when it is no such line. */
    int fromQuotes() {
        if (!first) {
            return -1;
        }
        int quotes = 0;
        while (quotes < length && buffer[offset + quotes] == '>') {
            quotes++;
        }
        return textAt(quotes, "From ") ? quotes : -1;
    }

    private boolean textAt(int index, String ascii) {
        if (length - index < ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (buffer[offset + index + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The name of the field that begins here (RFC 5322 section 2.2), as it is written; empty when none does. */
    String fieldName() {
        if (!first) {
            return "";
        }
        int count = textLength();
        int end = 0;
        while (end < count
                && buffer[offset + end] > ' '
                && buffer[offset + end] != ':'
                && buffer[offset + end] != 127) {
            end++;
        }
        int colon = end;
        while (colon < count && (buffer[offset + colon] == ' ' || buffer[offset + colon] == '\t')) {
            colon++;
        }
        boolean field = end > 0 && colon < count && buffer[offset + colon] == ':';
        return field ? new String(buffer, offset, end, StandardCharsets.US_ASCII) : "";
    }

    /** Whether it goes on with the field of the line before. */
    boolean continuation() {
        return textLength() > 0 && (buffer[offset] == ' ' || buffer[offset] == '\t');
    }

    /** The piece without its line end, octet by octet. */
    String text() {
        return new String(buffer, offset, textLength(), StandardCharsets.ISO_8859_1);
    }
}
