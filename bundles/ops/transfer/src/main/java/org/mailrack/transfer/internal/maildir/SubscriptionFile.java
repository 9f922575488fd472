package org.mailrack.transfer.internal.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.mailrack.transfer.internal.FolderNames;
import org.mailrack.transfer.internal.PlainFiles;

/**
 * Dovecot's file {@code subscriptions}: a name per line, its levels separated by dots; from version 2 on, which a first line says,
 * by tabs.
 */
final class SubscriptionFile {

    private static final String FILE = "subscriptions";
    private static final String VERSION_2 = "V\t2";
    private static final int MAX_OCTETS = 4 << 20;

    private SubscriptionFile() {}

    static Set<String> read(Path root) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        List<String> lines = PlainFiles.lines(root.resolve(FILE), MAX_OCTETS);
        boolean tabs = !lines.isEmpty() && lines.get(0).equals(VERSION_2);
        for (String line : lines.subList(tabs ? 1 : 0, lines.size())) {
            if (!line.isBlank()) {
                names.add(FolderNames.join(List.of(line.split(tabs ? "\t" : "\\."))));
            }
        }
        return names;
    }

    static void write(Path root, Set<String> names) throws IOException {
        String lines = names.stream()
                .sorted()
                .map(SubscriptionFile::line)
                .map(line -> line + '\n')
                .collect(Collectors.joining());
        Files.writeString(root.resolve(FILE), lines, StandardCharsets.US_ASCII);
    }

    /** The name as the folder's is on disk, without the first dot. */
    static String line(String name) {
        return Arrays.stream(name.split("/"))
                .map(level -> FolderNames.encode(level, "./\\"))
                .collect(Collectors.joining("."));
    }
}
