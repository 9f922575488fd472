package org.mailrack.delivery.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import jakarta.mail.Session;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import org.junit.jupiter.api.Test;

import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.SpooledMail;

class BounceTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    private final World world = new World();

    private MimeMessage bounce(String original, String to, String remote, String reply) throws Exception {
        SpooledMail mail = world.mail(original, "alice@crepes.fr", to);
        Recipient recipient = new Recipient(MailAddress.parse(to), Map.of("ORCPT", "rfc822;first@x.org"));
        byte[] octets = Bounce.write(
                "mx.hamburger.edu",
                "m1",
                mail,
                MailAddress.parse("alice@crepes.fr"),
                List.of(new Bounce.Failure(recipient, new Outcome.Failed("5.1.1", remote, reply))),
                Bounce.header(world.contents.open(mail.content())),
                TIME);
        String text = new String(octets, StandardCharsets.UTF_8);
        assertThat(text.replace("\r\n", "")).doesNotContain("\r", "\n");
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(octets));
    }

    private static String text(MimeMultipart parts, int index) throws Exception {
        return new String(parts.getBodyPart(index).getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** RFC 3464 section 2, RFC 6522 section 3, RFC 3834 section 5. */
    @Test
    void aMimeParserReadsTheReport() throws Exception {
        MimeMessage message =
                bounce("Subject: hi\r\nX: y\r\n\r\nsecret body", "bob@x.org", "mx.x.org", "550 no such user");
        assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-replied");
        assertThat(message.getAllRecipients()).hasSize(1);
        assertThat(message.getAllRecipients()[0]).hasToString("alice@crepes.fr");
        assertThat(message.getSentDate().toInstant()).isEqualTo(TIME);
        ContentType type = new ContentType(message.getContentType());
        assertThat(type.getBaseType()).isEqualTo("multipart/report");
        assertThat(type.getParameter("report-type")).isEqualTo("delivery-status");
        MimeMultipart parts = new MimeMultipart(message.getDataHandler().getDataSource());
        assertThat(parts.getCount()).isEqualTo(3);
        assertThat(parts.getBodyPart(0).getContentType()).startsWith("text/plain");
        assertThat(parts.getBodyPart(1).getContentType()).startsWith("message/delivery-status");
        assertThat(parts.getBodyPart(2).getContentType()).startsWith("text/rfc822-headers");
        assertThat(text(parts, 0)).contains("<bob@x.org>", "550 no such user");
        assertThat(text(parts, 1).lines())
                .containsSubsequence(
                        "Reporting-MTA: dns; mx.hamburger.edu",
                        "",
                        "Original-Recipient: rfc822;first@x.org",
                        "Final-Recipient: rfc822; bob@x.org",
                        "Action: failed",
                        "Status: 5.1.1",
                        "Remote-MTA: dns; mx.x.org",
                        "Diagnostic-Code: smtp; 550 no such user")
                .anyMatch(line -> line.startsWith("Arrival-Date: "));
        assertThat(text(parts, 2)).contains("Subject: hi").doesNotContain("secret body");
    }

    @Test
    void aRemoteReplyCannotBreakOutOfItsField() throws Exception {
        MimeMessage message = bounce(
                "\r\nbody",
                "bob@x.org",
                "mx\r\nAction: delivered",
                "550 a\r\n\r\n--=_m1_report--\r\nX: y" + "z".repeat(5000));
        MimeMultipart parts = new MimeMultipart(message.getDataHandler().getDataSource());
        assertThat(parts.getCount()).isEqualTo(3);
        assertThat(text(parts, 1).lines())
                .filteredOn(line -> line.startsWith("Action:"))
                .containsExactly("Action: failed");
        assertThat(text(parts, 1).lines()).allMatch(line -> line.length() < 998);
    }

    @Test
    void aHugeHeaderIsQuotedInPart() throws Exception {
        MimeMessage message = bounce("X-Line: abc\r\n".repeat(20_000) + "\r\n", "bob@x.org", "", "no");
        MimeMultipart parts = new MimeMultipart(message.getDataHandler().getDataSource());
        assertThat(text(parts, 2)).hasSizeBetween(60_000, 66_000).endsWith("X-Line: abc\r\n");
    }

    @Test
    void anAddressInUtf8IsReportedAsRfc6533Says() throws Exception {
        MimeMessage message = bounce("Subject: grüße\r\n\r\n", "jürgen@müller.example", "", "no");
        MimeMultipart parts = new MimeMultipart(message.getDataHandler().getDataSource());
        assertThat(parts.getBodyPart(1).getContentType()).startsWith("message/global-delivery-status");
        assertThat(text(parts, 1)).contains("Final-Recipient: utf-8; jürgen@müller.example");
        assertThat(text(parts, 2)).contains("grüße");
    }
}
