package org.mailrack.imap.internal.session;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.codec.LiteralSink;

/**
 * Collects the octets of one command after another: a line, and as long as it ends with the head of a literal, the literal and
 * the rest of the line after it. Asks before it takes a literal. Free of I/O.
 */
final class CommandInput implements AutoCloseable {

    /** What feeding led to. */
    enum Event {
        /** More input is needed. */
        MORE,
        /** A command is whole; {@link #command} shows it. */
        COMMAND,
        /** The head of a literal came that the client waits to send: tell it to go on. */
        CONTINUE,
        /** The command was refused at a literal and is over; {@link #refusal} tells why. */
        REFUSED,
        /** The line is longer than allowed. What follows cannot be told from commands. */
        TOO_LONG
    }

    /** Decides on literals. */
    interface Gate {
        /**
         * Decides on a literal.
         *
         * @param before the command up to it
         * @param kept octets of literals kept in memory so far
         * @return a sink, or null to keep it in memory
         * @throws CommandException to refuse it
         */
        LiteralSink literal(Decoder before, long size, int kept, boolean waits);
    }

    private static final int CHUNK = 512;

    private final Gate gate;
    private byte[] octets = new byte[CHUNK];
    private int length;
    /** Where the current line begins in {@link #octets}. */
    private int lineStart;
    /** Octets of lines so far, literals apart. */
    private int lineOctets;

    private int kept;
    private long literalLeft;
    private LiteralSink sink;
    private Map<Integer, LiteralSink> sinks = new HashMap<>();
    private Response refusal;

    CommandInput(Gate gate) {
        this.gate = gate;
    }

    /** The command that is whole. */
    Decoder command() {
        return new Decoder(octets, length, sinks);
    }

    /** What was collected so far, to find a tag in it. */
    Decoder soFar() {
        return new Decoder(octets, length, Map.of());
    }

    Response refusal() {
        return refusal;
    }

    /** Whether part of a command was taken. */
    boolean inside() {
        return length > 0 || literalLeft > 0;
    }

    /** Forgets the command. */
    void next() {
        close();
        octets = octets.length > 4 * CHUNK ? new byte[CHUNK] : octets;
        length = 0;
        lineStart = 0;
        lineOctets = 0;
        kept = 0;
        literalLeft = 0;
        sink = null;
        refusal = null;
    }

    @Override
    public void close() {
        if (!sinks.isEmpty()) {
            sinks.values().forEach(LiteralSink::close);
            sinks = new HashMap<>();
        }
    }

    /** Takes input until something is to be done. */
    Event feed(ByteBuffer input, int lineLimit) {
        while (input.hasRemaining()) {
            if (literalLeft > 0) {
                takeLiteral(input);
                continue;
            }
            int start = input.position();
            int room = lineLimit - lineOctets;
            int stop = Math.min(input.limit(), start + room + 2);
            int i = start;
            while (i < stop && input.get(i) != '\n') {
                i++;
            }
            boolean ended = i < stop;
            int count = (ended ? i + 1 : i) - start;
            append(input, count);
            lineOctets += count;
            if (!ended) {
                if (lineOctets > lineLimit) {
                    return Event.TOO_LONG;
                }
                continue;
            }
            Event event = lineEnded();
            if (event != Event.MORE) {
                return event;
            }
        }
        return Event.MORE;
    }

    private void append(ByteBuffer input, int count) {
        if (octets.length - length < count) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, length + count));
        }
        input.get(octets, length, count);
        length += count;
    }

    private void takeLiteral(ByteBuffer input) {
        int count = (int) Math.min(literalLeft, input.remaining());
        literalLeft -= count;
        if (refusal != null) {
            input.position(input.position() + count);
        } else if (sink == null) {
            append(input, count);
        } else {
            ByteBuffer piece = input.slice(input.position(), count);
            input.position(input.position() + count);
            try {
                sink.write(piece);
            } catch (CommandException e) {
                refuse(e.response());
            }
        }
    }

    private void refuse(Response response) {
        refusal = response;
        close();
    }

    private Event lineEnded() {
        length--;
        if (length > lineStart && octets[length - 1] == '\r') {
            length--;
        }
        int brace = literalHead();
        if (brace < 0) {
            return refusal == null ? Event.COMMAND : Event.REFUSED;
        }
        boolean waits = octets[length - 2] != '+';
        long size = size(brace);
        if (refusal == null) {
            try {
                sink = gate.literal(new Decoder(octets, brace, sinks), size, kept, waits);
            } catch (CommandException e) {
                refuse(e.response());
            }
        }
        if (refusal != null && waits) {
            return Event.REFUSED;
        }
        literalLeft = size;
        if (refusal != null) {
            // The client sends it all the same: skip it, and keep only what tells the tag.
            length = lineStart = Math.min(length, CHUNK);
            return Event.MORE;
        }
        append(ByteBuffer.wrap(new byte[] {'\r', '\n'}), 2);
        if (sink == null) {
            kept += (int) size;
        } else {
            sinks.put(length, sink);
        }
        lineStart = sink == null ? length + (int) size : length;
        return waits ? Event.CONTINUE : Event.MORE;
    }

    /** Where the head of a literal begins with which the line ends, or -1. */
    private int literalHead() {
        int i = length - 1;
        if (i < lineStart || octets[i--] != '}') {
            return -1;
        }
        if (i > lineStart && octets[i] == '+') {
            i--;
        }
        int digits = i;
        while (i >= lineStart && octets[i] >= '0' && octets[i] <= '9') {
            i--;
        }
        return i >= lineStart && i < digits && octets[i] == '{' ? i : -1;
    }

    private long size(int brace) {
        long size = 0;
        for (int i = brace + 1; octets[i] >= '0' && octets[i] <= '9'; i++) {
            size = size > Long.MAX_VALUE / 20 ? size : size * 10 + octets[i] - '0';
        }
        return size;
    }
}
