package org.mailrack.transfer.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.mailrack.api.mailbox.MailboxInfo;

/**
 * Levels of a mailbox name as names on disk: in modified UTF-7, and characters that separate levels there as Dovecot's plug-in
 * {@code listescape} has them, a backslash and two hexadecimal digits.
 */
public final class FolderNames {

    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-9a-fA-F]{2})");

    /** What the common file systems allow for a name. */
    private static final int MAX_OCTETS = 255;

    private FolderNames() {}

    /**
     * A name as it is, if a file can have it.
     *
     * @throws IllegalArgumentException when it is too long
     */
    public static String fitting(String name) {
        if (name.length() > MAX_OCTETS) {
            throw new IllegalArgumentException(
                    "its name is too long for a file: " + name.length() + " octets, with room for " + MAX_OCTETS);
        }
        return name;
    }

    /**
     * The level as a name on disk.
     *
     * @param separators characters that may not be in it
     */
    public static String encode(String level, String separators) {
        StringBuilder name = new StringBuilder();
        for (char c : ModifiedUtf7.encode(level).toCharArray()) {
            name.append(separators.indexOf(c) >= 0 ? String.format("\\%02x", (int) c) : String.valueOf(c));
        }
        return name.toString();
    }

    /** The level that a name on disk stands for. A separator of ours, which no level can have, becomes an underscore. */
    public static String decode(String name) {
        String plain = ESCAPE.matcher(name)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
        String level = ModifiedUtf7.decode(plain).orElse(plain);
        return level.replace(MailboxInfo.SEPARATOR, '_');
    }

    /** A mailbox name of these names on disk; INBOX, in any case, is our INBOX. */
    public static String join(List<String> names) {
        List<String> levels = new ArrayList<>();
        for (String name : names) {
            String level = decode(name);
            boolean inbox = levels.isEmpty() && level.equalsIgnoreCase(MailboxInfo.INBOX);
            levels.add(inbox ? MailboxInfo.INBOX : level);
        }
        return String.join(String.valueOf(MailboxInfo.SEPARATOR), levels);
    }
}
