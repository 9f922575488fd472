package org.mailrack.mailbox.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads lines with their offsets. A line ends with LF, with or without a CR before it: old mail has bare LF. Keeps no more of a
 * line than it is asked to.
 */
final class LineReader {

    private final InputStream in;
    private final byte[] buffer = new byte[16 << 10];
    private int at;
    private int limit;
    /** Offset in the stream of what is at {@code at}. */
    private long offset;

    private byte[] line = new byte[256];
    private int kept;
    private long start;
    private long length;
    private int eol;
    private long count;

    LineReader(InputStream in) {
        this.in = in;
    }

    /** Reads the next line, keeping at most {@code keep} octets of it; false at the end. */
    boolean next(int keep) throws IOException {
        start = offset;
        kept = 0;
        byte previous = 0;
        while (true) {
            if (at == limit) {
                limit = Math.max(0, in.read(buffer));
                at = 0;
                if (limit == 0) {
                    return ended(0);
                }
            }
            int from = at;
            while (at < limit && buffer[at] != '\n') {
                at++;
            }
            offset += at - from;
            keep(from, at, keep);
            if (at > from) {
                previous = buffer[at - 1];
            }
            if (at < limit) {
                at++;
                offset++;
                return ended(previous == '\r' ? 2 : 1);
            }
        }
    }

    private boolean ended(int ending) {
        eol = ending;
        length = offset - start - ending;
        kept = (int) Math.min(kept, length);
        if (offset == start) {
            return false;
        }
        count++;
        return true;
    }

    private void keep(int from, int to, int keep) {
        int more = Math.min(to - from, keep - kept);
        if (more > 0) {
            if (kept + more > line.length) {
                line = Arrays.copyOf(line, Math.max(kept + more, Math.min(2 * line.length, keep)));
            }
            System.arraycopy(buffer, from, line, kept, more);
            kept += more;
        }
    }

    /** Offset of the line. */
    long start() {
        return start;
    }

    /** Offset after the line and its end. */
    long end() {
        return offset;
    }

    /** Octets of the line without its end. */
    long length() {
        return length;
    }

    /** Octets of the line's end: 0 at the end of the stream, 1 or 2. */
    int eol() {
        return eol;
    }

    /** How many lines were read, with this one. */
    long count() {
        return count;
    }

    /** How many octets of the line were kept. */
    int kept() {
        return kept;
    }

    /** The octets that were kept; valid until the next line. */
    byte[] octets() {
        return line;
    }

    byte octet(int index) {
        return line[index];
    }
}
