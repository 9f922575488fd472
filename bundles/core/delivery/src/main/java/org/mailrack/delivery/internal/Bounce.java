package org.mailrack.delivery.internal;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.spool.SpooledMail;

/**
 * Writes a delivery status notification: RFC 3462 multipart/report of a text for people, RFC 3464 message/delivery-status for
 * machines, and the header of the returned mail.
 */
final class Bounce {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final String hostname;
    private final MailId id;
    private final SpooledMail mail;
    private final List<Attempt.Failure> failures;
    private final Instant now;
    private final int headerLimit;

    Bounce(String hostname, MailId id, SpooledMail mail, List<Attempt.Failure> failures, Instant now, int headerLimit) {
        this.hostname = hostname;
        this.id = id;
        this.mail = mail;
        this.failures = failures;
        this.now = now;
        this.headerLimit = headerLimit;
    }

    void writeTo(ContentWriter writer, Content original) throws IOException {
        byte[] header = header(original);
        // No line of the returned header can equal it: the mail is older than its bounce.
        String boundary = "=_" + id;
        writer.write(bytes(head(boundary)));
        writer.write(bytes(part(boundary, "text/plain; charset=utf-8") + forPeople()));
        writer.write(bytes(part(boundary, "message/delivery-status") + forMachines()));
        writer.write(bytes(part(boundary, "text/rfc822-headers")));
        writer.write(ByteBuffer.wrap(header));
        writer.write(bytes("\r\n--" + boundary + "--\r\n"));
    }

    private String head(String boundary) {
        return "Return-Path: <>\r\n"
                + "Received: by " + hostname + " (Mailrack) id " + id + ";\r\n\t" + DATE.format(now) + "\r\n"
                + "Date: " + DATE.format(now) + "\r\n"
                + "From: Mail Delivery System <MAILER-DAEMON@" + hostname + ">\r\n"
                + "To: " + mail.envelope().reversePath().map(Object::toString).orElseThrow() + "\r\n"
                + "Subject: Undelivered mail returned to sender\r\n"
                + "Message-ID: <" + id + ".bounce@" + hostname + ">\r\n"
                // RFC 3834 section 5: no vacation notice may answer it.
                + "Auto-Submitted: auto-replied\r\n"
                + "MIME-Version: 1.0\r\n"
                + "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"" + boundary + "\"\r\n"
                + "\r\n"
                + "This is a MIME message with a delivery status notification.\r\n";
    }

    private static String part(String boundary, String type) {
        return "\r\n--" + boundary + "\r\nContent-Type: " + type + "\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
    }

    private String forPeople() {
        StringBuilder text = new StringBuilder("This is the mail server at " + hostname + ".\r\n\r\n"
                + "Your message could not be delivered to everyone. Nobody will try again;\r\n"
                + "for each address this is why:\r\n");
        for (Attempt.Failure failure : failures) {
            text.append("\r\n<").append(failure.recipient().address()).append(">\r\n");
            if (!failure.remote().isEmpty()) {
                text.append("    said by ").append(line(failure.remote())).append("\r\n");
            }
            text.append("    ").append(line(failure.text())).append("\r\n");
        }
        return text.append("\r\nThe header of your message follows below.\r\n").toString();
    }

    private String forMachines() {
        StringBuilder text = new StringBuilder("Reporting-MTA: dns; " + hostname + "\r\n"
                + "X-Mailrack-Mail-ID: " + mail.id() + "\r\n"
                + "Arrival-Date: " + DATE.format(mail.received()) + "\r\n");
        for (Attempt.Failure failure : failures) {
            String original = failure.recipient().parameters().get("ORCPT");
            text.append("\r\n");
            if (original != null) {
                text.append("Original-Recipient: ").append(line(original)).append("\r\n");
            }
            text.append("Final-Recipient: rfc822; ")
                    .append(failure.recipient().address())
                    .append("\r\nAction: failed\r\nStatus: ")
                    .append(line(failure.status()))
                    .append("\r\n");
            if (!failure.remote().isEmpty()) {
                text.append("Remote-MTA: dns; ").append(line(failure.remote())).append("\r\n");
            }
            // RFC 3464 section 2.3.6: "smtp" only for what a server said.
            text.append("Diagnostic-Code: ")
                    .append(failure.remote().isEmpty() ? "x-mailrack; " : "smtp; ")
                    .append(line(failure.text()))
                    .append("\r\nLast-Attempt-Date: ")
                    .append(DATE.format(now))
                    .append("\r\n");
        }
        return text.toString();
    }

    /** One line of bounded length without control characters, whatever a remote server said. */
    private static String line(String text) {
        String clean = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
        return clean.length() > 900 ? clean.substring(0, 900) + "…" : clean;
    }

    /** The header section, cut at a line end before the limit. */
    private byte[] header(Content original) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        try (InputStream in = new BufferedInputStream(original.open())) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int c = in.read(); c >= 0; c = in.read()) {
                line.write(c);
                if (header.size() + line.size() > headerLimit) {
                    break;
                }
                if (c == '\n') {
                    if (line.size() <= 2) {
                        break;
                    }
                    line.writeTo(header);
                    line.reset();
                }
            }
        }
        return header.toByteArray();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
