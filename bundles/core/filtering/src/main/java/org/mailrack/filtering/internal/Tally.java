package org.mailrack.filtering.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

import org.mailrack.api.filter.Verdict;

/**
 * Counts the calls of a filter, their verdicts and their times. Nothing is allocated for a call.
 *
 * <p>Times go into buckets that grow with the time, eight to each power of two, so that a quantile is told at most an eighth too
 * large; all above about 18 minutes share the last.
 */
final class Tally {

    private static final int STEPS = 8;
    private static final int STEP_BITS = 3;
    private static final int MAX_BITS = 40;
    private static final int BUCKETS = (MAX_BITS - STEP_BITS + 1) * STEPS;

    /** What became of a call. */
    enum Word {
        ACCEPT,
        TAG,
        DEFER,
        REJECT,
        FAILURE;

        static Word of(Verdict verdict) {
            if (verdict instanceof Verdict.Accept) {
                return ACCEPT;
            }
            return verdict instanceof Verdict.Tag ? TAG : verdict instanceof Verdict.Defer ? DEFER : REJECT;
        }
    }

    private static final Word[] WORDS = Word.values();

    private final AtomicLongArray words = new AtomicLongArray(WORDS.length);
    private final AtomicLongArray times = new AtomicLongArray(BUCKETS);
    private final AtomicLong nanos = new AtomicLong();

    /** A call was made and took so long. */
    void called(Word word, long took) {
        words.getAndIncrement(word.ordinal());
        times.getAndIncrement(bucket(took));
        nanos.getAndAdd(took);
    }

    /** A mail should have been shown to the filter, and could not. */
    void notCalled() {
        words.getAndIncrement(Word.FAILURE.ordinal());
    }

    long calls() {
        long calls = 0;
        for (int i = 0; i < BUCKETS; i++) {
            calls += times.get(i);
        }
        return calls;
    }

    long failures() {
        return words.get(Word.FAILURE.ordinal());
    }

    /** How often the filter said what; words that it never said are left out. */
    Map<String, Long> verdicts() {
        Map<String, Long> verdicts = new LinkedHashMap<>();
        for (Word word : WORDS) {
            long count = words.get(word.ordinal());
            if (word != Word.FAILURE && count > 0) {
                verdicts.put(word.name().toLowerCase(Locale.ROOT), count);
            }
        }
        return verdicts;
    }

    Duration mean() {
        long calls = calls();
        return Duration.ofNanos(calls == 0 ? 0 : nanos.get() / calls);
    }

    /** A time that this part of the calls did not exceed. */
    Duration quantile(double part) {
        long rest = (long) Math.ceil(calls() * part);
        for (int i = 0; i < BUCKETS && rest > 0; i++) {
            rest -= times.get(i);
            if (rest <= 0) {
                return Duration.ofNanos(end(i));
            }
        }
        return Duration.ZERO;
    }

    private static int bucket(long nanos) {
        if (nanos < STEPS) {
            return (int) Math.max(nanos, 0);
        }
        int bits = 63 - Long.numberOfLeadingZeros(nanos);
        int bucket = (bits - STEP_BITS + 1) * STEPS + (int) (nanos >> (bits - STEP_BITS)) - STEPS;
        return Math.min(bucket, BUCKETS - 1);
    }

    /** The largest time that falls into a bucket. */
    private static long end(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int shift = bucket / STEPS - 1;
        return ((long) (bucket % STEPS + STEPS + 1) << shift) - 1;
    }
}
