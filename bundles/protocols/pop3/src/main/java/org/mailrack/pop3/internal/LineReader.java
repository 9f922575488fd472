package org.mailrack.pop3.internal;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Cuts input into lines. A line ends with CRLF, or with LF alone, which people at a terminal send and which can do no harm here:
 * nothing that a POP3 client sends is passed on. A line that is too long is told once and skipped to its end.
 */
final class LineReader {

    private final int maxLine;
    private final int maxAuthLine;
    private boolean skipping;

    LineReader(int maxLine, int maxAuthLine) {
        this.maxLine = maxLine;
        this.maxAuthLine = maxAuthLine;
    }

    /** What was read: the octets of a line without its end, or that it was too long. */
    record Line(byte[] octets, boolean tooLong) {}

    /**
     * The next line, or empty when it is not whole yet.
     *
     * @param credentials whether it is a line of an authentication exchange
     */
    Optional<Line> next(ByteBuffer input, boolean credentials) {
        if (skipping) {
            int end = indexOfLf(input, input.remaining());
            if (end < 0) {
                input.position(input.limit());
                return Optional.empty();
            }
            input.position(end + 1);
            skipping = false;
        }
        int max = credentials || carriesCredentials(input) ? maxAuthLine : maxLine;
        int end = indexOfLf(input, max);
        if (end < 0) {
            if (input.remaining() < max) {
                return Optional.empty();
            }
            skipping = true;
            return Optional.of(new Line(new byte[0], true));
        }
        int length = end - input.position();
        if (length > 0 && input.get(end - 1) == '\r') {
            length--;
        }
        byte[] octets = new byte[length];
        input.get(octets);
        input.position(end + 1);
        return Optional.of(new Line(octets, false));
    }

    private static int indexOfLf(ByteBuffer input, int within) {
        int limit = Math.min(input.limit(), input.position() + within);
        for (int i = input.position(); i < limit; i++) {
            if (input.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static boolean carriesCredentials(ByteBuffer input) {
        return startsWith(input, "PASS ") || startsWith(input, "AUTH ");
    }

    private static boolean startsWith(ByteBuffer input, String upperCase) {
        if (input.remaining() < upperCase.length()) {
            return false;
        }
        for (int i = 0; i < upperCase.length(); i++) {
            byte octet = input.get(input.position() + i);
            if ((octet >= 'a' && octet <= 'z' ? octet - 32 : octet) != upperCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
