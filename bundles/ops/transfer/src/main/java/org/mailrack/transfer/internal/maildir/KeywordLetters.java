package org.mailrack.transfer.internal.maildir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.mailrack.api.mailbox.Flags;
import org.mailrack.transfer.internal.PlainFiles;

/** Which letter, a to z, stands for which keyword in the names of a folder's files: Dovecot's file {@code dovecot-keywords}. */
final class KeywordLetters {

    static final String FILE = "dovecot-keywords";
    static final String PASSED = "$Forwarded";

    private static final int MAX = 26;
    private static final int MAX_OCTETS = 64 * 1024;

    private final String[] keywords;

    private KeywordLetters(String[] keywords) {
        this.keywords = keywords;
    }

    /** Those of a folder; none when it has no such file. Lines that make no sense are passed over. */
    static KeywordLetters read(Path folder) throws IOException {
        String[] keywords = new String[MAX];
        Optional<InputStream> in = PlainFiles.beside(folder.resolve(FILE), MAX_OCTETS);
        if (in.isPresent()) {
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(in.get(), StandardCharsets.ISO_8859_1))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    String[] words = line.strip().split(" ");
                    if (words.length == 2 && words[0].matches("[0-9]{1,2}") && Integer.parseInt(words[0]) < MAX) {
                        keywords[Integer.parseInt(words[0])] = words[1];
                    }
                }
            }
        }
        return new KeywordLetters(keywords);
    }

    /** Letters for the first keywords of a list. */
    static KeywordLetters of(List<String> wanted) {
        return new KeywordLetters(Arrays.copyOf(wanted.toArray(String[]::new), MAX));
    }

    void write(Path folder) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < MAX && keywords[i] != null; i++) {
            lines.append(i).append(' ').append(keywords[i]).append('\n');
        }
        if (lines.length() > 0) {
            Files.writeString(folder.resolve(FILE), lines, StandardCharsets.UTF_8);
        }
    }

    /** The keywords that letters of a name stand for. */
    List<String> names(String letters) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            if (letter == 'P') {
                names.add(PASSED);
            } else if (letter >= 'a' && letter <= 'z' && keywords[letter - 'a'] != null) {
                names.add(keywords[letter - 'a']);
            }
        }
        return names;
    }

    /** The letters of a message's keywords. */
    String letters(Flags flags) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < MAX; i++) {
            if (keywords[i] != null && flags.has(keywords[i])) {
                letters.append((char) ('a' + i));
            }
        }
        return letters.toString();
    }

    /** Those of a list that have no letter. */
    static List<String> leftOut(List<String> wanted) {
        return wanted.size() <= MAX ? List.of() : List.copyOf(wanted.subList(MAX, wanted.size()));
    }
}
