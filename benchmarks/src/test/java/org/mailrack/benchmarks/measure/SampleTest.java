package org.mailrack.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class SampleTest {

    @Test
    void aQuantileIsAValueThatWasMeasured() {
        Sample hundred = Sample.of(
                IntStream.rangeClosed(1, 100).mapToDouble(i -> 101 - i).toArray());
        assertThat(hundred.quantile(0.5)).isEqualTo(50);
        assertThat(hundred.quantile(0.99)).isEqualTo(99);
        assertThat(hundred.quantile(0)).isEqualTo(1);
        assertThat(hundred.quantile(1)).isEqualTo(100);
        assertThat(Sample.of(3, 1, 2).quantile(0.99)).isEqualTo(3);
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheTwo() {
        assertThat(Sample.of(4, 1, 3, 2).median()).isEqualTo(2.5);
        assertThat(Sample.of(List.of(9.0, 1.0, 5.0)).median()).isEqualTo(5);
    }

    @Test
    void ofNothingNothingIsSaid() {
        Sample none = Sample.of();
        assertThat(none.size()).isZero();
        assertThat(none.median()).isNaN();
        assertThat(none.quantile(0.99)).isNaN();
        assertThat(none.min()).isNaN();
        assertThat(none.max()).isNaN();
        assertThat(Table.text(none.median())).isEqualTo("-");
    }
}
