package org.mailrack.mailbox.internal;

import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MessageRow;

/**
 * Some messages of a mailbox in a row, in columns that share one array of octets. Immutable, shared by every view that has the same
 * rows. A row takes 10 to 20 octets; its flags are a number of one of the few combinations that the chunk has.
 */
final class Chunk {

    /** Rows in a full chunk: a change of flags copies no more than these. */
    static final int ROWS = 512;
    /** What a chunk takes beside its array: itself, seven columns, its place in the view. */
    private static final int OVERHEAD = 450;

    final int count;
    /** How many are not seen, how many are deleted, octets of all, and the greatest mod-sequence. */
    final Sums sums;
    /** The different flags that its rows have. */
    final Flags[] kinds;
    /** Keywords that any of the rows has; mostly none. */
    final Set<String> keywords;

    final byte[] data;
    final Column uids;
    final Column modSeqs;
    final Column flags;
    final Column sizes;
    final Column dates;
    final Refs refs;

    /** Sums over the rows. */
    record Sums(int unseen, int deleted, long octets, long maxModSeq) {}

    /** The columns, with places in one array. */
    record Columns(byte[] data, Column uids, Column modSeqs, Column flags, Column sizes, Column dates, Refs refs) {}

    Chunk(int count, Sums sums, Flags[] kinds, Columns columns) {
        this.count = count;
        this.sums = sums;
        this.kinds = kinds;
        data = columns.data();
        uids = columns.uids();
        modSeqs = columns.modSeqs();
        flags = columns.flags();
        sizes = columns.sizes();
        dates = columns.dates();
        refs = columns.refs();
        Set<String> names = null;
        for (Flags kind : kinds) {
            if (!kind.keywords().isEmpty()) {
                names = names == null ? new TreeSet<>(String.CASE_INSENSITIVE_ORDER) : names;
                names.addAll(kind.keywords());
            }
        }
        keywords = names == null ? Set.of() : names;
    }

    /** Octets that it takes in memory. */
    int memory() {
        return OVERHEAD + data.length + 4 * kinds.length + 64 * keywords.size();
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
        return kinds[(int) flags.get(i)];
    }

    long size(int i) {
        return sizes.get(i);
    }

    Instant date(int i) {
        return Instant.ofEpochMilli(dates.get(i));
    }

    ContentRef content(int i) {
        return refs.get(i);
    }

    MessageRow row(int i) {
        return new MessageRow(uid(i), modSeq(i), flags(i), size(i), date(i), content(i));
    }

    /** As {@link Arrays#binarySearch}. */
    int indexOf(long uid) {
        if (uids.width == 0 && uids.step == 1) {
            long index = uid - uids.base;
            return index < 0 ? -1 : index < count ? (int) index : -count - 1;
        }
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
        private final long[] flags = new long[ROWS];
        private final long[] sizes = new long[ROWS];
        private final long[] dates = new long[ROWS];
        private final Refs.Builder refs = new Refs.Builder();
        private final Flags[] kinds = new Flags[ROWS];
        private int kindCount;
        private int lastKind;
        private int count;

        int count() {
            return count;
        }

        boolean isFull() {
            return count == ROWS;
        }

        /** Adds a row; its flags should be shared ones. */
        void add(MessageRow row) {
            refs.set(count, row.content());
            add(row.uid(), row.modSeq(), row.size(), row.internalDate().toEpochMilli(), row.flags());
        }

        void add(Chunk from, int i) {
            refs.set(count, from.refs, i);
            add(from.uid(i), from.modSeq(i), from.size(i), from.dates.get(i), from.flags(i));
        }

        private void add(long uid, long modSeq, long size, long date, Flags kind) {
            uids[count] = uid;
            modSeqs[count] = modSeq;
            sizes[count] = size;
            dates[count] = date;
            flags[count] = kind(kind);
            count++;
        }

        /** The number of these flags among those that were there; equal ones that are two objects may have two. */
        private int kind(Flags wanted) {
            if (lastKind < kindCount && kinds[lastKind] == wanted) {
                return lastKind;
            }
            int at = 0;
            while (at < kindCount && kinds[at] != wanted) {
                at++;
            }
            if (at == kindCount) {
                kinds[kindCount++] = wanted;
            }
            lastKind = at;
            return at;
        }

        /** The chunk of the rows so far; the builder is then empty. */
        Chunk build() {
            Chunk chunk = new Chunk(count, sums(), Arrays.copyOf(kinds, kindCount), columns());
            count = 0;
            kindCount = 0;
            refs.clear();
            return chunk;
        }

        private Sums sums() {
            int unseen = 0;
            int deleted = 0;
            long octets = 0;
            long maxModSeq = 0;
            for (int i = 0; i < count; i++) {
                Flags kind = kinds[(int) flags[i]];
                unseen += kind.has(Flags.SEEN) ? 0 : 1;
                deleted += kind.has(Flags.DELETED) ? 1 : 0;
                octets += sizes[i];
                maxModSeq = Math.max(maxModSeq, modSeqs[i]);
            }
            return new Sums(unseen, deleted, octets, maxModSeq);
        }

        private Columns columns() {
            long[][] plain = {uids, modSeqs, flags, sizes, dates};
            Column.Plan[] refPlans = refs.plan(count);
            Column.Plan[] plans = new Column.Plan[plain.length + refPlans.length];
            int octets = 0;
            for (int c = 0; c < plans.length; c++) {
                plans[c] = c < plain.length ? Column.Plan.of(plain[c], count) : refPlans[c - plain.length];
                octets += plans[c].octets();
            }
            byte[] texts = refs.texts();
            byte[] data = Arrays.copyOf(texts, octets + texts.length);
            System.arraycopy(texts, 0, data, octets, texts.length);
            Column[] made = new Column[plans.length];
            int at = 0;
            for (int c = 0; c < plans.length; c++) {
                made[c] = plans[c].write(data, at);
                at += plans[c].octets();
            }
            Refs madeRefs =
                    made.length == 7 ? new Refs(data, made[5], made[6], octets) : new Refs(data, null, made[5], octets);
            return new Columns(data, made[0], made[1], made[2], made[3], made[4], madeRefs);
        }
    }
}
