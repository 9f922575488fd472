package org.mailrack.mailbox.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;

import org.mailrack.api.mailbox.MimePart;
import org.mailrack.mailbox.internal.DetailsCodec.Details;

class DetailsCodecTest {

    private static final byte[] MESSAGE = """
            Subject: \u00e9
            From: A <a@b>, g: c@d;
            References: <1@x> <2@x>
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: message/rfc822
            Content-Disposition: attachment; filename=x
            Content-Language: en

            Subject: inner

            body
            --b
            Content-ID: <y>

            text
            --b--
            """.getBytes(StandardCharsets.UTF_8);

    private static Details details() throws IOException {
        return Details.of(MimeScanner.scan(new ByteArrayInputStream(MESSAGE), MimeLimits.DEFAULTS));
    }

    @Test
    void whatIsWrittenComesBack() throws IOException {
        Details details = details();
        assertThat(DetailsCodec.read(DetailsCodec.write(details), MESSAGE.length))
                .contains(details);
        Details envelope = new Details(details.envelope(), Optional.empty());
        assertThat(DetailsCodec.read(DetailsCodec.write(envelope), MESSAGE.length))
                .contains(envelope);
    }

    @Test
    void whatWasCutOrIsLongerOrOfAnotherVersionIsNotUnderstood() throws IOException {
        byte[] whole = DetailsCodec.write(details()).array();
        for (int length = 0; length < whole.length; length++) {
            assertThat(DetailsCodec.read(ByteBuffer.wrap(whole, 0, length), MESSAGE.length))
                    .isEmpty();
        }
        assertThat(DetailsCodec.read(ByteBuffer.wrap(Arrays.copyOf(whole, whole.length + 1)), MESSAGE.length))
                .isEmpty();
        byte[] other = whole.clone();
        other[0]++;
        assertThat(DetailsCodec.read(ByteBuffer.wrap(other), MESSAGE.length)).isEmpty();
        assertThat(DetailsCodec.read(ByteBuffer.wrap(whole), MESSAGE.length - 1))
                .isEmpty();
    }

    @Test
    void damagedOctetsNeverGiveOffsetsOutsideTheMessage() throws IOException {
        byte[] whole = DetailsCodec.write(details()).array();
        Random random = new Random(1);
        int understood = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] damaged = whole.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Optional<Details> read = DetailsCodec.read(ByteBuffer.wrap(damaged), MESSAGE.length);
            if (read.isPresent() && read.get().structure().isPresent()) {
                understood++;
                inside(read.get().structure().get(), MESSAGE.length);
            }
        }
        assertThat(understood).isPositive();
    }

    private static void inside(MimePart part, long size) {
        if (part.headerStart() < 0
                || part.bodyStart() < part.headerStart()
                || part.end() < part.bodyStart()
                || part.end() > size) {
            throw new AssertionError("outside: " + part);
        }
        part.children().forEach(child -> inside(child, size));
    }

    @Test
    void aCountThatIsALieTakesNoMemory() {
        ByteBuffer lie = ByteBuffer.allocate(64);
        lie.put((byte) 1).put((byte) 0).put((byte) 0).put((byte) 0);
        for (int i = 0; i < 8; i++) {
            lie.put((byte) 0xff);
        }
        lie.put((byte) 0x7f).rewind();
        assertThat(DetailsCodec.read(lie, 100)).isEmpty();
    }
}
