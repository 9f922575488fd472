package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The small file that says up to which segment (8) the journal has holes, as compactions take entries away of which nothing is needed
 * once a checkpoint stands behind them. Who reads the journal without a checkpoint begins after it: entries without those that followed
 * them would bring mail back that was delivered.
 */
final class CompactedFile {

    private static final Logger log = LoggerFactory.getLogger(CompactedFile.class);

    private final SmallFile file;

    CompactedFile(Disk disk) {
        this.file = new SmallFile(disk, "compacted", Long.BYTES);
    }

    /** Durable when it returns. */
    void note(long number) throws IOException {
        if (number > read()) {
            file.write(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
        }
    }

    /** The last such segment; 0 when there is none. */
    long read() throws IOException {
        if (!file.exists()) {
            return 0;
        }
        Optional<ByteBuffer> octets = file.read().filter(read -> read.remaining() == Long.BYTES);
        if (octets.isEmpty()) {
            log.warn("damage found file={} what=\"place up to which the log was compacted\"", file.describe());
        }
        return octets.map(ByteBuffer::getLong).orElse(0L);
    }
}
