package org.mailrack.pop3.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * A message as a multi-line response has it (RFC 1939 section 3): dots at the start of lines doubled, every line ended by CRLF
 * whatever ended it in the store, the final dot at the end. Reads the message piece by piece; may stop after some lines of the
 * body, for TOP.
 */
final class MessageChannel implements ReadableByteChannel {

    private static final int BLOCK = 8192;

    private final InputStream message;
    private final byte[] in = new byte[BLOCK];
    /** Each octet becomes two at most; room for a held CR and the end of the response. */
    private final ByteBuffer out = ByteBuffer.allocate(2 * BLOCK + 8).flip();

    private final long bodyLines;
    private long bodyLinesSent;
    private boolean inBody;
    private boolean lineStart = true;
    private boolean heldCr;
    private boolean done;
    private boolean open = true;

    /** The whole message. */
    MessageChannel(InputStream message) {
        this(message, Long.MAX_VALUE);
    }

    /** The header, the empty line, and so many lines of the body. */
    MessageChannel(InputStream message, long bodyLines) {
        this.message = message;
        this.bodyLines = bodyLines;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        while (!out.hasRemaining()) {
            if (done) {
                return -1;
            }
            fill();
        }
        int count = Math.min(out.remaining(), into.remaining());
        into.put(out.slice(out.position(), count));
        out.position(out.position() + count);
        return count;
    }

    private void fill() throws IOException {
        out.clear();
        int count = message.read(in);
        if (count < 0) {
            if (heldCr) {
                heldCr = false;
                endLine();
            }
            finish();
        } else {
            convert(count);
        }
        out.flip();
    }

    private void convert(int count) {
        int i = 0;
        while (i < count && !done) {
            byte c = in[i];
            if (heldCr) {
                heldCr = false;
                endLine();
                if (c == '\n') {
                    i++;
                }
            } else if (c == '\r') {
                heldCr = true;
                i++;
            } else if (c == '\n') {
                endLine();
                i++;
            } else {
                i = text(i, count);
            }
        }
    }

    /** Copies what stands before the next line end. */
    private int text(int from, int count) {
        if (lineStart && in[from] == '.') {
            out.put((byte) '.');
        }
        int to = from;
        while (to < count && in[to] != '\r' && in[to] != '\n') {
            to++;
        }
        out.put(in, from, to - from);
        lineStart = false;
        return to;
    }

    private void endLine() {
        out.put((byte) '\r').put((byte) '\n');
        if (inBody) {
            bodyLinesSent++;
        } else if (lineStart) {
            inBody = true;
        }
        lineStart = true;
        if (inBody && bodyLinesSent >= bodyLines) {
            finish();
        }
    }

    private void finish() {
        if (!done) {
            if (!lineStart) {
                out.put((byte) '\r').put((byte) '\n');
            }
            out.put((byte) '.').put((byte) '\r').put((byte) '\n');
            done = true;
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() throws IOException {
        open = false;
        message.close();
    }
}
