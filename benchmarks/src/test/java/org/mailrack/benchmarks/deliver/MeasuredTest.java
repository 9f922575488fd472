package org.mailrack.benchmarks.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import org.mailrack.benchmarks.measure.Sample;

class MeasuredTest {

    @Test
    void ratesAreMessagesByTheTimeToThe250AndToTheMailbox() {
        Measured run = new Measured(2000, 2, 4, 3, 0, Sample.of(), Sample.of(), 100, 120);
        assertThat(run.acceptedPerSecond()).isEqualTo(1000);
        assertThat(run.readablePerSecond()).isEqualTo(500);
        assertThat(run.cpuPerThousand()).isEqualTo(1.5);
    }
}
