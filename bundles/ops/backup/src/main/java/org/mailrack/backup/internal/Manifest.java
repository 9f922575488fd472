package org.mailrack.backup.internal;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Writes what is in a backup, and makes it durable on the way. */
final class Manifest {

    static final String NAME = "MANIFEST";

    /** How much is in a backup. */
    record Total(long files, long octets) {}

    private Manifest() {}

    static Total write(Path folder) throws IOException, InterruptedException {
        MessageDigest all = sha256();
        long files = 0;
        long octets = 0;
        Path manifest = folder.resolve(NAME);
        try (FileChannel channel =
                FileChannel.open(manifest, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            BufferedWriter writer = new BufferedWriter(new OutputStreamWriter(
                    new DigestOutputStream(Channels.newOutputStream(channel), all), StandardCharsets.UTF_8));
            writer.write("mailrack-backup 1\nmade " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + '\n');
            for (String top : List.of("etc", "deploy", "data")) {
                if (!Files.isDirectory(folder.resolve(top))) {
                    continue;
                }
                try (Stream<Path> found = Files.walk(folder.resolve(top))) {
                    for (Path file : (Iterable<Path>) found.sorted()::iterator) {
                        if (Thread.interrupted()) {
                            throw new InterruptedException("the backup was cancelled");
                        }
                        if (Files.isDirectory(file)) {
                            forceFolder(file);
                            continue;
                        }
                        MessageDigest digest = sha256();
                        long size = readAndForce(file, digest);
                        writer.write(HexFormat.of().formatHex(digest.digest())
                                + ' '
                                + size
                                + ' '
                                + escaped(folder.relativize(file))
                                + '\n');
                        files++;
                        octets += size;
                    }
                }
            }
            writer.flush();
            writer.write("end " + HexFormat.of().formatHex(all.digest()) + '\n');
            writer.flush();
            channel.force(true);
        }
        forceFolder(folder);
        return new Total(files, octets);
    }

    private static long readAndForce(Path file, MessageDigest digest) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 18);
        long size = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer.clear()) >= 0) {
                digest.update(buffer.flip());
                size += buffer.limit();
            }
            channel.force(true);
        }
        return size;
    }

    static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String escaped(Path path) {
        StringBuilder escaped = new StringBuilder();
        for (char c : path.toString().toCharArray()) {
            if (c == '\\') {
                escaped.append("\\\\");
            } else if (Character.isISOControl(c)) {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
