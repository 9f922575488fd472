package org.mailrack.mailbox.internal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MessageRow;

/**
 * Some messages of a mailbox in a row, in columns. Immutable, shared by every view that has the same rows. A row takes about 40
 * octets; the flags are references to few shared objects.
 */
final class Chunk {

    /** Rows in a full chunk: a change of flags copies no more than these. */
    static final int ROWS = 512;

    final int count;
    final int unseen;
    final int deleted;
    final long octets;
    final long maxModSeq;
    /** Keywords that any of the rows has; mostly none. */
    final Set<String> keywords;

    private final LongColumn uids;
    private final LongColumn modSeqs;
    private final LongColumn sizes;
    private final LongColumn dates;
    private final Flags[] flags;
    private final byte[] refs;
    /** Where each reference ends in {@code refs}; 512 references of 64 octets fit a char. */
    private final char[] refEnds;

    private Chunk(Builder rows) {
        count = rows.count;
        uids = LongColumn.of(rows.uids, count);
        modSeqs = LongColumn.of(rows.modSeqs, count);
        sizes = LongColumn.of(rows.sizes, count);
        dates = LongColumn.of(rows.dates, count);
        flags = Arrays.copyOf(rows.flags, count);
        refs = Arrays.copyOf(rows.refs, rows.refEnd);
        refEnds = Arrays.copyOf(rows.refEnds, count);
        int notSeen = 0;
        int marked = 0;
        long sum = 0;
        long max = 0;
        Set<String> names = null;
        for (int i = 0; i < count; i++) {
            notSeen += flags[i].has(Flags.SEEN) ? 0 : 1;
            marked += flags[i].has(Flags.DELETED) ? 1 : 0;
            sum += rows.sizes[i];
            max = Math.max(max, rows.modSeqs[i]);
            if (!flags[i].keywords().isEmpty() && (i == 0 || flags[i] != flags[i - 1])) {
                names = names == null ? new TreeSet<>(String.CASE_INSENSITIVE_ORDER) : names;
                names.addAll(flags[i].keywords());
            }
        }
        unseen = notSeen;
        deleted = marked;
        octets = sum;
        maxModSeq = max;
        keywords = names == null ? Set.of() : names;
    }

    long uid(int i) {
        return uids.get(i);
    }

    long firstUid() {
        return uids.get(0);
    }

    long lastUid() {
        return uids.get(count - 1);
    }

    long modSeq(int i) {
        return modSeqs.get(i);
    }

    Flags flags(int i) {
        return flags[i];
    }

    long size(int i) {
        return sizes.get(i);
    }

    Instant date(int i) {
        return Instant.ofEpochMilli(dates.get(i));
    }

    ContentRef content(int i) {
        int from = i == 0 ? 0 : refEnds[i - 1];
        return new ContentRef(new String(refs, from, refEnds[i] - from, StandardCharsets.ISO_8859_1));
    }

    MessageRow row(int i) {
        return new MessageRow(uid(i), modSeq(i), flags(i), size(i), date(i), content(i));
    }

    /** As {@link Arrays#binarySearch}. */
    int indexOf(long uid) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = uid(middle);
            if (found < uid) {
                low = middle + 1;
            } else if (found > uid) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -low - 1;
    }

    /** Collects rows in ascending UID order. Rows of another chunk come over as they are, without being made objects. */
    static final class Builder {
        private final long[] uids = new long[ROWS];
        private final long[] modSeqs = new long[ROWS];
        private final long[] sizes = new long[ROWS];
        private final long[] dates = new long[ROWS];
        private final Flags[] flags = new Flags[ROWS];
        private final char[] refEnds = new char[ROWS];
        private byte[] refs = new byte[ROWS * 16];
        private int refEnd;
        private int count;

        int count() {
            return count;
        }

        boolean isFull() {
            return count == ROWS;
        }

        /** Adds a row; its flags should be shared ones. */
        void add(MessageRow row) {
            byte[] ref = row.content().value().getBytes(StandardCharsets.ISO_8859_1);
            add(
                    row.uid(),
                    row.modSeq(),
                    row.size(),
                    row.internalDate().toEpochMilli(),
                    row.flags(),
                    ref,
                    0,
                    ref.length);
        }

        void add(Chunk from, int i) {
            int start = i == 0 ? 0 : from.refEnds[i - 1];
            add(
                    from.uids.get(i),
                    from.modSeqs.get(i),
                    from.sizes.get(i),
                    from.dates.get(i),
                    from.flags[i],
                    from.refs,
                    start,
                    from.refEnds[i] - start);
        }

        private void add(long uid, long modSeq, long size, long date, Flags flag, byte[] ref, int start, int length) {
            if (refEnd + length > refs.length) {
                refs = Arrays.copyOf(refs, Math.max(refEnd + length, 2 * refs.length));
            }
            System.arraycopy(ref, start, refs, refEnd, length);
            refEnd += length;
            uids[count] = uid;
            modSeqs[count] = modSeq;
            sizes[count] = size;
            dates[count] = date;
            flags[count] = flag;
            refEnds[count] = (char) refEnd;
            count++;
        }

        /** The chunk of the rows so far; the builder is then empty. */
        Chunk build() {
            Chunk chunk = new Chunk(this);
            count = 0;
            refEnd = 0;
            return chunk;
        }
    }
}
