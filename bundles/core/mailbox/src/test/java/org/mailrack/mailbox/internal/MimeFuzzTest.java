package org.mailrack.mailbox.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

import org.mailrack.api.mailbox.MimePart;
import org.mailrack.mailbox.internal.DetailsCodec.Details;

/** Any octets as a message, and as details of one. */
class MimeFuzzTest {

    @FuzzTest
    void message(FuzzedDataProvider data) throws IOException {
        byte[] message = data.consumeRemainingAsBytes();
        MimePart root = MimeScanner.scan(new ByteArrayInputStream(message), new MimeLimits(4096, 20, 200));
        List<String> broken = MimeParts.broken(root, message.length);
        if (!broken.isEmpty()) {
            throw new AssertionError(broken.toString());
        }
        if (!root.envelope()
                .equals(Optional.of(
                        MimeScanner.envelope(new ByteArrayInputStream(message), new MimeLimits(4096, 20, 200))))) {
            throw new AssertionError("another envelope when read alone");
        }
        Details details = Details.of(root);
        if (!DetailsCodec.read(DetailsCodec.write(details), message.length).equals(Optional.of(details))) {
            throw new AssertionError("details do not come back");
        }
        MessageText.header(new ByteArrayInputStream(message), MimeLimits.DEFAULTS);
    }

    @FuzzTest
    void details(FuzzedDataProvider data) {
        long size = data.consumeLong(0, 1 << 20);
        DetailsCodec.read(ByteBuffer.wrap(data.consumeRemainingAsBytes()), size);
    }
}
