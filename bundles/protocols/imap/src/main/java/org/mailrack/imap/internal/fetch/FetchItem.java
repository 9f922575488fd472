package org.mailrack.imap.internal.fetch;

import java.util.List;

/** A fetch data item (RFC 3501 section 6.4.5). */
public sealed interface FetchItem {

    /** An item without parameters. */
    enum Simple implements FetchItem {
        FLAGS,
        UID,
        INTERNALDATE,
        SIZE,
        ENVELOPE,
        BODY,
        BODYSTRUCTURE
    }

    /** What of a part is meant. */
    enum Kind {
        ALL,
        HEADER,
        FIELDS,
        FIELDS_NOT,
        TEXT,
        MIME
    }

    /**
     * A section of a message.
     *
     * @param label how the answer names it, without the origin octet
     * @param parts part numbers, from the outside in
     * @param kind what of that part
     * @param names header field names for FIELDS and FIELDS_NOT
     * @param offset the first octet, or -1 for all
     * @param count how many octets at most
     * @param marksSeen whether fetching it sets {@code \Seen}
     */
    record Section(
            String label,
            List<Integer> parts,
            Kind kind,
            List<String> names,
            long offset,
            long count,
            boolean marksSeen)
            implements FetchItem {

        public Section {
            parts = List.copyOf(parts);
            names = List.copyOf(names);
        }

        /** Whether the MIME structure is needed to find it. */
        boolean needsStructure() {
            return !parts.isEmpty() || kind != Kind.ALL;
        }
    }
}
