package org.mailrack.transfer.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/**
 * Opens what lies in a folder that is imported. The folder may belong to a user who is not to read all that the server may read, so
 * symbolic links in it are not followed; a pipe in it would keep the reader waiting for good.
 */
public final class PlainFiles {

    private PlainFiles() {}

    /** What a file is, if it is an ordinary one. */
    public static BasicFileAttributes attributes(Path file) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new FileSystemException(
                    file.toString(), null, attributes.isSymbolicLink() ? "it is a symbolic link" : "it is no file");
        }
        return attributes;
    }

    /** The octets of an ordinary file. */
    public static InputStream open(Path file) throws IOException {
        attributes(file);
        return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** The octets of a file beside the mail, which need not be there; one that is too large is none. */
    public static Optional<InputStream> beside(Path file, long maxOctets) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= maxOctets
                ? Optional.of(open(file))
                : Optional.empty();
    }

    /** The lines of such a file, octet by octet. */
    public static List<String> lines(Path file, int maxOctets) throws IOException {
        Optional<InputStream> in = beside(file, maxOctets);
        if (in.isEmpty()) {
            return List.of();
        }
        try (InputStream open = in.get()) {
            return new String(open.readNBytes(maxOctets), StandardCharsets.ISO_8859_1)
                    .lines()
                    .toList();
        }
    }
}
