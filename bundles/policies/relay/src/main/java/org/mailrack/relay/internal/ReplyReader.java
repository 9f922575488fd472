package org.mailrack.relay.internal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads replies from a server that may be anything (RFC 5321 section 4.2). Lenient about line ends and odd digits, strict about
 * length: a line has at most {@value #MAX_LINE} octets and a reply at most {@value #MAX_LINES} lines.
 */
final class ReplyReader {

    static final int MAX_LINE = 2048;
    static final int MAX_LINES = 128;

    private final InputStream in;
    private final byte[] buffer = new byte[4096];
    private int next;
    private int end;

    ReplyReader(InputStream in) {
        this.in = in;
    }

    /** Reads one reply; throws {@link ProtocolException} when what comes is none. */
    Reply read() throws IOException {
        List<String> lines = new ArrayList<>();
        int code = -1;
        while (true) {
            String line = line();
            if (!isReplyLine(line)) {
                throw new ProtocolException("answer is no SMTP reply: " + shorten(line));
            }
            int lineCode = Integer.parseInt(line.substring(0, 3));
            if (code >= 0 && lineCode != code) {
                throw new ProtocolException("lines of one reply with the codes " + code + " and " + lineCode);
            }
            code = lineCode;
            lines.add(line.length() > 4 ? line.substring(4) : "");
            if (line.length() == 3 || line.charAt(3) == ' ') {
                return new Reply(code, lines);
            }
            if (lines.size() == MAX_LINES) {
                throw new ProtocolException("reply of more than " + MAX_LINES + " lines");
            }
        }
    }

    /** Whether octets have been read that no reply has used: after STARTTLS these would come from who knows whom. */
    boolean hasMore() {
        return next < end;
    }

    private static boolean isReplyLine(String line) {
        return line.length() >= 3
                && line.charAt(0) >= '2'
                && line.charAt(0) <= '5'
                && isDigit(line.charAt(1))
                && isDigit(line.charAt(2))
                && (line.length() == 3 || line.charAt(3) == ' ' || line.charAt(3) == '-');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static String shorten(String line) {
        return line.length() > 80 ? line.substring(0, 80) + "…" : line;
    }

    private String line() throws IOException {
        byte[] line = new byte[256];
        int length = 0;
        while (true) {
            if (next == end) {
                next = 0;
                end = Math.max(0, in.read(buffer));
                if (end == 0) {
                    throw new EOFException("server closed the connection");
                }
            }
            byte octet = buffer[next++];
            if (octet == '\n') {
                break;
            }
            if (length == MAX_LINE) {
                throw new ProtocolException("reply line longer than " + MAX_LINE + " octets");
            }
            if (length == line.length) {
                line = java.util.Arrays.copyOf(line, Math.min(MAX_LINE, 2 * length));
            }
            line[length++] = octet;
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return printable(new String(line, 0, length, StandardCharsets.UTF_8));
    }

    /** Replies end up in logs, bounces and on terminals. */
    private static String printable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> clean.appendCodePoint(
                        c == '\t'
                                ? ' '
                                : Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c));
        return clean.toString();
    }
}
