package org.mailrack.mailbox.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;

import org.mailrack.api.mailbox.MessageRow;

/** The form of snapshots: what was written comes back, and nothing else does. */
class SnapshotTest {

    @Test
    void aViewComesBackAsItWas() {
        for (int rows : new int[] {0, 1, 2, 511, 512, 513, 5_000}) {
            for (int seed = 0; seed < 6; seed++) {
                View view = Sealed.view(rows, seed);
                View read = Sealed.read(Sealed.write(view)).orElseThrow();
                assertThat(Sealed.walk(read)).isEqualTo(Sealed.walk(view));
                assertThat(SnapshotHead.Counts.of(read)).isEqualTo(SnapshotHead.Counts.of(view));
                assertThat(read.keywords()).isEqualTo(view.keywords());
                assertThat(read.info().uidNext()).isEqualTo(view.info().uidNext());
                assertThat(read.info().highestModSeq()).isEqualTo(view.info().highestModSeq());
                assertThat(read.info().uidValidity()).isEqualTo(view.info().uidValidity());
            }
        }
    }

    @Test
    void whatIsCutShortAnywhereIsRefused() {
        byte[] whole = Sealed.write(Sealed.view(700, 1));
        for (int length = 0; length < whole.length; length++) {
            assertThat(Sealed.read(Arrays.copyOf(whole, length))).isEmpty();
        }
        assertThat(Sealed.read(Arrays.copyOf(whole, whole.length + 1))).isEmpty();
    }

    @Test
    void everyFlippedBitIsFound() {
        byte[] whole = Sealed.write(Sealed.view(530, 2));
        for (int bit = 0; bit < whole.length * 8; bit++) {
            whole[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(Sealed.read(whole)).as("bit " + bit).isEmpty();
            whole[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertThat(Sealed.read(whole)).isPresent();
    }

    @Test
    void lengthsAndCountsOfAnySizeAreRefusedAlsoWithRightChecksums() {
        byte[] whole = Sealed.write(Sealed.view(600, 3));
        int head = ByteBuffer.wrap(whole).getInt(8);
        // The head's length and counts, a chunk's length and counts, each as any number that might do harm.
        int[] ints = {8, 44, 48, 52, 80, head};
        for (int at : ints) {
            for (int value : new int[] {0, -1, 1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 20, 1 << 28}) {
                byte[] forged = whole.clone();
                ByteBuffer.wrap(forged).putInt(at, value);
                assertThat(Sealed.read(Sealed.seal(forged)))
                        .as(value + " at " + at)
                        .isEmpty();
            }
        }
        int[] shorts = {84, head + 4, head + 26};
        for (int at : shorts) {
            for (int value : new int[] {0, -1, 513, Short.MIN_VALUE, Short.MAX_VALUE}) {
                byte[] forged = whole.clone();
                ByteBuffer.wrap(forged).putShort(at, (short) value);
                assertThat(Sealed.read(Sealed.seal(forged)))
                        .as(value + " at " + at)
                        .isEmpty();
            }
        }
    }

    @Test
    void whatIsForgedWithRightChecksumsIsRefusedOrHarmless() {
        int taken = 0;
        for (int seed = 0; seed < 4_000; seed++) {
            Random random = new Random(seed);
            byte[] forged = Sealed.write(Sealed.view(1 + random.nextInt(40), seed));
            for (int n = random.nextInt(3); n >= 0; n--) {
                forged[random.nextInt(forged.length)] = (byte) random.nextInt();
            }
            Optional<View> read = Sealed.read(Sealed.seal(forged));
            if (read.isPresent()) {
                taken++;
                long last = 0;
                for (MessageRow row : Sealed.walk(read.get())) {
                    assertThat(row.uid()).isGreaterThan(last);
                    last = row.uid();
                }
            }
        }
        assertThat(taken).as("the checksums were right").isGreaterThan(100);
    }
}
