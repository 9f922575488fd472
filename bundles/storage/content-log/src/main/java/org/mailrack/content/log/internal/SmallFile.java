package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/** A file of a few octets and their CRC that is replaced in one step. */
final class SmallFile {

    private static final int SUM = 4;

    private final Disk disk;
    private final String name;
    private final int max;

    /** @param max octets that it has at most */
    SmallFile(Disk disk, String name, int max) {
        this.disk = disk;
        this.name = name;
        this.max = max;
    }

    String describe() {
        return disk.describe(name);
    }

    boolean exists() throws IOException {
        return disk.list("").contains(name);
    }

    /** Durable when it returns. */
    void write(ByteBuffer octets) throws IOException {
        ByteBuffer sum = ByteBuffer.allocate(SUM).putInt(crc(octets)).flip();
        try (Disk.File file = disk.create(name + Segment.NEW)) {
            file.write(0, octets.duplicate(), sum);
            file.force();
        }
        disk.rename(name + Segment.NEW, name);
        disk.forceFolder("");
    }

    /** What was written last; empty when it is damaged. */
    Optional<ByteBuffer> read() throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(max + SUM);
        try (Disk.File file = disk.open(name)) {
            while (octets.hasRemaining() && file.read(octets.position(), octets) >= 0) {
                // until it is full, or the file at its end
            }
        }
        octets.flip();
        int length = octets.limit() - SUM;
        return length < 0 || octets.getInt(length) != crc(octets.slice(0, length))
                ? Optional.empty()
                : Optional.of(octets.limit(length));
    }

    void delete() throws IOException {
        disk.delete(name);
    }

    private static int crc(ByteBuffer octets) {
        CRC32C crc = new CRC32C();
        crc.update(octets.duplicate());
        return (int) crc.getValue();
    }
}
