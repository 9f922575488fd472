package org.mailrack.imap.internal.command;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.imap.internal.codec.ModifiedUtf7;
import org.mailrack.imap.internal.codec.SyntaxException;

/** Patterns of LIST and LSUB (RFC 3501 section 6.3.8). */
final class Listing {

    /** Longer than any name that could match. */
    private static final int MAX_PATTERN = 1024;

    private Listing() {}

    /** A pattern with its reference, decoded. */
    static String pattern(String reference, String pattern) {
        String whole = reference + pattern;
        if (whole.length() > MAX_PATTERN) {
            throw new SyntaxException("Pattern longer than " + MAX_PATTERN + " octets");
        }
        return Names.canonical(ModifiedUtf7.decode(whole));
    }

    /**
     * Whether a name matches. Takes time in proportion to the product of both lengths, whatever the pattern.
     */
    static boolean matches(String pattern, String name) {
        boolean anyCase = name.equals(MailboxInfo.INBOX);
        boolean[] at = new boolean[name.length() + 1];
        at[0] = true;
        for (int p = 0; p < pattern.length(); p++) {
            char c = pattern.charAt(p);
            if (c == '*' || c == '%') {
                for (int n = 1; n <= name.length(); n++) {
                    at[n] |= at[n - 1] && (c == '*' || name.charAt(n - 1) != MailboxInfo.SEPARATOR);
                }
                continue;
            }
            for (int n = name.length(); n > 0; n--) {
                char d = name.charAt(n - 1);
                at[n] = at[n - 1] && (c == d || anyCase && Character.toUpperCase(c) == d);
            }
            at[0] = false;
        }
        return at[name.length()];
    }

    /** The names above others that are not among them. */
    static Set<String> missingParents(Collection<String> names) {
        Set<String> missing = new TreeSet<>();
        Set<String> present = new LinkedHashSet<>(names);
        for (String name : names) {
            for (int i = name.lastIndexOf(MailboxInfo.SEPARATOR);
                    i > 0;
                    i = name.lastIndexOf(MailboxInfo.SEPARATOR, i - 1)) {
                String parent = name.substring(0, i);
                if (present.contains(parent) || !missing.add(parent)) {
                    break;
                }
            }
        }
        return missing;
    }

    /** Every name that has others below it. */
    static Set<String> parents(Collection<String> names) {
        Set<String> parents = new LinkedHashSet<>();
        for (String name : names) {
            for (int i = name.lastIndexOf(MailboxInfo.SEPARATOR);
                    i > 0;
                    i = name.lastIndexOf(MailboxInfo.SEPARATOR, i - 1)) {
                if (!parents.add(name.substring(0, i))) {
                    break;
                }
            }
        }
        return parents;
    }

    /** Whether any of the patterns matches. */
    static boolean matchesAny(List<String> patterns, String name) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, name));
    }
}
