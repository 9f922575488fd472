package org.mailrack.transfer.internal;

import java.util.Arrays;

/**
 * Counts how often each hash was seen, in 16 octets a hash. So the second of two equal messages in an mbox file, which has no
 * names for them, is told from the first, in this import as in the next one.
 */
final class Occurrences {

    private final int max;
    /** Open addressing; 0 is a free place, so the hash 0 is taken for 1. */
    private long[] table = new long[1 << 10];

    private int size;

    Occurrences(int max) {
        this.max = max;
    }

    /** How often the hash was seen before. When there is no room for more hashes, those that are new count as new each time. */
    int next(long hash) {
        for (int n = 0; ; n++) {
            // The n-th occurrence of a hash is kept as a hash of its own.
            if (add(mix(hash + n * 0x9e3779b97f4a7c15L))) {
                return n;
            }
        }
    }

    /** Whether it has no room for more. */
    boolean full() {
        return size >= max;
    }

    private boolean add(long mixed) {
        long wanted = mixed == 0 ? 1 : mixed;
        int at = place(table, wanted);
        if (table[at] == wanted) {
            return false;
        }
        if (!full()) {
            table[at] = wanted;
            if (++size * 2 > table.length) {
                grow();
            }
        }
        return true;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        Arrays.stream(table).filter(hash -> hash != 0).forEach(hash -> larger[place(larger, hash)] = hash);
        table = larger;
    }

    private static int place(long[] table, long hash) {
        int at = (int) hash & table.length - 1;
        while (table[at] != 0 && table[at] != hash) {
            at = at + 1 & table.length - 1;
        }
        return at;
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
