package org.mailrack.smtp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataDecoderTest {

    /** What came of decoding: the data up to the end if there was one, and what is left of the input. */
    private record Decoded(String data, boolean ended, String left, Set<DataDecoder.Fault> faults) {}

    private static Decoded decode(String input, boolean normalise, int maxLine, int... cuts) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        Set<DataDecoder.Fault> faults = EnumSet.noneOf(DataDecoder.Fault.class);
        DataDecoder.Sink sink = new DataDecoder.Sink() {
            @Override
            public void data(ByteBuffer octets) {
                byte[] piece = new byte[octets.remaining()];
                octets.get(piece);
                data.writeBytes(piece);
            }

            @Override
            public void fault(DataDecoder.Fault fault) {
                faults.add(fault);
            }
        };
        DataDecoder decoder = new DataDecoder(normalise, maxLine);
        byte[] all = input.getBytes(StandardCharsets.ISO_8859_1);
        int from = 0;
        boolean ended = false;
        for (int i = 0; i <= cuts.length && !ended; i++) {
            int to = i < cuts.length ? cuts[i] : all.length;
            ByteBuffer piece = ByteBuffer.wrap(all, from, to - from).asReadOnlyBuffer();
            ended = decoder.decode(piece, sink);
            assertThat(ended || !piece.hasRemaining()).isTrue();
            from = piece.position();
        }
        return new Decoded(
                data.toString(StandardCharsets.ISO_8859_1), ended, input.substring(from), Set.copyOf(faults));
    }

    private static Decoded decode(String input) {
        return decode(input, false, 1000);
    }

    private static String escaped(String text) {
        return text.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\0", "\0")
                .replace("\\e", "");
    }

    @ParameterizedTest(name = "RFC 5321 4.5.2: {0} is {1}, and {2} is left")
    @CsvSource({
        "hi\\r\\n.\\r\\n, hi\\r\\n, \\e",
        ".\\r\\n, \\e, \\e",
        "\\r\\n.\\r\\nQUIT\\r\\n, \\r\\n, QUIT\\r\\n",
        "..\\r\\n.\\r\\n, .\\r\\n, \\e",
        ".a\\r\\n...\\r\\n.\\r\\nx, a\\r\\n..\\r\\n, x",
        "a.\\r\\n.\\r\\n, a.\\r\\n, \\e",
        "a\\r\\n.b\\r\\n.\\r\\n.\\r\\n, a\\r\\nb\\r\\n, .\\r\\n",
    })
    void undoesTransparency(String input, String data, String left) {
        Decoded decoded = decode(escaped(input));
        assertThat(decoded).isEqualTo(new Decoded(escaped(data), true, escaped(left), Set.of()));
    }

    @ParameterizedTest(name = "smuggling: {0} ends no message and is a fault")
    @ValueSource(
            strings = {
                "x\\n.\\n",
                "x\\r.\\r",
                "x\\r\\n.\\n",
                "x\\r\\n.\\r",
                "x\\n.\\r\\n",
                "x\\r.\\r\\n",
                "x\\r\\r\\n.\\n",
                "x\\r\\n.\\r\\r\\n",
                "x\\r\\n\\0.\\r\\n",
                "x\\r\\n.\\0\\r\\n",
                "\\n.\\r\\n",
                ".\\n",
                ".\\r\\0\\n",
            })
    void onlyCrlfDotCrlfEnds(String input) {
        for (boolean normalise : new boolean[] {false, true}) {
            Decoded decoded = decode(escaped(input) + "MAIL FROM:<evil@x.org>\r\n", normalise, 1000);
            assertThat(decoded.ended()).isFalse();
            assertThat(decoded.left()).isEmpty();
            boolean fault = !normalise || input.contains("\\0");
            assertThat(decoded.faults().isEmpty()).isEqualTo(!fault);
        }
    }

    @ParameterizedTest(name = "normalise: {0} becomes {1}")
    @CsvSource({
        "a\\nb\\r\\n.\\r\\n, a\\r\\nb\\r\\n",
        "a\\rb\\r\\n.\\r\\n, a\\r\\nb\\r\\n",
        "a\\r\\rb\\r\\n.\\r\\n, a\\r\\n\\r\\nb\\r\\n",
        "a\\n\\nb\\r\\n.\\r\\n, a\\r\\n\\r\\nb\\r\\n",
        "a\\n.\\n\\r\\n.\\r\\n, a\\r\\n.\\r\\n\\r\\n",
        "a\\n..\\r\\n.\\r\\n, a\\r\\n..\\r\\n",
        "\\n\\r\\n.\\r\\n, \\r\\n\\r\\n",
        ".\\rb\\r\\n.\\r\\n, \\r\\nb\\r\\n",
    })
    void normalisesBareNewlines(String input, String data) {
        assertThat(decode(escaped(input), true, 1000)).isEqualTo(new Decoded(escaped(data), true, "", Set.of()));
    }

    @Test
    void everySplitOfTheInputGivesTheSame() {
        String input = "..dot\r\n.\rx\n.\r\n\r\r\n.\0\r\n.\r..\r\nlong " + "y".repeat(30) + "\r\n.\r\nQUIT\r\n";
        for (boolean normalise : new boolean[] {false, true}) {
            Decoded whole = decode(input, normalise, 30);
            assertThat(whole.ended()).isTrue();
            assertThat(whole.left()).isEqualTo("QUIT\r\n");
            assertThat(whole.faults()).contains(DataDecoder.Fault.LINE_TOO_LONG, DataDecoder.Fault.NUL);
            for (int first = 0; first <= input.length(); first++) {
                for (int second = first; second <= input.length(); second++) {
                    assertThat(decode(input, normalise, 30, first, second))
                            .as("cut at %d and %d", first, second)
                            .isEqualTo(whole);
                }
            }
        }
    }

    @Test
    void whatIsNormalisedHasNoBareNewline() {
        String input = "\r\r\n\n.\n\r.\r\r\n\n\r\n..\ra\nb\r\n.\r\n";
        String data = decode(input, true, 1000).data();
        assertThat(data.replace("\r\n", "")).doesNotContain("\r", "\n");
    }

    @Test
    void aLineMayHaveTheLimitWithItsCrlfAndNoMore() {
        assertThat(decode("x".repeat(998) + "\r\n.\r\n").faults()).isEmpty();
        assertThat(decode("x".repeat(999) + "\r\n.\r\n").faults()).containsExactly(DataDecoder.Fault.LINE_TOO_LONG);
        assertThat(decode("." + "x".repeat(998) + "\r\n.\r\n").faults())
                .as("the stuffed dot is not part of the line")
                .isEmpty();
    }
}
