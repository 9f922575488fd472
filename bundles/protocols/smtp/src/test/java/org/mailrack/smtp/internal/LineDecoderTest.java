package org.mailrack.smtp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class LineDecoderTest {

    private static List<String> decode(LineDecoder decoder, byte[] input, int limit) {
        List<String> found = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(input).asReadOnlyBuffer();
        while (in.hasRemaining()) {
            LineDecoder.Result result = decoder.next(in, limit);
            if (result == LineDecoder.Result.LINE) {
                found.add(decoder.line());
            } else if (result != LineDecoder.Result.MORE) {
                found.add(result.toString());
            }
        }
        return found;
    }

    private static List<String> decode(String input) {
        return decode(new LineDecoder(), input.getBytes(StandardCharsets.UTF_8), 20);
    }

    @Test
    void onlyCrlfEndsALine() {
        assertThat(decode("NOOP\r\nQUIT\r\n")).containsExactly("NOOP", "QUIT");
        assertThat(decode("NOOP\nRSET\r\nQUIT\r\n"))
                .as("what follows a bare LF is never a command")
                .containsExactly("BARE_LF", "QUIT");
        assertThat(decode("NOOP\rRSET\r\nQUIT\r\n")).containsExactly("MALFORMED", "QUIT");
        assertThat(decode("NOOP\r\r\nQUIT\r\n")).containsExactly("MALFORMED", "QUIT");
        assertThat(decode("A\nB\nC\nD\r\nQUIT\r\n")).containsExactly("BARE_LF", "QUIT");
    }

    @Test
    void controlCharactersAndBrokenUtf8AreNoCommand() {
        assertThat(decode("NO\0OP\r\nNO\tOP\r\nNO\u007fOP\r\nNO\u001bOP\r\n"))
                .containsExactly("MALFORMED", "MALFORMED", "MALFORMED", "MALFORMED");
        assertThat(decode("é\r\n")).containsExactly("é");
        assertThat(decode(new LineDecoder(), new byte[] {(byte) 0xe9, '\r', '\n', 'A', '\r', '\n'}, 20))
                .containsExactly("MALFORMED", "A");
        assertThat(decode(new LineDecoder(), new byte[] {(byte) 0xc0, (byte) 0x8a, '\r', '\n'}, 20))
                .as("an overlong LF is not UTF-8")
                .containsExactly("MALFORMED");
    }

    @Test
    void aLineMayHaveTheLimitWithItsCrlfAndNoMore() {
        assertThat(decode("x".repeat(18) + "\r\nA\r\n")).containsExactly("x".repeat(18), "A");
        assertThat(decode("x".repeat(19) + "\r\nA\r\n")).containsExactly("TOO_LONG", "A");
        assertThat(decode("x".repeat(5000) + "\r\nA\r\n")).containsExactly("TOO_LONG", "A");
    }

    @Test
    void anEndlessLineIsAFlood() {
        LineDecoder decoder = new LineDecoder();
        byte[] junk = "x".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            found.addAll(decode(decoder, junk, 512));
        }
        assertThat(found).contains("FLOOD");
    }

    @Test
    void everySplitOfTheInputGivesTheSame() {
        String input = "EHLO é.org\r\nNO\nOP\r\n" + "x".repeat(40) + "\r\na\rb\r\n\r\nQUIT\r\n";
        byte[] all = input.getBytes(StandardCharsets.UTF_8);
        List<String> whole = decode(new LineDecoder(), all, 20);
        assertThat(whole).containsExactly("EHLO é.org", "BARE_LF", "TOO_LONG", "MALFORMED", "", "QUIT");
        for (int first = 0; first <= all.length; first++) {
            for (int second = first; second <= all.length; second++) {
                LineDecoder decoder = new LineDecoder();
                List<String> pieces = new ArrayList<>();
                pieces.addAll(decode(decoder, java.util.Arrays.copyOfRange(all, 0, first), 20));
                pieces.addAll(decode(decoder, java.util.Arrays.copyOfRange(all, first, second), 20));
                pieces.addAll(decode(decoder, java.util.Arrays.copyOfRange(all, second, all.length), 20));
                assertThat(pieces).as("cut at %d and %d", first, second).isEqualTo(whole);
            }
        }
    }
}
