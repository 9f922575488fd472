package org.mailrack.smtp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.testkit.TestConnection;

/** RFC 2033. */
class LmtpTest {

    private final Rack rack = new Rack();

    private TestConnection connect() {
        TestConnection client = rack.connect(Flavor.LMTP, TlsMode.NONE);
        assertThat(client.read()).startsWith("220 mx.hamburger.edu LMTP");
        return client;
    }

    @Test
    void lhloTakesThePlaceOfHelo() {
        TestConnection client = connect();
        assertThat(client.exchange("HELO x.org")).startsWith("500 ");
        assertThat(client.exchange("EHLO x.org")).startsWith("500 ");
        assertThat(client.exchange("LHLO x.org"))
                .startsWith("250-")
                .contains("PIPELINING", "ENHANCEDSTATUSCODES")
                .doesNotContain("AUTH", "STARTTLS");
    }

    @Test
    void afterTheDataThereIsOneAnswerForEachRecipientThatWasAccepted() {
        TestConnection client = connect();
        client.lines(
                "LHLO x.org",
                "MAIL FROM:<alice@crepes.fr>",
                "RCPT TO:<bob@hamburger.edu>",
                "RCPT TO:<eve@hamburger.edu>",
                "RCPT TO:<robert@hamburger.edu>",
                "RCPT TO:<bob@hamburger.edu>",
                "DATA");
        assertThat(client.read()).contains("354 ");
        client.lines("Subject: x", "", "x", ".");
        assertThat(client.readLines()).hasSize(3).allSatisfy(line -> assertThat(line)
                .startsWith("250 2.6.0"));
        assertThat(rack.mails).hasSize(1);
        assertThat(rack.text(0)).contains("with LMTP id M1");
        client.lines("MAIL FROM:<>", "RCPT TO:<bob@hamburger.edu>", "RCPT TO:<robert@hamburger.edu>", "DATA");
        client.read();
        client.feed("bare\nnewline\r\n.\r\n");
        assertThat(client.readLines()).hasSize(2).allSatisfy(line -> assertThat(line)
                .startsWith("554 5.6.0"));
    }

    @Test
    void dataWithoutRecipientsIsRefusedAndNothingIsRelayed() {
        TestConnection client = connect();
        client.lines("LHLO x.org", "MAIL FROM:<alice@crepes.fr>");
        client.read();
        assertThat(client.exchange("RCPT TO:<alice@crepes.fr>")).startsWith("550 5.7.1");
        assertThat(client.exchange("DATA")).startsWith("554 5.5.1");
    }
}
