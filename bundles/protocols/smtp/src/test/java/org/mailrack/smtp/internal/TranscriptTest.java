package org.mailrack.smtp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import org.mailrack.testkit.TestConnection;

/** The conversations that a mail server must be able to have. */
class TranscriptTest {

    private final Rack rack = new Rack();

    @Test
    void theExchangeOfTheTextbookWorksLetterForLetter() {
        TestConnection client = rack.smtp();
        assertThat(client.read()).startsWith("220 mx.hamburger.edu ");
        assertThat(client.exchange("HELO crepes.fr")).startsWith("250 ");
        assertThat(client.exchange("MAIL FROM: <alice@crepes.fr>")).startsWith("250 ");
        assertThat(client.exchange("RCPT TO: <bob@hamburger.edu>")).startsWith("250 ");
        assertThat(client.exchange("DATA")).startsWith("354 ");
        client.lines("Do you like ketchup?", "How about pickles?");
        assertThat(client.read()).isEmpty();
        assertThat(client.exchange(".")).startsWith("250 ");
        assertThat(client.exchange("QUIT")).startsWith("221 ");
        assertThat(client.isClosed()).isTrue();

        assertThat(rack.mails.get(0).envelope().returnPath()).isEqualTo("<alice@crepes.fr>");
        assertThat(rack.text(0))
                .isEqualTo("Return-Path: <alice@crepes.fr>\r\n"
                        + "Received: from crepes.fr ([127.0.0.1])\r\n"
                        + "\tby mx.hamburger.edu with SMTP id M1\r\n"
                        + "\tfor <bob@hamburger.edu>;\r\n"
                        + "\tSat, 01 Mar 2025 12:00:00 +0000\r\n"
                        + "\r\n"
                        + "Do you like ketchup?\r\nHow about pickles?\r\n");
    }

    @Test
    void theSameOctetByOctet() {
        TestConnection client = rack.smtp();
        client.trickle("HELO crepes.fr\r\nMAIL FROM: <alice@crepes.fr>\r\nRCPT TO: <bob@hamburger.edu>\r\nDATA\r\n"
                + "Subject: slow\r\n\r\n..two\r\n.\r\nQUIT\r\n");
        assertThat(client.readLines())
                .extracting(l -> l.substring(0, 3))
                .containsExactly("220", "250", "250", "250", "354", "250", "221");
        assertThat(rack.untraced()).isEqualTo("Subject: slow\r\n\r\n.two\r\n");
    }

    @Test
    void theSameInOnePieceIsAnsweredInOrder() {
        // RFC 2920
        TestConnection client = rack.smtp();
        client.feed(
                "EHLO crepes.fr\r\nMAIL FROM:<>\r\nRCPT TO:<bob@hamburger.edu>\r\nRCPT TO:<eve@hamburger.edu>\r\nDATA\r\n"
                        + "Subject: one\r\n\r\none\r\n.\r\nMAIL FROM:<a@b.org>\r\nRCPT TO:<bob@hamburger.edu>\r\nDATA\r\n"
                        + "Subject: two\r\n\r\ntwo\r\n.\r\nQUIT\r\n");
        assertThat(client.readLines().stream().filter(l -> l.charAt(3) == ' ').map(l -> l.substring(0, 3)))
                .containsExactly("220", "250", "250", "250", "550", "354", "250", "250", "250", "354", "250", "221");
        assertThat(rack.mails).hasSize(2);
        assertThat(rack.mails.get(0).envelope().reversePath()).isEmpty();
        assertThat(rack.text(0)).startsWith("Return-Path: <>\r\n");
        assertThat(rack.text(1)).endsWith("two\r\n");
        assertThat(rack.writersOpen).hasValue(0);
    }

    @Test
    void ehloShowsWhatIsThere() {
        TestConnection client = rack.smtp();
        client.read();
        client.lines("EHLO crepes.fr");
        assertThat(client.readLines())
                .containsExactlyInAnyOrder(
                        "250-mx.hamburger.edu greets crepes.fr",
                        "250-PIPELINING",
                        "250-8BITMIME",
                        "250-SMTPUTF8",
                        "250-ENHANCEDSTATUSCODES",
                        "250-SIZE 52428800",
                        "250 STARTTLS");
    }
}
