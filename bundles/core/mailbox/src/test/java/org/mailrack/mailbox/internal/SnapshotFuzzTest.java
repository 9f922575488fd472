package org.mailrack.mailbox.internal;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any octets as a snapshot, and with right checksums. */
class SnapshotFuzzTest {

    @FuzzTest
    void octets(byte[] octets) {
        Sealed.read(octets).ifPresent(Sealed::walk);
        Sealed.read(Sealed.seal(octets)).ifPresent(Sealed::walk);
    }

    @FuzzTest
    void changed(FuzzedDataProvider data) {
        byte[] octets = Sealed.write(Sealed.view(data.consumeInt(0, 600), data.consumeInt(0, 100)));
        while (data.remainingBytes() > 0) {
            octets[data.consumeInt(0, octets.length - 1)] = data.consumeByte();
        }
        Sealed.read(Sealed.seal(octets)).ifPresent(Sealed::walk);
    }
}
