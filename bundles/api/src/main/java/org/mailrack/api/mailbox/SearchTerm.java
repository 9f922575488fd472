package org.mailrack.api.mailbox;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * What to search for (RFC 9051 section 6.4.4). Texts match as substrings, without regard to case, in decoded headers and text
 * bodies. Immutable.
 */
public sealed interface SearchTerm {

    /** Every message. */
    record All() implements SearchTerm {}

    /** Each of the terms. */
    record And(List<SearchTerm> terms) implements SearchTerm {}

    /** Any of the terms. */
    record Or(List<SearchTerm> terms) implements SearchTerm {}

    /** Not the term. */
    record Not(SearchTerm term) implements SearchTerm {}

    /** Messages with these UIDs. */
    record Uids(UidSet uids) implements SearchTerm {}

    /** Messages that have the system flag or keyword, by its IMAP name. */
    record HasFlag(String name) implements SearchTerm {}

    /** Messages larger than so many octets. */
    record Larger(long octets) implements SearchTerm {}

    /** Messages smaller than so many octets. */
    record Smaller(long octets) implements SearchTerm {}

    /** Messages whose mod-sequence is so great or greater (RFC 7162 section 3.1.5). */
    record ModSeq(long atLeast) implements SearchTerm {}

    /** Messages whose internal date is in [from, before). */
    record Received(Instant from, Instant before) implements SearchTerm {}

    /** Messages whose Date field names a day in [from, before), time and zone aside. */
    record Sent(LocalDate from, LocalDate before) implements SearchTerm {}

    /** Messages that have such a header field with the text in it; an empty text asks for the field only. */
    record HeaderField(String field, String text) implements SearchTerm {}

    /** Messages with the text in a text body part. */
    record Body(String text) implements SearchTerm {}

    /** Messages with the text in the header or a text body part. */
    record Text(String text) implements SearchTerm {}
}
