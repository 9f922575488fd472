package org.mailrack.smtp.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keeps the header section of a message (RFC 5322 section 2.2) while the message streams by, and finds where it ends: at the
 * empty line, or at the first line that is no header field, because a client may send no header, or garbage in it, and every
 * reader must then agree on where the body begins. An mbox {@code From } line before a header is no part of the message.
 */
final class HeadCollector {

    private final int maxSize;
    private byte[] buffer = new byte[1024];
    private int length;
    private int scanned;
    private int lineStart;
    private final List<MessageHead.Field> fields = new ArrayList<>();
    /** Where the fields begin: after an mbox line, or 0. */
    private int fieldsStart;

    private boolean done;
    private boolean separated;

    HeadCollector(int maxSize) {
        this.maxSize = maxSize;
    }

    /** Takes the next octets of the message; false when the header is larger than allowed. */
    boolean add(ByteBuffer octets) {
        ByteBuffer more = octets.duplicate();
        while (!done && more.hasRemaining()) {
            // Piece by piece, so that a large body that comes with a small header is not copied.
            int count = Math.min(more.remaining(), 1024);
            if (length + count > buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + count));
            }
            more.get(buffer, length, count);
            length += count;
            scan();
            // Once done, lineStart is where the header ends.
            if ((done ? lineStart : length) > maxSize) {
                return false;
            }
        }
        return true;
    }

    private void scan() {
        while (!done && scanned < length) {
            if (buffer[scanned++] == '\n') {
                line(lineStart, scanned);
                lineStart = done ? lineStart : scanned;
            }
        }
    }

    private void line(int start, int end) {
        byte first = buffer[start];
        if (end - start <= 2 && first == '\r') {
            separated = true;
            end();
        } else if (first == ' ' || first == '\t') {
            if (fields.isEmpty()) {
                end();
            } else {
                MessageHead.Field last = fields.remove(fields.size() - 1);
                fields.add(new MessageHead.Field(last.name(), last.start(), end));
            }
        } else {
            int nameEnd = nameEnd(start, end);
            if (nameEnd > 0) {
                fields.add(new MessageHead.Field(MessageHead.ascii(buffer, start, nameEnd), start, end));
            } else if (start == 0 && isMboxLine(end)) {
                fieldsStart = end;
            } else {
                end();
            }
        }
    }

    private void end() {
        done = true;
    }

    /** The end of the field's name, or -1 when the line is no header field. */
    private int nameEnd(int start, int end) {
        int at = start;
        while (at < end && buffer[at] > ' ' && buffer[at] < 0x7f && buffer[at] != ':') {
            at++;
        }
        int nameEnd = at;
        // White space before the colon is obsolete syntax, RFC 5322 section 4.5.
        while (at < end && (buffer[at] == ' ' || buffer[at] == '\t')) {
            at++;
        }
        return nameEnd > start && at < end && buffer[at] == ':' ? nameEnd : -1;
    }

    private boolean isMboxLine(int end) {
        String line = MessageHead.ascii(buffer, 0, Math.min(end, 6));
        return line.startsWith("From ") || line.startsWith(">From ");
    }

    /** The header section, when the whole message was added. */
    MessageHead finish() {
        if (fields.isEmpty()) {
            // Without a field after it, a line that looks like mbox is text, and stays. An empty line ends a header
            // only at
            // the very top then.
            return new MessageHead(new byte[0], 0, 0, List.of(), separated && fieldsStart == 0);
        }
        int end = fields.get(fields.size() - 1).end();
        return new MessageHead(Arrays.copyOf(buffer, end), fieldsStart, end, fields, separated);
    }
}
