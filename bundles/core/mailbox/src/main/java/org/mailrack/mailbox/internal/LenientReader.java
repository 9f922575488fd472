package org.mailrack.mailbox.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/** Decodes octets, and takes those that the charset does not have as ISO-8859-1: mail often names the wrong one. */
final class LenientReader extends Reader {

    private final InputStream in;
    private final CharsetDecoder decoder;
    private final ByteBuffer octets = ByteBuffer.allocate(8192).limit(0);
    private boolean atEnd;
    private boolean done;

    LenientReader(InputStream in, Charset charset) {
        this.in = in;
        decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    @Override
    public int read(char[] into, int offset, int length) throws IOException {
        CharBuffer out = CharBuffer.wrap(into, offset, length);
        while (out.position() == offset || out.hasRemaining()) {
            if (done) {
                break;
            }
            CoderResult result = decoder.decode(octets, out, atEnd);
            if (result.isError()) {
                int bad = Math.min(result.length(), octets.remaining());
                for (int i = 0; i < bad && out.hasRemaining(); i++) {
                    out.put((char) (octets.get() & 0xff));
                }
            } else if (result.isOverflow()) {
                break;
            } else if (atEnd) {
                done = decoder.flush(out).isUnderflow();
                if (!done) {
                    break;
                }
            } else {
                fill();
            }
        }
        int read = out.position() - offset;
        return read == 0 && length > 0 && done ? -1 : read;
    }

    private void fill() throws IOException {
        octets.compact();
        int count = in.read(octets.array(), octets.position(), octets.remaining());
        if (count < 0) {
            atEnd = true;
        } else {
            octets.position(octets.position() + count);
        }
        octets.flip();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
