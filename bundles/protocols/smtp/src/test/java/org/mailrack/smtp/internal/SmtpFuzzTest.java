package org.mailrack.smtp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

import org.mailrack.testkit.TestConnection;

/** What no input may ever bring about. */
class SmtpFuzzTest {

    /** A session answers with lines of the protocol, and never throws or leaks a message in the making. */
    @FuzzTest(maxDuration = "30s")
    void session(FuzzedDataProvider input) {
        Rack rack = new Rack();
        rack.plaintext = true;
        rack.config.put("bare.newlines", input.consumeBoolean() ? "refuse" : "normalise");
        Flavor flavor = input.pickValue(Flavor.values());
        TestConnection client = rack.connect(flavor, org.mailrack.api.net.Endpoint.TlsMode.STARTTLS);
        StringBuilder said = new StringBuilder();
        if (input.consumeBoolean()) {
            client.lines("EHLO x", "LHLO x", "AUTH PLAIN AGJvYkBoYW1idXJnZXIuZWR1AGh1bmdyeQ==");
            client.lines("MAIL FROM:<>", "RCPT TO:<bob@hamburger.edu>");
        }
        while (input.remainingBytes() > 0 && !client.isClosed()) {
            client.feed(input.consumeBytes(input.consumeInt(1, 200)));
            said.append(client.read());
        }
        client.disconnect();
        assertThat(said.toString()).matches("(?s)(?:[2-5]\\d\\d[ -][ -~]*\r\n)*");
        assertThat(rack.writersOpen).hasValue(0);
        for (int i = 0; i < rack.mails.size(); i++) {
            String text = rack.text(i);
            assertThat(text).contains("\r\n\r\n");
            assertThat(text.replace("\r\n", "")).doesNotContain("\r", "\n", "\0");
        }
    }

    /** Stuffed by a good client, any message comes out as it was. */
    @FuzzTest(maxDuration = "30s")
    void data(FuzzedDataProvider input) {
        int cut = input.consumeInt(0, 1000);
        String message = input.consumeRemainingAsAsciiString()
                        .replace("\0", "")
                        .replace("\r", "")
                        .replace("\n", "\r\n")
                + "\r\n";
        byte[] stuffed = ("\r\n" + message + "\r\n.\r\nQUIT\r\n")
                .replace("\r\n.", "\r\n..")
                .replaceFirst("\r\n\\.\\.\r\nQUIT\r\n$", "\r\n.\r\nQUIT\r\n")
                .substring(2)
                .getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DataDecoder.Sink sink = new DataDecoder.Sink() {
            @Override
            public void data(ByteBuffer octets) {
                byte[] piece = new byte[octets.remaining()];
                octets.get(piece);
                out.writeBytes(piece);
            }

            @Override
            public void fault(DataDecoder.Fault fault) {
                throw new AssertionError(fault);
            }
        };
        DataDecoder decoder = new DataDecoder(false, Integer.MAX_VALUE);
        int first = Math.min(cut, stuffed.length);
        ByteBuffer head = ByteBuffer.wrap(stuffed, 0, first);
        ByteBuffer tail = ByteBuffer.wrap(stuffed, first, stuffed.length - first);
        boolean ended = decoder.decode(head, sink) || decoder.decode(tail, sink);
        assertThat(ended).isTrue();
        assertThat(head.remaining() + tail.remaining()).isEqualTo("QUIT\r\n".length());
        assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo(message + "\r\n");
    }
}
