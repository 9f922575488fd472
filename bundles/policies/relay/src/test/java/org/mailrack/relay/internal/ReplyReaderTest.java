package org.mailrack.relay.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Test;

import org.mailrack.api.delivery.Outcome;

class ReplyReaderTest {

    private static Reply read(String text) throws IOException {
        return new ReplyReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))).read();
    }

    /** RFC 5321 section 4.2.1. */
    @Test
    void readsRepliesOfOneAndOfManyLines() throws IOException {
        assertThat(read("250 ok\r\n").text()).isEqualTo("250 ok");
        assertThat(read("250-a\r\n250-b\r\n250 c\r\n").lines()).containsExactly("a", "b", "c");
        assertThat(read("354\r\n").code()).isEqualTo(354);
        assertThat(read("220 bare\n").lines()).containsExactly("bare");
    }

    /** RFC 2034. */
    @Test
    void takesTheEnhancedCodeIfItFitsTheReply() throws IOException {
        assertThat(read("550 5.1.1 who?\r\n").enhancedCode()).isEqualTo("5.1.1");
        assertThat(read("550 4.1.1 who?\r\n").enhancedCode()).isEqualTo("5.0.0");
        assertThat(read("450 no\r\n").enhancedCode()).isEqualTo("4.0.0");
        assertThat(read("550 5.1.1000 x\r\n").enhancedCode()).isEqualTo("5.0.0");
    }

    @Test
    void aReplyThatIsNeitherYesNorNoDefers() throws IOException {
        assertThat(read("354 go\r\n").refusal("mx")).isInstanceOf(Outcome.Deferred.class);
    }

    @Test
    void refusesWhatIsNoReply() {
        for (String text :
                new String[] {"", "x", "25\r\n", "2500 x\r\n", "150 x\r\n", "650 x\r\n", "250-a\r\n251 b\r\n"}) {
            assertThatThrownBy(() -> read(text)).as(text).isInstanceOfAny(ProtocolException.class, EOFException.class);
        }
    }

    @Test
    void refusesLinesAndRepliesWithoutEnd() {
        assertThatThrownBy(() -> read("250 " + "x".repeat(ReplyReader.MAX_LINE)))
                .isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> read("250-x\r\n".repeat(1000)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("more than 128 lines");
    }

    @Test
    void letsNoControlCharacterThrough() throws IOException {
        assertThat(read("550 a\u001b[31m\0b\u202ec\u0085d\te\r\n").text()).isEqualTo("550 a?[31m?b?c?d e");
        assertThat(read("550 a\rb\r\n").text()).isEqualTo("550 a?b");
    }

    @Test
    void keepsTheTextShort() throws IOException {
        assertThat(read("550 " + "x".repeat(2000) + "\r\n").text()).hasSizeLessThan(510);
    }

    @FuzzTest(maxDuration = "10s")
    void survivesAnything(byte[] octets) throws IOException {
        ReplyReader reader = new ReplyReader(new ByteArrayInputStream(octets));
        try {
            while (true) {
                Reply reply = reader.read();
                assertThat(reply.code()).isBetween(200, 599);
                assertThat(reply.text().codePoints()).noneMatch(Character::isISOControl);
                assertThat(reply.refusal("mx").text()).isEqualTo(reply.text());
            }
        } catch (ProtocolException | EOFException e) {
            assertThat(e).isNotNull();
        }
    }
}
