package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The small file that says where the last checkpoint begins: segment 8, position 8, CRC 4. Replaced in one step. */
final class CheckpointFile {

    private static final Logger log = LoggerFactory.getLogger(CheckpointFile.class);
    static final String NAME = "checkpoint";
    private static final int SIZE = 20;

    private final Disk disk;

    CheckpointFile(Disk disk) {
        this.disk = disk;
    }

    void write(Append.Place place) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(SIZE).putLong(place.segment()).putLong(place.position());
        octets.putInt(crc(octets)).flip();
        try (Disk.File file = disk.create(NAME + ".new")) {
            file.write(0, octets);
            file.force();
        }
        disk.rename(NAME + ".new", NAME);
        disk.forceFolder("");
    }

    Optional<Append.Place> read() throws IOException {
        if (!disk.list("").contains(NAME)) {
            return Optional.empty();
        }
        ByteBuffer octets = ByteBuffer.allocate(SIZE);
        try (Disk.File file = disk.open(NAME)) {
            while (octets.hasRemaining() && file.read(octets.position(), octets) >= 0) {
                // until it is full
            }
        }
        if (octets.hasRemaining() || octets.getInt(SIZE - 4) != crc(octets)) {
            log.warn(
                    "damage found file={} what=\"mark of the last checkpoint, the log is read from its start\"",
                    disk.describe(NAME));
            return Optional.empty();
        }
        return Optional.of(new Append.Place(octets.getLong(0), octets.getLong(8)));
    }

    private static int crc(ByteBuffer octets) {
        CRC32C crc = new CRC32C();
        crc.update(octets.array(), 0, SIZE - 4);
        return (int) crc.getValue();
    }
}
