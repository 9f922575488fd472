package org.mailrack.imap.internal.command;

import java.util.ArrayList;
import java.util.List;

import org.mailrack.api.mailbox.Flags;
import org.mailrack.imap.internal.codec.Decoder;

/** Reads the flags of STORE and APPEND. */
final class FlagLists {

    /** Octets of a keyword. */
    private static final int MAX_KEYWORD = 128;

    private FlagLists() {}

    /**
     * Reads flags, in parentheses or bare.
     *
     * @param tolerant whether flags with a backslash that cannot be stored, such as {@code \\Recent}, are passed over
     */
    static Flags read(Decoder in, int limit, boolean tolerant) {
        List<String> names = new ArrayList<>();
        boolean list = in.take('(');
        if (list && in.take(')')) {
            return Flags.NONE;
        }
        boolean more = true;
        while (more) {
            if (names.size() == limit) {
                in.fail("More than " + limit + " flags");
            }
            String name = in.flag();
            if (name.length() > MAX_KEYWORD) {
                in.fail("Flag longer than " + MAX_KEYWORD + " octets");
            }
            if (isSystem(name) || !name.startsWith("\\")) {
                names.add(name);
            } else if (!tolerant) {
                in.fail("No such system flag can be set");
            }
            if (list) {
                more = !in.take(')');
                if (more) {
                    in.space();
                    more = !in.take(')');
                }
            } else {
                more = in.more();
            }
        }
        return Flags.of(names);
    }

    private static boolean isSystem(String name) {
        return List.of("\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft").stream()
                .anyMatch(name::equalsIgnoreCase);
    }
}
