package org.mailrack.transfer.internal;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Names of files as texts that find the file again, whatever the locale of the server. In the locale {@code C}, Java cannot say
 * octets above 127 in a text; they are kept as the URI has them.
 */
public final class FileNames {

    /** No name of a file has it as its first character in a form that we make ourselves. */
    private static final char RAW = '\u0001';

    private FileNames() {}

    /** A text for the last name of a path. */
    public static String of(Path path) {
        String name = path.getFileName().toString();
        return plain(name) ? name : RAW + raw(path);
    }

    /** The file of that name. */
    public static Path in(Path folder, String name) {
        return !name.isEmpty() && name.charAt(0) == RAW
                ? Path.of(URI.create(uri(folder) + name.substring(1)))
                : folder.resolve(name);
    }

    /** The last name of a path for people: as UTF-8 if it is that. */
    public static String shown(Path path) {
        String name = path.getFileName().toString();
        return plain(name) ? name : utf8(raw(path)).orElse(name);
    }

    private static String raw(Path path) {
        String raw = path.toUri().getRawPath();
        String trimmed = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    private static String uri(Path folder) {
        String uri = folder.toUri().toString();
        return uri.endsWith("/") ? uri : uri + "/";
    }

    private static Optional<String> utf8(String raw) {
        byte[] octets = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.ISO_8859_1)
                .getBytes(StandardCharsets.ISO_8859_1);
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean plain(String name) {
        return name.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
    }
}
