package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the records of a compacted segment stand. Behind its records: how many 4, then of each in ascending order its position 4 and
 * its offset in the file 4, CRC 4.
 */
final class SegmentIndex {

    private static final Logger log = LoggerFactory.getLogger(SegmentIndex.class);
    private static final int ENTRY = 8;
    private static final int FRAME = 8;

    private int[] positions = new int[64];
    private int[] offsets = new int[64];
    private int count;

    /** Adds a record; each behind the one before. */
    void add(long position, long offset) {
        if (count == positions.length) {
            positions = Arrays.copyOf(positions, count * 2);
            offsets = Arrays.copyOf(offsets, count * 2);
        }
        positions[count] = Math.toIntExact(position);
        offsets[count++] = Math.toIntExact(offset);
    }

    int count() {
        return count;
    }

    /** The offset of the record with a position; -1 when there is none. */
    long offset(long position) {
        int at = position > Integer.MAX_VALUE ? -1 : Arrays.binarySearch(positions, 0, count, (int) position);
        return at < 0 ? -1 : offsets[at];
    }

    /** Octets of an index of so many records. */
    static long size(long records) {
        return FRAME + records * ENTRY;
    }

    ByteBuffer encode() {
        ByteBuffer to = ByteBuffer.allocate((int) size(count)).putInt(count);
        for (int i = 0; i < count; i++) {
            to.putInt(positions[i]).putInt(offsets[i]);
        }
        return to.putInt(crc(to.duplicate().flip())).flip();
    }

    /** Reads the index of a segment; when it is damaged, the records tell. */
    static SegmentIndex read(Disk disk, Segment segment) throws IOException {
        try (Disk.File file = disk.open(Segment.name(segment.number()))) {
            SegmentIndex found = decode(file, segment);
            if (found == null) {
                log.warn(
                        "damage found file={} offset={} what=\"index of the segment, its records are read\"",
                        disk.describe(Segment.name(segment.number())),
                        segment.index());
                found = fromRecords(file, segment);
            }
            return found;
        }
    }

    private static SegmentIndex decode(Disk.File file, Segment segment) throws IOException {
        long size = file.size() - segment.index();
        if (size < FRAME || size > Integer.MAX_VALUE) {
            return null;
        }
        ByteBuffer from = ByteBuffer.allocate((int) size);
        while (from.hasRemaining() && file.read(segment.index() + from.position(), from) >= 0) {
            // until it is full
        }
        from.flip();
        int last = from.limit() - 4;
        if (last < 4 || size(from.getInt(0)) != from.limit() || from.getInt(last) != crc(from.slice(0, last))) {
            return null;
        }
        SegmentIndex index = new SegmentIndex();
        for (int at = 4; at < last; at += ENTRY) {
            index.add(from.getInt(at), from.getInt(at + 4));
        }
        return index;
    }

    private static SegmentIndex fromRecords(Disk.File file, Segment segment) throws IOException {
        SegmentIndex index = new SegmentIndex();
        RecordReader reader = new RecordReader(file, segment, Segment.HEADER, Math.min(segment.index(), file.size()));
        for (RecordHeader h = reader.next((at, n) -> {}); h != null; h = reader.next((at, n) -> {})) {
            index.add(h.position(), reader.offset(h));
        }
        return index;
    }

    private static int crc(ByteBuffer octets) {
        CRC32C crc = new CRC32C();
        crc.update(octets);
        return (int) crc.getValue();
    }
}
