package org.mailrack.smtp.internal;

import java.nio.ByteBuffer;

/**
 * Undoes the transparency of DATA (RFC 5321 section 4.5.2) while the octets stream by. Only CRLF "." CRLF ends the data: a bare
 * CR or LF is never a line end here, whatever follows it, because another server may see it otherwise and would then take what
 * follows for a mail of its own (SMTP smuggling). Holds no data, only where in a line it is.
 */
final class DataDecoder {

    /** Where the data goes. */
    interface Sink {
        /** Octets of the message; the buffer is valid during the call. */
        void data(ByteBuffer octets);

        /** Something is wrong with the data; called for each occurrence. */
        void fault(Fault fault);
    }

    /** What can be wrong with data. */
    enum Fault {
        BARE_NEWLINE,
        NUL,
        LINE_TOO_LONG
    }

    private enum State {
        LINE_START,
        DOT,
        DOT_CR,
        MIDDLE,
        CR
    }

    private static final byte[] CRLF = {'\r', '\n'};

    private final boolean normalise;
    private final int maxLine;
    private State state = State.LINE_START;
    private int lineLength;

    /**
     * @param normalise whether a bare CR or LF becomes CRLF, instead of being a fault
     * @param maxLine the most octets a text line may have, its CRLF included
     */
    DataDecoder(boolean normalise, int maxLine) {
        this.normalise = normalise;
        this.maxLine = maxLine;
    }

    /** Reads on; true when the end of the data was reached, and the input stands behind it. */
    boolean decode(ByteBuffer in, Sink sink) {
        int from = in.position();
        int at = from;
        int limit = in.limit();
        while (at < limit) {
            byte b = in.get(at);
            if (state == State.MIDDLE && b > '\r' && lineLength < maxLine - 2) {
                // Nearly every octet: nothing to decide.
                lineLength++;
                at++;
                continue;
            }
            switch (state) {
                case LINE_START -> {
                    if (b == '.') {
                        // Not data, whether it is the end or stuffing.
                        emit(in, from, at, sink);
                        from = at + 1;
                        state = State.DOT;
                    } else {
                        from = octet(b, in, from, at, sink);
                    }
                }
                case DOT -> {
                    if (b == '\r') {
                        emit(in, from, at, sink);
                        from = at + 1;
                        state = State.DOT_CR;
                    } else {
                        from = octet(b, in, from, at, sink);
                    }
                }
                case DOT_CR -> {
                    if (b == '\n') {
                        in.position(at + 1);
                        state = State.LINE_START;
                        return true;
                    }
                    // The CR that was held back is data, and a bare one.
                    sink.data(ByteBuffer.wrap(CRLF, 0, 1));
                    state = State.CR;
                    from = octet(b, in, from, at, sink);
                }
                case MIDDLE, CR -> from = octet(b, in, from, at, sink);
            }
            at++;
        }
        emit(in, from, at, sink);
        in.position(limit);
        return false;
    }

    /** Takes an octet of data; returns from where on data is not yet given to the sink. */
    private int octet(byte b, ByteBuffer in, int from, int at, Sink sink) {
        int start = from;
        if (state == State.CR) {
            if (b == '\n') {
                state = State.LINE_START;
                lineLength = 0;
                return start;
            }
            start = bare(in, start, at, sink, 1);
        }
        switch (b) {
            case '\r' -> {
                state = State.CR;
                lineLength++;
            }
            case '\n' -> {
                start = bare(in, start, at, sink, 0);
                // Not LINE_START: a dot after a bare LF is data.
                state = State.MIDDLE;
            }
            default -> {
                state = State.MIDDLE;
                if (b == 0) {
                    sink.fault(Fault.NUL);
                }
                if (++lineLength == maxLine - 1) {
                    sink.fault(Fault.LINE_TOO_LONG);
                }
            }
        }
        return start;
    }

    /** A bare CR was before {@code at} (missing its LF, 1), or a bare LF is there (missing its CR, 0). */
    private int bare(ByteBuffer in, int from, int at, Sink sink, int missing) {
        if (!normalise) {
            sink.fault(Fault.BARE_NEWLINE);
            return from;
        }
        emit(in, from, at, sink);
        sink.data(ByteBuffer.wrap(CRLF, missing, 1));
        lineLength = 0;
        return at;
    }

    private static void emit(ByteBuffer in, int from, int to, Sink sink) {
        if (to > from) {
            sink.data(in.slice(from, to - from));
        }
    }
}
