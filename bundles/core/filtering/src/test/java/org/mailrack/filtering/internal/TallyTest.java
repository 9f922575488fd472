package org.mailrack.filtering.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TallyTest {

    private final Tally tally = new Tally();

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 8, 9, 15, 16, 17, 1_000, 123_456_789, 10_000_000_000L, 1_000_000_000_000L})
    void aTimeIsToldAtMostAnEighthTooLarge(long nanos) {
        tally.called(Tally.Word.ACCEPT, nanos);
        assertThat(tally.quantile(0.99).toNanos()).isBetween(nanos, nanos + nanos / 8);
        assertThat(tally.mean()).isEqualTo(Duration.ofNanos(nanos));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1L << 40, Long.MAX_VALUE})
    void timesThatAreNoneOrTooLongAreCounted(long nanos) {
        tally.called(Tally.Word.ACCEPT, nanos);
        assertThat(tally.calls()).isEqualTo(1);
    }

    @Test
    void theQuantileIsThatOfTheCalls() {
        Random random = new Random(1);
        long[] all = random.longs(10_000, 1_000, 50_000_000).sorted().toArray();
        for (long nanos : all) {
            tally.called(Tally.Word.ACCEPT, nanos);
        }
        for (double part : new double[] {0.01, 0.5, 0.9, 0.99, 1}) {
            long exact = all[(int) Math.ceil(all.length * part) - 1];
            assertThat(tally.quantile(part).toNanos()).as("%s", part).isBetween(exact, exact + exact / 8);
        }
    }

    @Test
    void whatWasNotCalledIsAFailureAndNoCall() {
        tally.called(Tally.Word.TAG, 5);
        tally.called(Tally.Word.FAILURE, 5);
        tally.notCalled();
        assertThat(tally.calls()).isEqualTo(2);
        assertThat(tally.failures()).isEqualTo(2);
        assertThat(tally.verdicts()).isEqualTo(Map.of("tag", 1L));
    }

    @Test
    void withoutCallsThereIsNoTime() {
        assertThat(tally.mean()).isZero();
        assertThat(tally.quantile(0.99)).isZero();
    }
}
