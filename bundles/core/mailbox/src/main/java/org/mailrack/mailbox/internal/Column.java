package org.mailrack.mailbox.internal;

import java.nio.ByteBuffer;

/**
 * Numbers of a chunk as octets in the chunk's array: each is what is left of it when a base and, where the numbers grow with their
 * index, that index are taken away, in as few octets as the greatest of them needs. Numbers that follow on each other need none.
 * Immutable.
 */
final class Column {

    /** The smallest number, without its index where {@code step} is 1. */
    final long base;
    /** How much of its index a number contains: 0 or 1. */
    final int step;
    /** Octets of each number. */
    final int width;

    private final byte[] data;
    private final int start;

    /** A column that is there already, {@code width} octets a number from {@code start} on. */
    Column(byte[] data, int start, int width, int step, long base) {
        this.data = data;
        this.start = start;
        this.width = width;
        this.step = step;
        this.base = base;
    }

    long get(int index) {
        long rest = 0;
        int from = start + index * width;
        for (int at = from; at < from + width; at++) {
            rest = rest << 8 | data[at] & 0xff;
        }
        return base + (long) step * index + rest;
    }

    /** Whether each of the first numbers is at least 0 and less than a limit. */
    boolean within(int count, int limit) {
        if (step == 0 && width <= 1) {
            int max = 0;
            for (int at = start; at < start + count * width; at++) {
                max = Math.max(max, data[at] & 0xff);
            }
            return base >= 0 && base < limit && base + max < limit;
        }
        for (int i = 0; i < count; i++) {
            long number = get(i);
            if (number < 0 || number >= limit) {
                return false;
            }
        }
        return true;
    }

    /** Copies the octets of the first numbers. */
    void copy(int count, ByteBuffer out) {
        out.put(data, start, count * width);
    }

    /** How numbers are to be written. */
    static final class Plan {
        private final long[] values;
        private final int count;
        private final long base;
        private final int step;
        private final int width;

        private Plan(long[] values, int count, int step) {
            this.values = values;
            this.count = count;
            this.step = step;
            long min = count == 0 ? 0 : values[0];
            long max = min;
            for (int i = 1; i < count; i++) {
                min = Math.min(min, values[i] - (long) step * i);
                max = Math.max(max, values[i] - (long) step * i);
            }
            base = min;
            // Right also where the difference overflows: as an unsigned number it is what it should be, and the sum
            // overflows back.
            width = (Long.SIZE - Long.numberOfLeadingZeros(max - min) + 7) / 8;
        }

        /** The shortest way to write the first {@code count} numbers. */
        static Plan of(long[] values, int count) {
            Plan plain = new Plan(values, count, 0);
            if (plain.width == 0) {
                return plain;
            }
            Plan growing = new Plan(values, count, 1);
            return growing.width < plain.width ? growing : plain;
        }

        int octets() {
            return count * width;
        }

        Column write(byte[] data, int start) {
            int at = start;
            for (int i = 0; i < count; i++) {
                long rest = values[i] - (long) step * i - base;
                for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
                    data[at++] = (byte) (rest >>> shift);
                }
            }
            return new Column(data, start, width, step, base);
        }
    }
}
