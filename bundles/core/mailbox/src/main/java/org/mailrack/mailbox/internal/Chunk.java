package org.mailrack.mailbox.internal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
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

    private Chunk(List<MessageRow> rows) {
        count = rows.size();
        long[] uid = new long[count];
        long[] modSeq = new long[count];
        long[] size = new long[count];
        long[] date = new long[count];
        flags = new Flags[count];
        refEnds = new char[count];
        byte[] text = new byte[count * 64];
        int used = 0;
        int notSeen = 0;
        int marked = 0;
        long sum = 0;
        long max = 0;
        Set<String> names = null;
        for (int i = 0; i < count; i++) {
            MessageRow row = rows.get(i);
            uid[i] = row.uid();
            modSeq[i] = row.modSeq();
            size[i] = row.size();
            date[i] = row.internalDate().toEpochMilli();
            flags[i] = row.flags();
            byte[] ref = row.content().value().getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(ref, 0, text, used, ref.length);
            used += ref.length;
            refEnds[i] = (char) used;
            notSeen += row.flags().has(Flags.SEEN) ? 0 : 1;
            marked += row.flags().has(Flags.DELETED) ? 1 : 0;
            sum += row.size();
            max = Math.max(max, row.modSeq());
            if (!row.flags().keywords().isEmpty() && (i == 0 || row.flags() != flags[i - 1])) {
                names = names == null ? new TreeSet<>(String.CASE_INSENSITIVE_ORDER) : names;
                names.addAll(row.flags().keywords());
            }
        }
        uids = LongColumn.of(uid, count);
        modSeqs = LongColumn.of(modSeq, count);
        sizes = LongColumn.of(size, count);
        dates = LongColumn.of(date, count);
        refs = Arrays.copyOf(text, used);
        unseen = notSeen;
        deleted = marked;
        octets = sum;
        maxModSeq = max;
        keywords = names == null ? Set.of() : names;
    }

    /** A chunk of 1 to {@link #ROWS} rows in ascending UID order. */
    static Chunk of(List<MessageRow> rows) {
        if (rows.isEmpty() || rows.size() > ROWS) {
            throw new IllegalArgumentException("a chunk cannot have " + rows.size() + " rows");
        }
        return new Chunk(rows);
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
}
