package org.mailrack.imap.internal.codec;

import java.util.ArrayList;
import java.util.List;

/**
 * A sequence-set as written (RFC 3501 section 9): message numbers or UIDs, with {@link #LAST} for the asterisk.
 *
 * @param ranges its elements in the order written; in each the first end may be the greater one
 */
public record SequenceSet(List<Range> ranges) {

    /** The asterisk. */
    public static final long LAST = Long.MAX_VALUE;

    public SequenceSet {
        ranges = List.copyOf(ranges);
    }

    /** One element; both ends belong to it. */
    public record Range(long first, long last) {}

    /** Whether an octet can begin a set. */
    public static boolean begins(int octet) {
        return octet == '*' || octet >= '1' && octet <= '9';
    }

    /** Reads a set of at most so many elements. */
    public static SequenceSet read(Decoder in, int limit) {
        List<Range> ranges = new ArrayList<>();
        do {
            if (ranges.size() == limit) {
                in.fail("Sequence set has more than " + limit + " elements");
            }
            long first = end(in);
            ranges.add(new Range(first, in.take(':') ? end(in) : first));
        } while (in.take(','));
        return new SequenceSet(ranges);
    }

    private static long end(Decoder in) {
        return in.take('*') ? LAST : in.nonZero();
    }
}
