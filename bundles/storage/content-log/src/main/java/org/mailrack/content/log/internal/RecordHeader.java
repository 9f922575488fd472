package org.mailrack.content.log.internal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The header before each record. Its position is where it was appended, also in a segment that was compacted: nonce 8, position 8, type 1, zero 3, meta length 4, content length 4, CRC of the content 4, CRC
 * of these 32 octets and the meta 4. The meta is the entry, with a {@link LargeFile} before it if the type says so.
 */
record RecordHeader(long position, int type, int metaLength, int contentLength, int contentCrc) {

    static final int SIZE = 36;
    static final int MAX_META = 17 << 20;
    static final int MAX_CONTENT = 1 << 30;

    static final int ENTRY = 1;
    static final int CONTENT = 2;
    /** The content goes on in a file of its own. */
    static final int LARGE = 4;
    /** The entry is a part of a checkpoint. */
    static final int CHECKPOINT = 8;
    /** The record is the first that was written by one force. */
    static final int FIRST = 16;

    boolean is(int bit) {
        return (type & bit) != 0;
    }

    /** Octets of the whole record. */
    long length() {
        return (long) SIZE + metaLength + contentLength;
    }

    long end() {
        return position + length();
    }

    long contentPosition() {
        return position + SIZE + metaLength;
    }

    /** The header's octets. */
    ByteBuffer encode(long nonce, ByteBuffer meta) {
        ByteBuffer to = ByteBuffer.allocate(SIZE);
        to.putLong(nonce).putLong(position).put((byte) type).put((byte) 0).putShort((short) 0);
        to.putInt(metaLength).putInt(contentLength).putInt(contentCrc);
        to.putInt(crc(to.duplicate().flip(), meta));
        return to.flip();
    }

    /** The header at the buffer's position, or null when there is none; the meta is not looked at yet. */
    static RecordHeader decode(ByteBuffer from, long nonce, long position) {
        int at = from.position();
        if (from.remaining() < SIZE || from.getLong(at) != nonce || from.getLong(at + 8) != position) {
            return null;
        }
        int metaLength = from.getInt(at + 20);
        int contentLength = from.getInt(at + 24);
        if (metaLength < 0 || metaLength > MAX_META || contentLength < 0 || contentLength > MAX_CONTENT) {
            return null;
        }
        RecordHeader header =
                new RecordHeader(position, from.get(at + 16), metaLength, contentLength, from.getInt(at + 28));
        return header.is(LARGE) && metaLength < LargeFile.SIZE ? null : header;
    }

    /** Whether the header's octets and the meta fit the sum. */
    static boolean intact(ByteBuffer header, ByteBuffer meta) {
        int at = header.position();
        return crc(header.slice(at, SIZE - 4), meta) == header.getInt(at + SIZE - 4);
    }

    private static int crc(ByteBuffer header, ByteBuffer meta) {
        CRC32C crc = new CRC32C();
        crc.update(header);
        crc.update(meta.duplicate());
        return (int) crc.getValue();
    }

    /**
     * Where the rest of a large content is.
     *
     * @param id the file's number
     * @param skip octets of the file that are no longer part of the content
     * @param count octets that are
     * @param crc the sum of both
     */
    record LargeFile(long id, long skip, long count, int crc) {

        static final int SIZE = 28;

        void encode(ByteBuffer to) {
            to.putLong(id).putLong(skip).putLong(count).putInt(crc);
        }

        static LargeFile decode(ByteBuffer from) {
            return new LargeFile(from.getLong(), from.getLong(), from.getLong(), from.getInt());
        }
    }
}
