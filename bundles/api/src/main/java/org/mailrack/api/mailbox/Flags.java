package org.mailrack.api.mailbox;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The flags of a message: the system flags of RFC 9051 section 2.3.2 as bits, and keywords. Keywords keep the case they were
 * first written in, and compare without regard to it. Immutable. {@code \Recent} is not a flag of a message but of a session.
 *
 * @param bits system flags, a sum of the constants
 * @param keywords keywords, sorted without regard to case
 */
public record Flags(int bits, List<String> keywords) {

    public static final int ANSWERED = 1;
    public static final int FLAGGED = 2;
    public static final int DELETED = 4;
    public static final int SEEN = 8;
    public static final int DRAFT = 16;

    /** No flag at all. */
    public static final Flags NONE = new Flags(0, List.of());

    private static final List<String> NAMES = List.of("\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft");

    public Flags {
        if (keywords.size() > 1) {
            Set<String> sorted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            sorted.addAll(keywords);
            keywords = List.copyOf(sorted);
        } else {
            keywords = List.copyOf(keywords);
        }
    }

    /**
     * Flags from their IMAP names, {@code \Seen} and {@code $Junk} alike.
     *
     * @throws IllegalArgumentException for a name with a backslash that is no system flag
     */
    public static Flags of(Collection<String> names) {
        int bits = 0;
        Set<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : names) {
            if (name.startsWith("\\")) {
                bits |= bit(name);
            } else {
                keywords.add(name);
            }
        }
        return bits == 0 && keywords.isEmpty() ? NONE : new Flags(bits, List.copyOf(keywords));
    }

    /** Flags from their IMAP names. */
    public static Flags of(String... names) {
        return of(Arrays.asList(names));
    }

    private static int bit(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        for (int i = 0; i < NAMES.size(); i++) {
            if (NAMES.get(i).toLowerCase(Locale.ROOT).equals(wanted)) {
                return 1 << i;
            }
        }
        throw new IllegalArgumentException("unknown system flag");
    }

    /** Whether the system flag is set. */
    public boolean has(int systemFlag) {
        return (bits & systemFlag) != 0;
    }

    /** Whether the flag or keyword of that name is set. */
    public boolean has(String name) {
        return name.startsWith("\\") ? has(bit(name)) : keywords.stream().anyMatch(name::equalsIgnoreCase);
    }

    /** These and the others. */
    public Flags plus(Flags others) {
        return new Flags(
                bits | others.bits,
                Stream.concat(keywords.stream(), others.keywords.stream()).toList());
    }

    /** These without the others. */
    public Flags minus(Flags others) {
        return new Flags(
                bits & ~others.bits,
                keywords.stream().filter(k -> !others.has(k)).toList());
    }

    /** The IMAP names, system flags first. */
    public List<String> names() {
        Stream<String> system =
                Stream.of(0, 1, 2, 3, 4).filter(i -> (bits & 1 << i) != 0).map(NAMES::get);
        return Stream.concat(system, keywords.stream()).toList();
    }

    @Override
    public String toString() {
        return String.join(" ", names());
    }
}
