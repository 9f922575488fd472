package org.mailrack.api.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

class UidSetTest {

    @Test
    void joinsNeighboursAndOverlaps() {
        assertThat(UidSet.of(3, 1, 2, 2, 7)).hasToString("1:3,7");
        assertThat(UidSet.ofRanges(List.of(new UidSet.Range(5, 9), new UidSet.Range(1, 5), new UidSet.Range(10, 10))))
                .hasToString("1:10");
        assertThat(UidSet.of()).isEqualTo(UidSet.EMPTY).hasToString("");
    }

    @Test
    void agreesWithAPlainSetOfNumbers() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            TreeSet<Long> plain =
                    random.longs(random.nextInt(40), 1, 60).boxed().collect(Collectors.toCollection(TreeSet::new));
            UidSet set = UidSet.of(plain);
            assertThat(set.size()).isEqualTo(plain.size());
            assertThat(set.stream().boxed().toList()).isEqualTo(List.copyOf(plain));
            assertThat(UidSet.ofRanges(set.ranges())).isEqualTo(set).hasSameHashCodeAs(set);
            for (long uid = 1; uid < 61; uid++) {
                assertThat(set.contains(uid)).isEqualTo(plain.contains(uid));
            }
        }
    }

    @Test
    void aRangeOfAMillionIsOneRange() {
        UidSet set = UidSet.range(1, 1_000_000);
        assertThat(set.ranges()).hasSize(1);
        assertThat(set.size()).isEqualTo(1_000_000);
        assertThat(set.contains(1_000_000)).isTrue();
        assertThat(set.contains(1_000_001)).isFalse();
    }

    @Test
    void zeroIsNoUid() {
        assertThatThrownBy(() -> UidSet.of(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> UidSet.range(3, 2)).isInstanceOf(IllegalArgumentException.class);
    }
}
