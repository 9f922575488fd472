package org.mailrack.transfer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OccurrencesTest {

    @Test
    void eachHashIsCountedByItself() {
        Occurrences occurrences = new Occurrences(100_000);
        for (int round = 0; round < 3; round++) {
            for (long hash = -10_000; hash < 10_000; hash++) {
                assertThat(occurrences.next(hash)).isEqualTo(round);
            }
        }
    }

    @Test
    void whenItIsFullNewHashesAreFirstOnesAndKnownOnesStillKnown() {
        Occurrences occurrences = new Occurrences(3);
        assertThat(occurrences.next(1)).isZero();
        assertThat(occurrences.next(1)).isEqualTo(1);
        assertThat(occurrences.full()).isFalse();
        assertThat(occurrences.next(2)).isZero();
        assertThat(occurrences.full()).isTrue();
        assertThat(occurrences.next(3)).isZero();
        assertThat(occurrences.next(3)).isZero();
        assertThat(occurrences.next(1)).isEqualTo(2);
    }
}
