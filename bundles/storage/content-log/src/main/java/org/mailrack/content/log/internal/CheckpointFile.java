package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The small file that says where the last checkpoint and the one before it begin: of each segment 8 and position 8. Replaced in one
 * step.
 */
final class CheckpointFile {

    private static final Logger log = LoggerFactory.getLogger(CheckpointFile.class);
    static final String NAME = "checkpoint";
    private static final int SIZE = 32;

    /**
     * What it says.
     *
     * @param last the last checkpoint
     * @param before the one before it, from which the journal is read when the last is damaged: what stands in segments before it
     *     is no part of the journal any more
     */
    record Mark(Append.Place last, Append.Place before) {}

    private final SmallFile file;

    CheckpointFile(Disk disk) {
        this.file = new SmallFile(disk, NAME, SIZE);
    }

    void write(Mark mark) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(SIZE);
        octets.putLong(mark.last().segment()).putLong(mark.last().position());
        octets.putLong(mark.before().segment()).putLong(mark.before().position());
        file.write(octets.flip());
    }

    Optional<Mark> read() throws IOException {
        if (!file.exists()) {
            return Optional.empty();
        }
        Optional<ByteBuffer> octets = file.read().filter(read -> read.remaining() == SIZE);
        if (octets.isEmpty()) {
            log.warn(
                    "damage found file={} what=\"mark of the last checkpoint, the log is read from its start\"",
                    file.describe());
        }
        return octets.map(from -> new Mark(place(from), place(from)));
    }

    private static Append.Place place(ByteBuffer from) {
        return new Append.Place(from.getLong(), from.getLong());
    }
}
