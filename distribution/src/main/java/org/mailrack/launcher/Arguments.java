package org.mailrack.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command line up to the command: options of the launcher, then the command, then what belongs to the command.
 *
 * @param base the instance folder, if one was named
 * @param command the first word that is not an option; {@code help} when there is none
 * @param rest the command's own words, untouched
 */
record Arguments(Optional<Path> base, String command, List<String> rest) {

    static Arguments parse(List<String> words) {
        Optional<Path> base = Optional.empty();
        List<String> before = new ArrayList<>();
        int next = 0;
        while (next < words.size() && words.get(next).startsWith("-")) {
            String word = words.get(next++);
            if (word.equals("--base")) {
                if (next == words.size()) {
                    throw LauncherException.usage("--base needs a folder");
                }
                base = Optional.of(path(words.get(next++)));
            } else if (word.startsWith("--base=")) {
                base = Optional.of(path(word.substring("--base=".length())));
            } else if (word.equals("--json")) {
                before.add(word);
            } else if (word.equals("--help") || word.equals("-h")) {
                return new Arguments(base, "help", List.of());
            } else if (word.equals("--version")) {
                return new Arguments(base, "version", List.of());
            } else {
                throw LauncherException.usage("unknown option " + word + ", see: mailrack help");
            }
        }
        if (next == words.size()) {
            return new Arguments(base, "help", List.of());
        }
        String command = words.get(next++);
        // Where the user writes --json does not matter; the server takes it out of the words.
        before.addAll(words.subList(next, words.size()));
        return new Arguments(base, command, List.copyOf(before));
    }

    private static Path path(String text) {
        if (text.isEmpty()) {
            throw LauncherException.usage("--base needs a folder");
        }
        return Path.of(text);
    }
}
