package org.mailrack.mailbox.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings of the mailbox service. Immutable.
 *
 * @param maxNameLength characters of a mailbox name
 * @param maxDepth levels of a mailbox name
 * @param maxMailboxes mailboxes of an account
 * @param maxSubscriptions subscribed names of an account
 * @param maxKeywords different keywords in a mailbox, and characters of one
 * @param views how much is kept of views
 * @param maxCachedOctets octets of envelopes and structures in memory, as they are when written
 * @param maxDetails octets of one message's details that the store is given to keep
 * @param maxSearchTerms terms of a search
 * @param maxSearchDepth terms in terms of a search
 * @param autocreate mailboxes of a new account, each {@code NAME} or {@code NAME=ATTRIBUTE} (RFC 6154); INBOX always
 * @param mime how much of a message's structure is looked at
 */
public record MailboxLimits(
        int maxNameLength,
        int maxDepth,
        int maxMailboxes,
        int maxSubscriptions,
        int maxKeywords,
        ViewLimits views,
        int maxCachedOctets,
        int maxDetails,
        int maxSearchTerms,
        int maxSearchDepth,
        List<String> autocreate,
        MimeLimits mime) {

    /** The limits when nothing is configured. */
    public static final MailboxLimits DEFAULTS = new MailboxLimits(
            255,
            20,
            5_000,
            10_000,
            500,
            ViewLimits.DEFAULTS,
            4 << 20,
            64 << 10,
            1_000,
            100,
            List.of("Drafts=Drafts", "Sent=Sent", "Junk=Junk", "Trash=Trash", "Archive=Archive"),
            MimeLimits.DEFAULTS);

    public MailboxLimits {
        autocreate = List.copyOf(autocreate);
        positive("max.name.length", maxNameLength);
        positive("max.depth", maxDepth);
        positive("max.mailboxes", maxMailboxes);
        positive("max.subscriptions", maxSubscriptions);
        positive("max.keywords", maxKeywords);
        positive("max.cached.octets", maxCachedOctets);
        positive("max.details", maxDetails);
        positive("max.search.terms", maxSearchTerms);
        positive("max.search.depth", maxSearchDepth);
        if (maxSearchDepth > 500) {
            throw new IllegalArgumentException("max.search.depth must be 500 or less");
        }
    }

    private static void positive(String setting, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(setting + " must be 1 or more");
        }
    }

    /** The special-use attribute of each mailbox to make, empty for none. */
    Map<String, String> autocreated() {
        Map<String, String> result = new LinkedHashMap<>();
        for (String entry : autocreate) {
            int equals = entry.lastIndexOf('=');
            String name =
                    equals < 0 ? entry.strip() : entry.substring(0, equals).strip();
            if (!name.isEmpty()) {
                result.put(name, equals < 0 ? "" : entry.substring(equals + 1).strip());
            }
        }
        return result;
    }
}
