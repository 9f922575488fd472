package org.mailrack.content.log.internal;

import java.util.Optional;

import org.mailrack.api.mail.ContentRef;

/**
 * A content reference as this store writes it: segment and position of the record and, for a large content, the number of its file,
 * so that a survey knows the file without a look at the record. Numbers in base 36, with hyphens between.
 *
 * @param place where the record is, or was before the segment was compacted
 * @param large the number of the large file; -1 when there is none
 */
record LogRef(Append.Place place, long large) {

    private static final int RADIX = 36;
    private static final int MAX_DIGITS = 12;

    static LogRef small(Append.Place place) {
        return new LogRef(place, -1);
    }

    ContentRef ref() {
        String text = Long.toString(place.segment(), RADIX) + '-' + Long.toString(place.position(), RADIX);
        return new ContentRef(large < 0 ? text : text + '-' + Long.toString(large, RADIX));
    }

    /** Reads a reference; empty when it is none of this store. */
    static Optional<LogRef> parse(ContentRef ref) {
        String text = ref.value();
        int first = text.indexOf('-');
        int second = text.indexOf('-', first + 1);
        long segment = number(text, 0, first);
        long position = number(text, first + 1, second < 0 ? text.length() : second);
        long large = second < 0 ? -1 : number(text, second + 1, text.length());
        return segment < 0 || position < Segment.HEADER || second >= 0 && large < 0
                ? Optional.empty()
                : Optional.of(new LogRef(new Append.Place(segment, position), large));
    }

    /** A survey reads millions of these: no regular expression, no objects. */
    private static long number(String text, int from, int to) {
        if (to <= from || to - from > MAX_DIGITS || text.charAt(from) == '0' && to - from > 1) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'z' ? c - 'a' + 10 : -1;
            if (digit < 0) {
                return -1;
            }
            number = number * RADIX + digit;
        }
        return number;
    }
}
