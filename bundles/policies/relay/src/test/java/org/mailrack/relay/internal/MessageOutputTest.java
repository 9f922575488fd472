package org.mailrack.relay.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Test;

class MessageOutputTest {

    private static String write(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MessageOutput.write(Mails.content(text), out, () -> {});
        return out.toString(StandardCharsets.UTF_8);
    }

    /** RFC 5321 section 4.5.2. */
    @Test
    void doublesLeadingDots() throws IOException {
        assertThat(write(".\r\n..\r\na.b\r\n")).isEqualTo("..\r\n...\r\na.b\r\n.\r\n");
    }

    /** RFC 5321 section 2.3.8. */
    @Test
    void sendsNoBareCrNorLfNorNul() throws IOException {
        assertThat(write("a\nb\rc\r\nd\0e\r\n")).isEqualTo("a\r\nb\r\nc\r\nde\r\n.\r\n");
        assertThat(write("a\n.\nMAIL FROM:<x@y>\r\n")).isEqualTo("a\r\n..\r\nMAIL FROM:<x@y>\r\n.\r\n");
        assertThat(write("a\r\0\n.\r\n")).doesNotContain("\r\n.\r\n.\r\n");
        assertThat(write("\0.\r\n")).isEqualTo("..\r\n.\r\n");
    }

    @Test
    void endsTheLastLine() throws IOException {
        assertThat(write("a")).isEqualTo("a\r\n.\r\n");
        assertThat(write("a\r")).isEqualTo("a\r\n.\r\n");
        assertThat(write("")).isEqualTo(".\r\n");
    }

    /** RFC 5321 section 4.4: Return-Path is for the server that makes the final delivery. */
    @Test
    void leavesOutALeadingReturnPath() throws IOException {
        assertThat(write("Return-Path: <a@b>\r\nSubject: x\r\n")).isEqualTo("Subject: x\r\n.\r\n");
        assertThat(write("RETURN-PATH:\r\n <a@b>\r\n\tx\r\nSubject: x\r\n")).isEqualTo("Subject: x\r\n.\r\n");
        assertThat(write("Subject: x\r\nReturn-Path: <a@b>\r\n")).contains("Return-Path");
        assertThat(write("Return-Pathos: x\r\n")).contains("Return-Pathos");
    }

    @Test
    void seesEightBitsInHeaderAndBody() throws IOException {
        assertThat(MessageOutput.eightBit(Mails.content("a: b\r\n\r\n\u00e9"), true))
                .isFalse();
        assertThat(MessageOutput.eightBit(Mails.content("a: b\r\n\r\n\u00e9"), false))
                .isTrue();
        assertThat(MessageOutput.eightBit(Mails.content("a: \u00e9\r\n\r\n"), true))
                .isTrue();
    }

    /** Whatever is in a message, it ends where we say and nowhere else. */
    @FuzzTest(maxDuration = "10s")
    void hasOneEndOnly(byte[] octets) throws IOException {
        String wire = write(new String(octets, StandardCharsets.ISO_8859_1));
        assertThat(("\r\n" + wire).indexOf("\r\n.\r\n")).isEqualTo(wire.length() - 3);
        assertThat(wire.replace("\r\n", "")).doesNotContain("\r", "\n", "\0");
    }
}
