package org.mailrack.smtp.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import org.junit.jupiter.api.Test;

import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.testkit.LoopbackServer;

/** A client that others wrote, over a socket and real TLS. */
class AngusMailTest {

    private final Rack rack = new Rack();

    private static Session session(LoopbackServer server, String... settings) {
        Properties properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", Integer.toString(server.port()));
        properties.put("mail.smtp.localhost", "laptop.crepes.fr");
        properties.put("mail.smtp.timeout", "10000");
        properties.put("mail.smtp.ssl.trust", "*");
        properties.put("mail.smtp.ssl.checkserveridentity", "false");
        for (int i = 0; i < settings.length; i += 2) {
            properties.put("mail.smtp." + settings[i], settings[i + 1]);
        }
        return Session.getInstance(properties);
    }

    private static MimeMessage message(Session session, String from, String to, String text) throws Exception {
        MimeMessage message = new MimeMessage(session);
        message.setFrom(from);
        message.setRecipients(Message.RecipientType.TO, to);
        message.setSubject("Ketchup für alle", "UTF-8");
        message.setText(text, "UTF-8");
        return message;
    }

    private MimeMessage received(int mail) throws Exception {
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(rack.text(mail).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void sendsInPlainTextAndReadsBackWhatItSent() throws Exception {
        try (LoopbackServer server = LoopbackServer.serve(rack.protocol(Flavor.SMTP), "smtp", TlsMode.STARTTLS)) {
            String text = ".\r\n..\r\n.dots\r\nä€😀\r\n" + "long ".repeat(3000) + "\r\n.\r\n";
            Transport.send(message(session(server), "alice@crepes.fr", "bob@hamburger.edu", text));
            assertThat(rack.mails).hasSize(1);
            assertThat(received(0).getContent()).isEqualTo(text);
            assertThat(received(0).getSubject()).isEqualTo("Ketchup für alle");
            assertThat(received(0).getHeader("Return-Path")).containsExactly("<alice@crepes.fr>");
            assertThat(received(0).getHeader("Received")[0]).startsWith("from laptop.crepes.fr ([127.0.0.1])");
            assertThat(server.failures()).isEmpty();
        }
    }

    @Test
    void startsTlsAuthenticatesAndSubmits() throws Exception {
        try (LoopbackServer server =
                LoopbackServer.serve(rack.protocol(Flavor.SUBMISSION), "submission", TlsMode.STARTTLS)) {
            for (String mechanism : new String[] {"PLAIN", "LOGIN"}) {
                Session session = session(
                        server,
                        "starttls.enable",
                        "true",
                        "starttls.required",
                        "true",
                        "auth",
                        "true",
                        "auth.mechanisms",
                        mechanism);
                MimeMessage message = message(session, "bob@hamburger.edu", "alice@crepes.fr", "Hello");
                Transport.send(message, "bob@hamburger.edu", "hungry");
            }
            assertThat(rack.mails).hasSize(2);
            assertThat(received(1).getHeader("Received")[0])
                    .contains("with ESMTPSA id", "(TLSv1.", "for <alice@crepes.fr>;");
            assertThat(server.failures()).isEmpty();
        }
    }

    @Test
    void implicitTls() throws Exception {
        try (LoopbackServer server =
                LoopbackServer.serve(rack.protocol(Flavor.SUBMISSION), "submissions", TlsMode.IMPLICIT)) {
            Session session = session(server, "ssl.enable", "true", "auth", "true");
            Transport.send(
                    message(session, "bob@hamburger.edu", "alice@crepes.fr", "Hello"), "bob@hamburger.edu", "hungry");
            assertThat(rack.mails).hasSize(1);
        }
    }

    @Test
    void hearsWhyItsMailIsNotTaken() throws Exception {
        try (LoopbackServer server = LoopbackServer.serve(rack.protocol(Flavor.SMTP), "smtp", TlsMode.STARTTLS)) {
            Session session = session(server);
            assertThatThrownBy(() -> Transport.send(message(session, "a@crepes.fr", "eve@hamburger.edu", "x")))
                    .isInstanceOf(SendFailedException.class)
                    .hasStackTraceContaining("550 5.1.1");
            assertThatThrownBy(() -> Transport.send(message(session, "a@crepes.fr", "alice@crepes.fr", "x")))
                    .hasStackTraceContaining("550 5.7.1");
        }
        try (LoopbackServer server =
                LoopbackServer.serve(rack.protocol(Flavor.SUBMISSION), "submission", TlsMode.STARTTLS)) {
            Session session = session(server, "starttls.enable", "true", "auth", "true");
            MimeMessage message = message(session, "bob@hamburger.edu", "alice@crepes.fr", "x");
            assertThatThrownBy(() -> Transport.send(message, "bob@hamburger.edu", "full"))
                    .isInstanceOf(AuthenticationFailedException.class)
                    .hasMessageContaining("535 5.7.8");
        }
        assertThat(rack.mails).isEmpty();
    }

    @Test
    void sendsManyMessagesOnOneConnectionWhileOthersFilterThem() throws Exception {
        ExecutorService filters = Executors.newSingleThreadExecutor();
        rack.filtersTakeTime(filters);
        try (LoopbackServer server = LoopbackServer.serve(rack.protocol(Flavor.SMTP), "smtp", TlsMode.STARTTLS)) {
            Session session = session(server, "starttls.enable", "true", "sendpartial", "true");
            try (Transport transport = session.getTransport("smtp")) {
                transport.connect();
                for (int i = 0; i < 20; i++) {
                    MimeMessage message = message(session, "alice@crepes.fr", "bob@hamburger.edu", "number " + i);
                    message.saveChanges();
                    transport.sendMessage(message, InternetAddress.parse("bob@hamburger.edu, robert@hamburger.edu"));
                }
            }
            assertThat(rack.mails).hasSize(20);
            assertThat(rack.writersOpen).hasValue(0);
        } finally {
            filters.shutdown();
        }
    }
}
