package org.mailrack.content.log.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

class AgesTest {

    private long now = -5_000_000_000L; // nanoTime may begin anywhere

    private final Ages ages = new Ages(() -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void nothingIsOldThatWasNeverSeen() {
        assertThat(ages.settled(Duration.ZERO)).isEqualTo(-1);
        ages.note(7);
        assertThat(ages.settled(Duration.ZERO)).isEqualTo(7);
        assertThat(ages.settled(Duration.ofSeconds(1))).isEqualTo(-1);
        pass(Duration.ofSeconds(1));
        assertThat(ages.settled(Duration.ofSeconds(1))).isEqualTo(7);
    }

    /** Against a full record: never said to be older than it is, and not much younger, for a week of notes. */
    @Test
    void isNeverOlderThanItIsAndNotMuchYounger() {
        record Noted(long at, long number) {}
        List<Noted> all = new ArrayList<>();
        Random random = new Random(1);
        long number = 0;
        for (int i = 0; i < 40_000; i++) {
            pass(Duration.ofMillis(random.nextInt(30_000)));
            number += random.nextInt(3);
            ages.note(number);
            all.add(new Noted(now, number));
            if (i % 97 == 0) {
                Duration age = Duration.ofMinutes(random.nextInt(300));
                long settled = ages.settled(age);
                long truly = latest(all.stream()
                        .filter(n -> n.at() <= now - age.toNanos())
                        .mapToLong(Noted::number)
                        .max());
                assertThat(settled).isLessThanOrEqualTo(truly);
                Duration slack = age.multipliedBy(2).plusMinutes(5);
                long atLeast = latest(all.stream()
                        .filter(n -> n.at() <= now - slack.toNanos())
                        .mapToLong(Noted::number)
                        .max());
                assertThat(settled).isGreaterThanOrEqualTo(atLeast);
            }
        }
    }

    private static long latest(java.util.OptionalLong number) {
        return number.orElse(-1);
    }
}
