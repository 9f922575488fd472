package org.mailrack.mailbox.internal;

/** Numbers of a chunk as differences from the smallest of them, in as few octets each as they need. Immutable. */
final class LongColumn {

    private final long base;
    /** A char[], int[] or long[] of differences; null when all are 0. */
    private final Object deltas;

    private LongColumn(long base, Object deltas) {
        this.base = base;
        this.deltas = deltas;
    }

    static LongColumn of(long[] values, int count) {
        if (count == 0) {
            return new LongColumn(0, null);
        }
        long min = values[0];
        long max = values[0];
        for (int i = 1; i < count; i++) {
            min = Math.min(min, values[i]);
            max = Math.max(max, values[i]);
        }
        long spread = max - min;
        if (spread == 0) {
            return new LongColumn(min, null);
        }
        // A spread below 0 has overflowed: then as long, where the sum overflows back.
        if (spread > 0 && spread <= Character.MAX_VALUE) {
            char[] small = new char[count];
            for (int i = 0; i < count; i++) {
                small[i] = (char) (values[i] - min);
            }
            return new LongColumn(min, small);
        }
        if (spread > 0 && spread <= 0xffffffffL) {
            int[] middle = new int[count];
            for (int i = 0; i < count; i++) {
                middle[i] = (int) (values[i] - min);
            }
            return new LongColumn(min, middle);
        }
        long[] large = new long[count];
        for (int i = 0; i < count; i++) {
            large[i] = values[i] - min;
        }
        return new LongColumn(min, large);
    }

    long get(int index) {
        if (deltas == null) {
            return base;
        }
        if (deltas instanceof char[] small) {
            return base + small[index];
        }
        if (deltas instanceof int[] middle) {
            return base + (middle[index] & 0xffffffffL);
        }
        return base + ((long[]) deltas)[index];
    }
}
