package org.mailrack.pop3.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Test;

import org.mailrack.testkit.TestConnection;

class HostileSessionTest {

    private static final String[] WORDS = {
        "USER", "PASS", "STAT", "LIST", "RETR", "DELE", "NOOP", "RSET", "QUIT", "TOP", "UIDL", "CAPA", "AUTH", "UTF8",
                "LANG",
        "bob", "hungry", "1", "2", "3", "0", "-1", "99999999999", "PLAIN", "=", "*", "AGJvYgBodW5ncnk=", " ", "\r\n",
                "\r\n",
        "\r\n", "\n", "\r", "\0", "\u00ff", "user bob\r\npass hungry\r\n", "dele 1\r\n"
    };

    /** Whatever comes: each line of the answer begins as it must, nothing is removed without QUIT, and all is released. */
    private static void attack(byte[] input) {
        Rig rig = new Rig();
        rig.inbox.add("Subject: a\r\n\r\n-ERR is no answer\r\n").add("+OK\r\n");
        TestConnection client = rig.connect();
        client.feed(input);
        String sent = new String(input, StandardCharsets.ISO_8859_1).toUpperCase(java.util.Locale.ROOT);
        if (!sent.contains("QUIT")) {
            assertThat(rig.inbox.uids()).containsExactly(1L, 2L);
        }
        client.disconnect();
        assertThat(client.read()).startsWith("+OK hamburger.edu").endsWith("\r\n");
        assertThat(rig.inbox.closed).isEqualTo(rig.inbox.opened);
        assertThat(rig.inbox.streamsOpen).isZero();
        assertThat(rig.login().exchange("noop")).as("the maildrop is free").isEqualTo("+OK\r\n");
    }

    @Test
    void randomCommands() {
        Random random = new Random(1939);
        for (int round = 0; round < 500; round++) {
            StringBuilder input = new StringBuilder();
            for (int i = random.nextInt(40); i >= 0; i--) {
                input.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextBoolean() ? " " : "");
            }
            attack(input.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    @FuzzTest
    void hostileInput(byte[] input) {
        attack(input);
    }
}
