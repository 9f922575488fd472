package org.mailrack.transport.internal;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.util.Arrays;

/** As much of DER (X.690) as keys and one certificate need. */
final class Der {

    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int NULL = 0x05;
    static final int OID = 0x06;
    static final int UTF8 = 0x0c;
    static final int UTC_TIME = 0x17;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;

    /** One element: its tag, its content, and where it ends in what it was read from. */
    record Element(int tag, byte[] content, int end) {}

    private Der() {}

    static byte[] of(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        int length = content.size();
        if (length < 0x80) {
            all.write(length);
        } else {
            byte[] octets = BigInteger.valueOf(length).toByteArray();
            int skip = octets[0] == 0 ? 1 : 0;
            all.write(0x80 | octets.length - skip);
            all.write(octets, skip, octets.length - skip);
        }
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }

    static byte[] sequence(byte[]... parts) {
        return of(SEQUENCE, parts);
    }

    static byte[] integer(BigInteger value) {
        return of(INTEGER, value.toByteArray());
    }

    static byte[] integer(long value) {
        return integer(BigInteger.valueOf(value));
    }

    static byte[] text(int tag, String text) {
        return of(tag, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] bits(byte[] octets) {
        return of(BIT_STRING, new byte[] {0}, octets);
    }

    static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.");
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            int arc = Integer.parseInt(arcs[i]);
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arc >> shift != 0) {
                    content.write(0x80 | arc >> shift & 0x7f);
                }
            }
            content.write(arc & 0x7f);
        }
        return of(OID, content.toByteArray());
    }

    /** Reads the element at that offset. */
    static Element read(byte[] from, int offset) throws InvalidKeyException {
        if (offset + 2 > from.length) {
            throw new InvalidKeyException("cut short");
        }
        int length = from[offset + 1] & 0xff;
        int start = offset + 2;
        if (length >= 0x80) {
            int octets = length & 0x7f;
            if (octets < 1 || octets > 3 || start + octets > from.length) {
                throw new InvalidKeyException("broken length");
            }
            length = 0;
            for (int i = 0; i < octets; i++) {
                length = length << 8 | from[start++] & 0xff;
            }
        }
        if (length > from.length - start) {
            throw new InvalidKeyException("cut short");
        }
        return new Element(from[offset] & 0xff, Arrays.copyOfRange(from, start, start + length), start + length);
    }
}
