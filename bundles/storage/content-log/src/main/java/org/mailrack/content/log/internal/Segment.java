package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What the first octets of a segment file say: magic 8, number 8, nonce 8, end of the segment before 8, place of the index 8, CRC 4.
 *
 * @param number its number
 * @param nonce the random number in each of its records
 * @param previousEnd where the segment before ends, whatever more is in its file; -1 when there was none
 * @param index where in the file the {@link SegmentIndex} begins; 0 in one that was never compacted, where each record stands at its
 *     position
 */
record Segment(long number, long nonce, long previousEnd, long index) {

    static final int HEADER = 44;
    private static final long MAGIC = 0x4d52_4c4f_4700_0002L; // MRLOG, version 2
    private static final long MAGIC_1 = 0x4d52_4c4f_4700_0001L;
    private static final int HEADER_1 = 36;
    private static final String NAME = "[0-9]{9,18}\\.log";
    /** What a segment is called while it is written anew. */
    static final String NEW = ".new";

    Segment(long number, long nonce, long previousEnd) {
        this(number, nonce, previousEnd, 0);
    }

    static String name(long number) {
        return String.format("%09d.log", number);
    }

    /** The number of a segment file, or -1 when the name is none. */
    static long number(String name) {
        return name.matches(NAME) ? Long.parseLong(name.substring(0, name.length() - 4)) : -1;
    }

    /** Whether only contents that were needed are in it, and no entries. */
    boolean compacted() {
        return index > 0;
    }

    ByteBuffer encode() {
        ByteBuffer to = ByteBuffer.allocate(HEADER);
        to.putLong(MAGIC).putLong(number).putLong(nonce).putLong(previousEnd).putLong(index);
        return to.putInt(crc(to.duplicate().flip())).flip();
    }

    /**
     * Reads the header of a segment; null when it is damaged.
     *
     * @throws IOException also when it has a format that this program cannot read
     */
    static Segment read(Disk.File file, long number) throws IOException {
        ByteBuffer from = ByteBuffer.allocate(HEADER);
        while (from.hasRemaining() && file.read(from.position(), from) >= 0) {
            // until it is full
        }
        from.flip();
        if (from.limit() >= HEADER_1
                && from.getLong(0) == MAGIC_1
                && from.getInt(HEADER_1 - 4) == crc(from.slice(0, HEADER_1 - 4))) {
            throw new IOException(
                    "the content log has format 1, of an early version of Mailrack that this one cannot read");
        }
        if (from.limit() < HEADER) {
            return null;
        }
        if (from.getLong() != MAGIC
                || from.getInt(HEADER - 4) != crc(from.slice(0, HEADER - 4))
                || from.getLong() != number) {
            return null;
        }
        return new Segment(number, from.getLong(), from.getLong(), from.getLong());
    }

    private static int crc(ByteBuffer octets) {
        CRC32C crc = new CRC32C();
        crc.update(octets);
        return (int) crc.getValue();
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
        Segment compacted = new Segment(number, nonce.getLong(0), -1, file.size());
        RecordReader reader = new RecordReader(file, compacted, HEADER, file.size());
        if (reader.here(HEADER) == null) {
            return null;
        }
        for (RecordHeader h = reader.next((at, n) -> {}); h != null; h = reader.next((at, n) -> {})) {
            if (reader.offset(h) != h.position()) {
                return compacted;
            }
        }
        return new Segment(number, compacted.nonce(), -1);
    }
}
