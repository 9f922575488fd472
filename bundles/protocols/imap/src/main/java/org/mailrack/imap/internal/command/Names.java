package org.mailrack.imap.internal.command;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.imap.internal.codec.Decoder;

/** Names of mailboxes as clients write them. */
final class Names {

    private Names() {}

    /** Reads a name. */
    static String read(Decoder in) {
        return canonical(in.mailbox());
    }

    /** INBOX is one in any case (RFC 3501 section 5.1), also as the first level of a name. */
    static String canonical(String name) {
        int length = MailboxInfo.INBOX.length();
        boolean inbox = name.regionMatches(true, 0, MailboxInfo.INBOX, 0, length)
                && (name.length() == length || name.charAt(length) == MailboxInfo.SEPARATOR);
        return inbox ? MailboxInfo.INBOX + name.substring(length) : name;
    }

    /** The name without a separator at its end, which says that names below are to come (RFC 3501 section 6.3.3). */
    static String withoutTrailingSeparator(String name) {
        return name.length() > 1 && name.charAt(name.length() - 1) == MailboxInfo.SEPARATOR
                ? name.substring(0, name.length() - 1)
                : name;
    }
}
