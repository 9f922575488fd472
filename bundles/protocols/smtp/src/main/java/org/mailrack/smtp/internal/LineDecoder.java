package org.mailrack.smtp.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts command lines out of the input. Only CRLF ends a line (RFC 5321 section 2.3.8); the octets after a bare LF are part of
 * the same bad line, so that nothing hidden behind one is ever taken for a command. Holds no more than one line.
 */
final class LineDecoder {

    /** What {@link #next} found. */
    enum Result {
        /** The input is used up; a line may have begun. */
        MORE,
        /** A good line, see {@link #line()}. */
        LINE,
        /** A line over the limit ended. */
        TOO_LONG,
        /** A bare LF: answer at once, the client may wait for it. The rest up to the next CRLF is passed over in silence. */
        BARE_LF,
        /** A line ended that has a bare CR, another control character, or is no UTF-8. */
        MALFORMED,
        /** So much came without a line end that this is no client of ours. */
        FLOOD
    }

    /** Octets of one over-long line that are read and thrown away before the line counts as a flood. */
    static final int FLOOD = 1024 * 1024;

    private byte[] buffer = new byte[256];
    private int length;
    private int discarded;
    private boolean cr;
    private boolean malformed;
    private boolean answered;
    private String line = "";

    /**
     * Reads on, up to the end of a line.
     *
     * @param limit the most octets a line may have, its CRLF included
     */
    Result next(ByteBuffer in, int limit) {
        while (in.hasRemaining()) {
            byte b = in.get();
            if (cr && b == '\n') {
                Result result = ended(limit);
                if (result != Result.MORE) {
                    return result;
                }
                continue;
            }
            if (cr) {
                malformed = true;
            }
            cr = b == '\r';
            if (b == '\n') {
                malformed = true;
                if (!answered) {
                    answered = true;
                    return Result.BARE_LF;
                }
            } else if (b >= 0 && b < ' ' && b != '\r' || b == 0x7f) {
                malformed = true;
            }
            if (!cr && !keep(b, limit)) {
                return Result.FLOOD;
            }
        }
        return Result.MORE;
    }

    /** The last good line, without its CRLF. */
    String line() {
        return line;
    }

    private boolean keep(byte b, int limit) {
        if (malformed || length >= limit - 2) {
            return ++discarded < FLOOD;
        }
        if (length == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(2 * length, limit));
        }
        buffer[length++] = b;
        return true;
    }

    private Result ended(int limit) {
        boolean tooLong = discarded > 0 && length >= limit - 2;
        Result result = answered ? null : tooLong ? Result.TOO_LONG : malformed ? Result.MALFORMED : decode();
        int used = length;
        length = 0;
        discarded = 0;
        cr = false;
        malformed = false;
        answered = false;
        // What a client sent may be a password: it does not stay longer than the line is needed.
        Arrays.fill(buffer, 0, used, (byte) 0);
        return result == null ? Result.MORE : result;
    }

    private Result decode() {
        try {
            line = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(buffer, 0, length))
                    .toString();
            return Result.LINE;
        } catch (CharacterCodingException e) {
            return Result.MALFORMED;
        }
    }

    /** Forgets a line that has begun and the last one, as after TLS started. */
    void reset() {
        Arrays.fill(buffer, (byte) 0);
        length = 0;
        discarded = 0;
        cr = false;
        malformed = false;
        answered = false;
        line = "";
    }
}
