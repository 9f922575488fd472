package org.mailrack.api.mailbox;

import java.util.Optional;

/**
 * A mailbox as it stands at one moment. Immutable.
 *
 * @param id its number in the store, never used again for another
 * @param account whose it is
 * @param name its full name in Unicode, levels separated by {@value #SEPARATOR}; the inbox is {@value #INBOX}
 * @param uidValidity RFC 9051 section 2.3.1.1
 * @param uidNext lower bound of the next UID
 * @param highestModSeq RFC 7162 section 3.1.2.1
 * @param specialUse RFC 6154 attribute without backslash, such as {@code Sent}
 */
public record MailboxInfo(
        long id,
        String account,
        String name,
        long uidValidity,
        long uidNext,
        long highestModSeq,
        Optional<String> specialUse) {

    /** The inbox's name; IMAP takes it in any case. */
    public static final String INBOX = "INBOX";
    /** Separates the levels of a name. */
    public static final char SEPARATOR = '/';
}
