package org.mailrack.spool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.RecipientState;
import org.mailrack.api.spool.SpooledMail;

class SpoolCodecTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

    private static SpooledMail mail(Optional<MailAddress> sender) {
        List<Recipient> recipients = List.of(
                new Recipient(
                        MailAddress.parse("bob@hamburger.edu"), Map.of("ORCPT", "rfc822;bob@x.org", "NOTIFY", "")),
                new Recipient(MailAddress.parse("\"odd one\"@[192.0.2.1]")),
                new Recipient(MailAddress.parse("jürgen@müller.example")));
        return new SpooledMail(
                new MailId("0abc"),
                new Envelope(sender, recipients, Map.of("a", "b\r\n€", "", "")),
                List.of(
                        new RecipientState(recipients.get(0), RecipientState.Status.PENDING, "450 4.2.1 spæter"),
                        new RecipientState(recipients.get(1), RecipientState.Status.DELIVERED, ""),
                        new RecipientState(recipients.get(2), RecipientState.Status.FAILED, "x")),
                new ContentRef("1-2z"),
                1L << 40,
                TIME,
                3,
                TIME.plusSeconds(5),
                "held");
    }

    private static List<SpoolCodec.Change> all() {
        SpooledMail mail = mail(Optional.of(MailAddress.parse("alice@crepes.fr")));
        return List.of(
                new SpoolCodec.Change.Put(mail),
                new SpoolCodec.Change.Put(mail(Optional.empty())),
                new SpoolCodec.Change.State(mail.id(), mail.recipients(), 9, TIME.minusSeconds(1), ""),
                new SpoolCodec.Change.Gone(new MailId("x")));
    }

    @Test
    void whatIsEncodedDecodesToTheSame() throws Exception {
        assertThat(SpoolCodec.decode(SpoolCodec.encode(all()), Optional.empty()))
                .isEqualTo(all());
        SpooledMail mail = mail(Optional.empty());
        assertThat(SpoolCodec.decode(SpoolCodec.accepted(mail), Optional.of(mail.content())))
                .containsExactly(new SpoolCodec.Change.Put(mail));
    }

    @Test
    void aMailWithoutContentIsRefused() {
        assertThatThrownBy(() -> SpoolCodec.decode(SpoolCodec.accepted(mail(Optional.empty())), Optional.empty()))
                .isInstanceOf(SpoolCodec.FormatException.class);
    }

    @Test
    void everyCutIsRefusedOrEndsBetweenChanges() {
        byte[] octets = octets(SpoolCodec.encode(all()));
        int whole = 0;
        for (int length = 0; length < octets.length; length++) {
            whole += decodes(Arrays.copyOf(octets, length)) ? 1 : 0;
        }
        // after the version, and after each change but the last
        assertThat(whole).isEqualTo(4);
    }

    @Test
    void hostileOctetsAreRefusedInNoOtherWay() {
        Random random = new Random(7);
        byte[] valid = octets(SpoolCodec.encode(all()));
        int refused = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] octets = valid.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            refused += decodes(octets) ? 0 : 1;
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            if (noise.length > 1) {
                noise[0] = 1;
                noise[1] = (byte) (1 + random.nextInt(4));
            }
            refused += decodes(noise) ? 0 : 1;
        }
        assertThat(refused).isGreaterThan(3_000);
    }

    @Test
    void aHugeCountOrLengthCostsNoMemory() {
        assertThat(decodes(new byte[] {1, 4, -1, -1, -1, -1, 7, 'x'})).isFalse();
        assertThat(decodes(new byte[] {1, 3, 1, 'x', -1, -1, -1, -1, 7})).isFalse();
        assertThat(decodes(new byte[] {1, 3, 1, 'x', -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}))
                .isFalse();
    }

    private static boolean decodes(byte[] octets) {
        try {
            SpoolCodec.decode(ByteBuffer.wrap(octets), Optional.of(new ContentRef("c")));
            return true;
        } catch (SpoolCodec.FormatException e) {
            return false;
        }
    }

    private static byte[] octets(ByteBuffer buffer) {
        byte[] octets = new byte[buffer.remaining()];
        buffer.get(octets);
        return octets;
    }
}
