package org.mailrack.mailbox.internal;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.store.StoreException;

/** Keeps keywords few and short: a mailbox lists all of them to every client that selects it. */
final class Keywords {

    /** Characters of a keyword; long enough for any that programs use. */
    static final int MAX_LENGTH = 128;

    private Keywords() {}

    /** Checks flags by themselves. */
    static void check(Flags flags, MailboxLimits limits) {
        if (flags.keywords().size() > limits.maxKeywords()) {
            throw tooMany(limits);
        }
        for (String keyword : flags.keywords()) {
            if (keyword.isEmpty() || keyword.length() > MAX_LENGTH) {
                throw new IllegalArgumentException("a keyword has 1 to " + MAX_LENGTH + " characters");
            }
        }
    }

    /** Checks that a mailbox has not too many keywords after a change. */
    static void check(FlagChange change, List<String> present, MailboxLimits limits) {
        if (change.kind() == FlagChange.Kind.REMOVE || change.flags().keywords().isEmpty()) {
            return;
        }
        check(change.flags(), limits);
        Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.addAll(present);
        if (all.addAll(change.flags().keywords()) && all.size() > limits.maxKeywords()) {
            throw tooMany(limits);
        }
    }

    private static StoreException tooMany(MailboxLimits limits) {
        return new StoreException(
                StoreException.Kind.NO_SPACE, "a mailbox has at most " + limits.maxKeywords() + " keywords");
    }
}
