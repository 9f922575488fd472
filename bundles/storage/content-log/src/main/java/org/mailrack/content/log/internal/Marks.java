package org.mailrack.content.log.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Positions of needed records, segment by segment, eight octets each, in bounded memory: when there are too many, the last segments
 * are dropped, and the marks say where they end. Thread-safe.
 */
final class Marks {

    /** About how many octets a large content's record takes. */
    private static final long LARGE_RECORD = 256;

    private static final long[] NONE = {};
    private static final int SIZE_BITS = 31;
    private static final long MAX_SIZE = (1L << SIZE_BITS) - 1;

    private static final class Column {

        private long[] marks = new long[8];
        private int count;

        /** Adds a mark; returns how much longer the array became. */
        int add(long mark) {
            int before = marks.length;
            if (count == before) {
                marks = Arrays.copyOf(marks, before + before / 2);
            }
            marks[count++] = mark;
            return marks.length - before;
        }

        /** Sorts them and drops double ones; returns how much shorter the array became. */
        int pack() {
            int before = marks.length;
            Arrays.sort(marks, 0, count);
            int kept = 0;
            for (int i = 0; i < count; i++) {
                if (kept == 0 || marks[kept - 1] != marks[i]) {
                    marks[kept++] = marks[i];
                }
            }
            count = kept;
            marks = Arrays.copyOf(marks, Math.max(8, kept));
            return before - marks.length;
        }
    }

    private final long max;
    private final TreeMap<Long, Column> segments = new TreeMap<>();
    private long held;
    private long end = Long.MAX_VALUE;

    Marks(long maxOctets) {
        max = maxOctets / Long.BYTES;
    }

    /** Notes a record. One beyond what a mark can say is left out: such a segment is never compacted. */
    synchronized void add(Append.Place place, boolean large, long size) {
        if (place.segment() >= end || place.position() > Integer.MAX_VALUE) {
            return;
        }
        long mark = place.position() << 32 | (large ? 1L << SIZE_BITS : 0) | Math.min(size, MAX_SIZE);
        Column column = segments.computeIfAbsent(place.segment(), this::column); // which adds to what is held
        held += column.add(mark);
        if (held > max) {
            shrink();
        }
    }

    private Column column(long segment) {
        Column column = new Column();
        held += column.marks.length;
        return column;
    }

    private void shrink() {
        for (Column column : segments.values()) {
            held -= column.pack();
        }
        // Not down to the limit only, or the next mark would have them sorted again.
        while (held > max / 4 * 3 && segments.size() > 1) {
            Map.Entry<Long, Column> last = segments.pollLastEntry();
            held -= last.getValue().marks.length;
            end = last.getKey();
        }
    }

    /** The first segment whose marks are not all here. */
    synchronized long end() {
        return end;
    }

    /** The segments that have marks, in ascending order. */
    synchronized List<Long> segments() {
        return List.copyOf(segments.keySet());
    }

    /** The marks of a segment in ascending order of positions. */
    synchronized long[] of(long segment) {
        Column column = segments.get(segment);
        if (column == null) {
            return NONE;
        }
        held -= column.pack();
        return Arrays.copyOf(column.marks, column.count);
    }

    static long position(long mark) {
        return mark >>> 32;
    }

    static boolean large(long mark) {
        return (mark >>> SIZE_BITS & 1) != 0;
    }

    /** About how many octets of the segment a content takes, without its entry. */
    static long inSegment(long mark) {
        return RecordHeader.SIZE + (large(mark) ? LARGE_RECORD : size(mark));
    }

    /** Whether that may be the size that the mark was made with. */
    static boolean fits(long mark, long size) {
        return size(mark) == Math.min(size, MAX_SIZE);
    }

    static long size(long mark) {
        return mark & MAX_SIZE;
    }
}
