package org.mailrack.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A backup that the command {@code backup} of a server made, as its manifest describes it. A manifest is not trusted further than to
 * name files below the three folders of an instance.
 */
final class BackupFolder {

    static final String MANIFEST = "MANIFEST";

    private static final long MAX_MANIFEST = 1L << 30;
    private static final String HEAD = "mailrack-backup 1";
    private static final Set<String> FOLDERS = Set.of("etc", "deploy", "data");
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) ([0-9]{1,18}) (.+)");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(\\\\|u([0-9a-f]{4}))");

    /**
     * A file of it.
     *
     * @param path relative to the backup, and to the instance
     */
    record Entry(String sum, long size, Path path) {}

    private final Path folder;
    private final List<Entry> entries;

    private BackupFolder(Path folder, List<Entry> entries) {
        this.folder = folder;
        this.entries = entries;
    }

    /** Reads the manifest, or says why the folder is no backup. */
    static BackupFolder open(Path folder) {
        Path manifest = folder.resolve(MANIFEST);
        if (!Files.isRegularFile(manifest)) {
            throw LauncherException.failed(folder + " is no whole backup: it has no " + MANIFEST);
        }
        try {
            if (Files.size(manifest) > MAX_MANIFEST) {
                throw damaged(manifest);
            }
            return new BackupFolder(folder, parse(manifest, Files.readAllBytes(manifest)));
        } catch (CharacterCodingException | InvalidPathException e) {
            throw damaged(manifest);
        } catch (IOException e) {
            throw LauncherException.failed("cannot read " + manifest + ": " + Instance.reason(e));
        }
    }

    private static List<Entry> parse(Path manifest, byte[] octets) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(java.nio.ByteBuffer.wrap(octets))
                .toString();
        int end = text.lastIndexOf("end ");
        if (end < 1 || text.charAt(end - 1) != '\n') {
            throw damaged(manifest);
        }
        String sum = sum(text.substring(0, end).getBytes(StandardCharsets.UTF_8));
        if (!text.substring(end).equals("end " + sum + '\n')) {
            throw damaged(manifest);
        }
        List<String> lines = text.substring(0, end).lines().toList();
        if (lines.size() < 2 || !lines.get(0).equals(HEAD)) {
            throw LauncherException.failed(manifest + " is of another version than this launcher can read");
        }
        List<Entry> entries = new ArrayList<>();
        Set<Path> paths = new HashSet<>();
        for (String line : lines.subList(2, lines.size())) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw damaged(manifest);
            }
            Path path = Path.of(unescaped(matcher.group(3)));
            boolean inside = !path.isAbsolute()
                    && path.equals(path.normalize())
                    && path.getNameCount() > 1
                    && FOLDERS.contains(path.getName(0).toString());
            if (!inside || !paths.add(path)) {
                throw damaged(manifest);
            }
            entries.add(new Entry(matcher.group(1), Long.parseLong(matcher.group(2)), path));
        }
        return entries;
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(2) == null ? "\\" : String.valueOf((char) Integer.parseInt(found.group(2), 16))));
    }

    private static LauncherException damaged(Path manifest) {
        return LauncherException.failed(manifest + " is damaged");
    }

    List<Entry> entries() {
        return entries;
    }

    /** Reads all files and compares them with the manifest. */
    void verify() {
        for (Entry entry : entries) {
            read(entry, OutputStream.nullOutputStream());
        }
    }

    /** Copies a file out, or says that it is not as the manifest has it. */
    void read(Entry entry, OutputStream to) {
        Path file = folder.resolve(entry.path());
        // No folder on the way may lead elsewhere either.
        for (Path at = file; !at.equals(folder); at = at.getParent()) {
            if (Files.isSymbolicLink(at)) {
                throw LauncherException.failed(at + " is a symbolic link");
            }
        }
        MessageDigest digest = sha256();
        long size = 0;
        byte[] buffer = new byte[1 << 18];
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
                size += count;
                to.write(buffer, 0, count);
            }
        } catch (IOException e) {
            throw LauncherException.failed("cannot copy " + file + ": " + Instance.reason(e));
        }
        if (size != entry.size() || !HexFormat.of().formatHex(digest.digest()).equals(entry.sum())) {
            throw LauncherException.failed(file + " is damaged: it is not as it was when the backup was made");
        }
    }

    Path folder() {
        return folder;
    }

    private static String sum(byte[] octets) {
        return HexFormat.of().formatHex(sha256().digest(octets));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
