package org.mailrack.transfer.internal.mbox;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A stream whose first octets can be looked at before they are read. */
final class PeekedInput extends InputStream {

    private final InputStream in;
    private final byte[] head;
    private int next;

    PeekedInput(InputStream in, int peek) throws IOException {
        this.in = in;
        this.head = in.readNBytes(peek);
    }

    byte[] head() {
        return head;
    }

    @Override
    public int read() throws IOException {
        return next < head.length ? head[next++] & 0xff : in.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (next == head.length) {
            return in.read(into, offset, length);
        }
        int count = Math.min(length, head.length - next);
        System.arraycopy(head, next, into, offset, count);
        next += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
