package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What the first octets of a segment file say: magic 8, number 8, nonce 8, end of the segment before 8, CRC 4.
 *
 * @param number its number
 * @param nonce the random number in each of its records
 * @param previousEnd where the segment before ends, whatever more is in its file; -1 when there was none
 */
record Segment(long number, long nonce, long previousEnd) {

    static final int HEADER = 36;
    private static final long MAGIC = 0x4d52_4c4f_4700_0001L; // MRLOG, version 1

    static String name(long number) {
        return String.format("%09d.log", number);
    }

    /** The number of a segment file, or -1 when the name is none. */
    static long number(String name) {
        return name.matches("[0-9]{9,18}\\.log") ? Long.parseLong(name.substring(0, name.length() - 4)) : -1;
    }

    ByteBuffer encode() {
        ByteBuffer to = ByteBuffer.allocate(HEADER);
        to.putLong(MAGIC).putLong(number).putLong(nonce).putLong(previousEnd);
        CRC32C crc = new CRC32C();
        crc.update(to.duplicate().flip());
        return to.putInt((int) crc.getValue()).flip();
    }

    /** Reads the header of a segment; null when it is damaged. */
    static Segment read(Disk.File file, long number) throws IOException {
        ByteBuffer from = ByteBuffer.allocate(HEADER);
        while (from.hasRemaining() && file.read(from.position(), from) >= 0) {
            // until it is full
        }
        if (from.hasRemaining()) {
            return null;
        }
        from.flip();
        CRC32C crc = new CRC32C();
        crc.update(from.slice(0, HEADER - 4));
        if (from.getLong() != MAGIC || from.getInt(HEADER - 4) != (int) crc.getValue() || from.getLong() != number) {
            return null;
        }
        return new Segment(number, from.getLong(), from.getLong());
    }

    /** The segment whose header is damaged, as its first record still tells it; null when that is damaged too. */
    static Segment guess(Disk.File file, long number) throws IOException {
        ByteBuffer nonce = ByteBuffer.allocate(8);
        while (nonce.hasRemaining() && file.read(HEADER + nonce.position(), nonce) >= 0) {
            // until it is full
        }
        if (nonce.hasRemaining()) {
            return null;
        }
        Segment guess = new Segment(number, nonce.getLong(0), -1);
        return new RecordReader(file, guess, HEADER, file.size()).at(HEADER) == null ? null : guess;
    }
}
