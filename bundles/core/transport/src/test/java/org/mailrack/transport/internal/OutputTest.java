package org.mailrack.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

class OutputTest {

    private final Output output = new Output();

    private void add(String text) {
        output.add(ByteBuffer.wrap(octets(text)));
    }

    private void addSource(String text) {
        output.add(Channels.newChannel(new ByteArrayInputStream(octets(text))));
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private String next() throws IOException {
        ByteBuffer piece = output.next();
        return piece == null ? null : StandardCharsets.US_ASCII.decode(piece).toString();
    }

    @Test
    void anAnswerAndTheSourceAfterItAreOnePiece() throws IOException {
        add("+OK 7 octets\r\n");
        addSource("mail\r\n.\r\n");
        add("+OK\r\n");
        assertThat(next()).isEqualTo("+OK 7 octets\r\nmail\r\n.\r\n+OK\r\n");
        assertThat(next()).isNull();
        assertThat(output.fedAgain(0)).isTrue();
    }

    @Test
    void whatIsLongComesInPiecesAndInOrder() throws IOException {
        String all = "a".repeat(10_000) + "b".repeat(10_000) + "c".repeat(200_000) + "d";
        add(all.substring(0, 10_000));
        addSource(all.substring(10_000, 20_000));
        add(all.substring(20_000));
        StringBuilder came = new StringBuilder();
        for (String piece = next(); piece != null; piece = next()) {
            assertThat(piece.length()).isBetween(1, Output.HIGH_WATER);
            came.append(piece);
        }
        assertThat(came.toString()).isEqualTo(all);
    }

    @Test
    void noPieceHasOctetsFromBothSidesOfTheStartOfTls() throws IOException {
        add("220 go on\r\n");
        output.addTlsStart();
        add("250 hello\r\n");
        assertThat(next()).isEqualTo("220 go on\r\n");
        assertThat(next()).isNull();
        assertThat(output.tlsStartsNext()).isTrue();
        output.tlsStarted();
        assertThat(next()).isEqualTo("250 hello\r\n");
    }

    @Test
    void whatCameBeforeASourceThatFailsIsStillSent() throws IOException {
        add("one\r\n");
        output.add(new Failing());
        assertThat(next()).isEqualTo("one\r\n");
        assertThatThrownBy(output::next).hasMessage("as told");
    }

    private static final class Failing implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer target) throws IOException {
            throw new IOException("as told");
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
