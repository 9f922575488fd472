package org.mailrack.api.mailbox;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A set of UIDs as sorted, disjoint ranges, so that a million of them in a row cost no more than one. Immutable.
 */
public final class UidSet {

    /** No UID at all. */
    public static final UidSet EMPTY = new UidSet(new long[0]);

    /** First and last UID of each range, in turn. */
    private final long[] bounds;

    private UidSet(long[] bounds) {
        this.bounds = bounds;
    }

    /** One range of UIDs; both ends belong to it. */
    public record Range(long first, long last) {
        public Range {
            if (first < 1 || last < first) {
                throw new IllegalArgumentException("not a range of UIDs");
            }
        }
    }

    /** The UIDs from {@code first} to {@code last}. */
    public static UidSet range(long first, long last) {
        Range checked = new Range(first, last);
        return new UidSet(new long[] {checked.first(), checked.last()});
    }

    /** These UIDs, in any order. */
    public static UidSet of(long... uids) {
        long[] sorted = uids.clone();
        Arrays.sort(sorted);
        long[] found = new long[sorted.length * 2];
        int n = 0;
        for (long uid : sorted) {
            n = add(found, n, uid, uid);
        }
        return n == 0 ? EMPTY : new UidSet(Arrays.copyOf(found, n));
    }

    /** These UIDs, in any order. */
    public static UidSet of(Collection<Long> uids) {
        return of(uids.stream().mapToLong(Long::longValue).toArray());
    }

    /** The union of ranges, in any order and overlapping or not. */
    public static UidSet ofRanges(Collection<Range> ranges) {
        Range[] sorted = ranges.toArray(Range[]::new);
        Arrays.sort(sorted, (a, b) -> Long.compare(a.first(), b.first()));
        long[] found = new long[sorted.length * 2];
        int n = 0;
        for (Range range : sorted) {
            n = add(found, n, range.first(), range.last());
        }
        return n == 0 ? EMPTY : new UidSet(Arrays.copyOf(found, n));
    }

    /** Adds a range that begins not before the last one; returns how much of the array is used. */
    private static int add(long[] into, int used, long first, long last) {
        if (first < 1) {
            throw new IllegalArgumentException("not a UID");
        }
        if (used > 0 && first <= into[used - 1] + 1) {
            into[used - 1] = Math.max(into[used - 1], last);
            return used;
        }
        into[used] = first;
        into[used + 1] = last;
        return used + 2;
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /** How many UIDs. */
    public long size() {
        long size = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            size += bounds[i + 1] - bounds[i] + 1;
        }
        return size;
    }

    public boolean contains(long uid) {
        int at = Arrays.binarySearch(bounds, uid);
        // Between a first (even index) and its last (odd index), or on either.
        return at >= 0 || (-at - 1) % 2 == 1;
    }

    /** The ranges in ascending order. */
    public List<Range> ranges() {
        return IntStream.range(0, bounds.length / 2)
                .mapToObj(i -> new Range(bounds[2 * i], bounds[2 * i + 1]))
                .toList();
    }

    /** The UIDs in ascending order. */
    public LongStream stream() {
        return IntStream.range(0, bounds.length / 2)
                .mapToObj(i -> LongStream.rangeClosed(bounds[2 * i], bounds[2 * i + 1]))
                .flatMapToLong(s -> s);
    }

    /** The UIDs in ascending order. */
    public PrimitiveIterator.OfLong iterator() {
        return stream().iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UidSet set && Arrays.equals(bounds, set.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    /** As in an IMAP sequence-set, {@code 1:3,7}; empty when there is none. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bounds.length; i += 2) {
            text.append(i == 0 ? "" : ",").append(bounds[i]);
            if (bounds[i + 1] != bounds[i]) {
                text.append(':').append(bounds[i + 1]);
            }
        }
        return text.toString();
    }
}
