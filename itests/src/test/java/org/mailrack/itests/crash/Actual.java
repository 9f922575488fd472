package org.mailrack.itests.crash;

import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;

/** What an account's mailboxes hold, as a client reads them. */
record Actual(SortedMap<String, Folder> folders) {

    /** A mailbox. */
    record Folder(long uidValidity, long uidNext, NavigableMap<Long, Message> messages) {}

    /**
     * A message.
     *
     * @param token which mail its header says it is
     */
    record Message(String token, Set<String> flags) {}
}
