package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The small file that says to whose messages the contents belong. */
final class OwnerFile {

    private static final int MAX = 64;

    private final SmallFile file;

    OwnerFile(Disk disk) {
        this.file = new SmallFile(disk, "owner", MAX);
    }

    void write(String owner) throws IOException {
        if (!owner.matches("[0-9A-Za-z-]{1," + MAX + "}")) {
            throw new IllegalArgumentException("not the name of an owner");
        }
        file.write(StandardCharsets.US_ASCII.encode(owner));
    }

    /**
     * Who it is; empty when nobody has said so.
     *
     * @throws IOException also when the file is damaged: then nothing may be taken for dead
     */
    Optional<String> read() throws IOException {
        if (!file.exists()) {
            return Optional.empty();
        }
        return Optional.of(StandardCharsets.US_ASCII
                .decode(file.read().orElseThrow(() -> new IOException(file.describe() + " is damaged")))
                .toString());
    }
}
