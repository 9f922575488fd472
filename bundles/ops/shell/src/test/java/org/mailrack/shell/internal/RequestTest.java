package org.mailrack.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

import org.junit.jupiter.api.Test;

/** What a client may send before its command runs, and what not. */
class RequestTest {

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final Frames client = new Frames(new ByteArrayInputStream(new byte[0]), sent);

    @Test
    void wordsArriveAsTheyAre() throws IOException {
        greet();
        client.write(Frames.FOLDER, "/home/me");
        words("user", "add", "$(rm -rf /)", "a b", "\"", "", "ä\n;x");
        Request request = read();
        assertThat(request.folder()).isEqualTo(Path.of("/home/me"));
        assertThat(request.words()).containsExactly("user", "add", "$(rm -rf /)", "a b", "\"", "", "ä\n;x");
        assertThat(request.json()).isFalse();
    }

    @Test
    void jsonIsTakenOutWhereverItStands() throws IOException {
        greet();
        words("bundle", "--json", "list");
        assertThat(read()).isEqualTo(new Request(Path.of("/"), java.util.List.of("bundle", "list"), true));
    }

    @Test
    void behindTwoHyphensJsonIsAWord() throws IOException {
        greet();
        words("echo", "--", "--json");
        assertThat(read()).isEqualTo(new Request(Path.of("/"), java.util.List.of("echo", "--json"), false));
    }

    @Test
    void aClientThatLeavesEarlyWantsNothing() throws IOException {
        assertThat(read()).isNull();
        greet();
        assertThat(read()).isNull();
    }

    @Test
    void anotherLanguageIsRefused() throws IOException {
        client.write(Frames.GREETING, "mailrack-control 2");
        assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("language");
    }

    @Test
    void anHttpClientIsRefused() {
        sent.writeBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(this::read).isInstanceOf(IOException.class);
    }

    @Test
    void aFrameLongerThanTheLimitIsRefusedBeforeItIsRead() {
        sent.writeBytes(new byte[] {'H', 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff});
        assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("octets");
    }

    @Test
    void aNegativeLengthIsRefused() {
        sent.writeBytes(new byte[] {'H', (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff});
        assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("octets");
    }

    @Test
    void aFrameCutOffIsRefused() {
        sent.writeBytes(new byte[] {'H', 0, 0, 0, 18, 'm'});
        assertThatThrownBy(this::read).isInstanceOf(EOFException.class);
    }

    @Test
    void tooManyWordsAreRefused() throws IOException {
        greet();
        for (int i = 0; i < 1025; i++) {
            client.write(Frames.ARGUMENT, "x");
        }
        assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("too long");
    }

    @Test
    void tooManyOctetsAreRefused() throws IOException {
        greet();
        for (int i = 0; i < 17; i++) {
            client.write(Frames.ARGUMENT, "x".repeat(Frames.MAX));
        }
        assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("too long");
    }

    @Test
    void aRelativeFolderIsRefused() throws IOException {
        greet();
        client.write(Frames.FOLDER, "relative");
        assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("folder");
    }

    @Test
    void inputThatNobodyAskedForIsRefused() throws IOException {
        ClientStreams streams = new ClientStreams(client);
        assertThatThrownBy(() -> streams.received(new byte[] {1})).isInstanceOf(IOException.class);
    }

    @Test
    void inputIsAskedForOnlyWhenTheCommandReads() throws IOException {
        ClientStreams streams = new ClientStreams(client);
        streams.out().print("no question yet");
        assertThat(sent.toByteArray()).doesNotContain(Frames.NEED);
    }

    @Test
    void anAnswerIsReadOnceAndThenTheEnd() throws Exception {
        Answering answering = new Answering();
        ClientStreams streams = new ClientStreams(new Frames(new ByteArrayInputStream(new byte[0]), answering));
        answering.streams = streams;
        assertThat(new String(streams.in().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("secret\n");
    }

    @Test
    void aCommandThatReadsEndsWithItsClient() throws IOException {
        ClientStreams streams = new ClientStreams(client);
        streams.gone();
        assertThat(streams.in().read()).isEqualTo(-1);
    }

    @Test
    void noiseIsRefusedAndNeverHangs() {
        Random random = new Random(20261122);
        for (int i = 0; i < 2000; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            sent.reset();
            sent.writeBytes(noise);
            try {
                assertThat(read()).isNull();
            } catch (IOException e) {
                assertThat(e).isNotNull();
            }
        }
    }

    private void greet() throws IOException {
        client.write(Frames.GREETING, Frames.HELLO);
    }

    private void words(String... words) throws IOException {
        for (String word : words) {
            client.write(Frames.ARGUMENT, word);
        }
        client.write(Frames.EXECUTE, "");
    }

    private Request read() throws IOException {
        return Request.read(new Frames(new ByteArrayInputStream(sent.toByteArray()), OutputStream.nullOutputStream()));
    }

    /** Answers each question with the next piece: a secret, then the end. */
    private static final class Answering extends OutputStream {

        private ClientStreams streams;
        private int questions;

        @Override
        public void write(int octet) throws IOException {
            if (octet == Frames.NEED) {
                questions++;
                streams.received(questions == 1 ? "secret\n".getBytes(StandardCharsets.UTF_8) : new byte[0]);
            }
        }
    }
}
