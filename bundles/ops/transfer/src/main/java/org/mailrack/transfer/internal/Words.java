package org.mailrack.transfer.internal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.mailrack.api.directory.Directory;
import org.mailrack.api.mail.AddressException;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mailbox.MailboxInfo;

/** The words of a command: FORMAT ACCOUNT PATH and options that each have a value. */
final class Words {

    private final String usage;
    private final List<String> plain = new ArrayList<>();
    private final Map<String, List<String>> options = new LinkedHashMap<>();

    /**
     * Reads words.
     *
     * @param known the options that there are
     */
    Words(String usage, Set<String> known, String... words) {
        this.usage = usage;
        for (int i = 0; i < words.length; i++) {
            if (!words[i].startsWith("--")) {
                plain.add(words[i]);
            } else if (known.contains(words[i]) && i + 1 < words.length) {
                options.computeIfAbsent(words[i], o -> new ArrayList<>()).add(words[++i]);
            } else {
                throw wrong();
            }
        }
        if (plain.size() != 3) {
            throw wrong();
        }
    }

    IllegalArgumentException wrong() {
        return new IllegalArgumentException("usage: " + usage);
    }

    String format() {
        return plain.get(0);
    }

    /** The account, which there must be: looking at the mailboxes of any other would make them. */
    String account(Directory directory) {
        String name = plain.get(1);
        try {
            return directory
                    .account(MailAddress.parse(name.toLowerCase(Locale.ROOT)))
                    .orElseThrow(() -> new IllegalArgumentException("there is no account " + name))
                    .name();
        } catch (AddressException e) {
            throw new IllegalArgumentException(name + " is no account name: " + e.getMessage(), e);
        }
    }

    /** The path, as it is meant where the operator is. */
    Path path(Path folder) {
        try {
            return folder.resolve(plain.get(2)).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(plain.get(2) + " is no path: " + e.getReason(), e);
        }
    }

    /** All values of an option. */
    List<String> all(String option) {
        return options.getOrDefault(option, List.of());
    }

    /** The last value of an option. */
    Optional<String> last(String option) {
        List<String> values = all(option);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
    }

    /** A mailbox name; INBOX in any case. */
    static String mailbox(String name) {
        return name.equalsIgnoreCase(MailboxInfo.INBOX) ? MailboxInfo.INBOX : name;
    }
}
