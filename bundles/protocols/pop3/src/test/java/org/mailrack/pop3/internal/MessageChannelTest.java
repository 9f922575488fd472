package org.mailrack.pop3.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageChannelTest {

    private static String send(byte[] message, long bodyLines, int inputPiece, int outputPiece) throws IOException {
        InputStream input = new ByteArrayInputStream(message) {
            @Override
            public int read(byte[] into) {
                return read(into, 0, Math.min(into.length, inputPiece));
            }
        };
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        try (MessageChannel channel = new MessageChannel(input, bodyLines)) {
            ByteBuffer piece = ByteBuffer.allocate(outputPiece);
            while (channel.read(piece) >= 0) {
                sent.write(piece.array(), 0, piece.position());
                piece.clear();
            }
        }
        return sent.toString(ISO_8859_1);
    }

    private static String send(String message) throws IOException {
        return send(message.getBytes(ISO_8859_1), Long.MAX_VALUE, 8192, 8192);
    }

    @Test
    void rfc1939Section3DotsAreDoubledAndTheEndIsMarked() throws IOException {
        assertThat(send("")).isEqualTo(".\r\n");
        assertThat(send("a\r\n")).isEqualTo("a\r\n.\r\n");
        assertThat(send("a")).isEqualTo("a\r\n.\r\n");
        assertThat(send(".")).isEqualTo("..\r\n.\r\n");
        assertThat(send(".\r\n.\r\n..a\r\nb.c\r\n")).isEqualTo("..\r\n..\r\n...a\r\nb.c\r\n.\r\n");
    }

    @Test
    void bareLineEndsBecomeCrlfSoThatNoneEndsTheMessageEarly() throws IOException {
        assertThat(send("a\n.\nb")).isEqualTo("a\r\n..\r\nb\r\n.\r\n");
        assertThat(send("a\r.\rb\r")).isEqualTo("a\r\n..\r\nb\r\n.\r\n");
        assertThat(send("a\r\r\n.\r\n")).isEqualTo("a\r\n\r\n..\r\n.\r\n");
        assertThat(send("a\n\r\nb")).isEqualTo("a\r\n\r\nb\r\n.\r\n");
    }

    @ParameterizedTest
    @CsvSource({"0,4", "1,5", "2,6", "9,7"})
    void topEndsAfterSoManyBodyLines(int lines, int expectedLines) throws IOException {
        String sent = send("A: 1\r\nB: 2\r\n\r\none\r\ntwo\r\nthree\r\n".getBytes(ISO_8859_1), lines, 3, 5);
        assertThat(sent.split("\r\n")).hasSize(expectedLines);
        assertThat(sent).endsWith("\r\n.\r\n");
    }

    @Test
    void everySplitOfInputAndOutputGivesTheSame() throws IOException {
        byte[] message = ".a\r\n..\r\n\r\n.\r\nb\rc\n.\n\r\r\nd".getBytes(ISO_8859_1);
        String expected = send(message, Long.MAX_VALUE, 8192, 8192);
        for (int in = 1; in <= message.length; in++) {
            for (int out = 1; out <= 40; out++) {
                assertThat(send(message, Long.MAX_VALUE, in, out)).isEqualTo(expected);
            }
        }
    }

    @Test
    void worstBlocksFit() throws IOException {
        assertThat(send("\n".repeat(100_000))).hasSize(200_003);
        assertThat(send("\r".repeat(100_000))).hasSize(200_003);
        assertThat(send(".\n".repeat(50_000))).hasSize(200_003);
        assertThat(send("x" + "\r.".repeat(50_000))).hasSize(200_006);
    }

    /** Whatever the message holds: undone byte-stuffing gives its lines, and the final dot stands at the end alone. */
    @FuzzTest
    void hostileMessages(byte[] message) throws IOException {
        String sent = send(message, Long.MAX_VALUE, 7, 11);
        assertThat(sent).endsWith(".\r\n").doesNotContainPattern("[^\r]\n").doesNotContainPattern("\r[^\n]");
        assertThat(("\r\n" + sent).indexOf("\r\n.\r\n")).isEqualTo(sent.length() - 3);
        String lines = new String(message, ISO_8859_1).replaceAll("\r\n|\r|\n", "\r\n");
        if (!lines.isEmpty() && !lines.endsWith("\r\n")) {
            lines += "\r\n";
        }
        String undone = sent.substring(0, sent.length() - 3).replaceAll("(?m)^\\.", "");
        assertThat(undone).isEqualTo(lines);
    }
}
