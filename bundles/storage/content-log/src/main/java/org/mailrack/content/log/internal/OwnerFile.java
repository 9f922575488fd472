package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The small file that says to whose messages the contents belong. */
final class OwnerFile {

    private static final String NAME = "owner";
    private static final int MAX = 64;

    private final Disk disk;

    OwnerFile(Disk disk) {
        this.disk = disk;
    }

    void write(String owner) throws IOException {
        if (!owner.matches("[0-9A-Za-z-]{1," + MAX + "}")) {
            throw new IllegalArgumentException("not the name of an owner");
        }
        try (Disk.File file = disk.create(NAME + ".new")) {
            file.write(0, ByteBuffer.wrap(owner.getBytes(StandardCharsets.US_ASCII)));
            file.force();
        }
        disk.rename(NAME + ".new", NAME);
        disk.forceFolder("");
    }

    Optional<String> read() throws IOException {
        if (!disk.list("").contains(NAME)) {
            return Optional.empty();
        }
        ByteBuffer text = ByteBuffer.allocate(MAX);
        try (Disk.File file = disk.open(NAME)) {
            while (text.hasRemaining() && file.read(text.position(), text) >= 0) {
                // until it is full, or the file at its end
            }
        }
        return Optional.of(StandardCharsets.US_ASCII.decode(text.flip()).toString());
    }
}
