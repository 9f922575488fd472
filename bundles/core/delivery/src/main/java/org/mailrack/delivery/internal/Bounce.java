package org.mailrack.delivery.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.SpooledMail;

/** Writes the message that tells a sender what was not delivered (RFC 3464, RFC 6522). */
final class Bounce {

    private static final int MAX_HEADER = 64 * 1024;
    private static final int MAX_TEXT = 900;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** A recipient who did not get the mail, and why. */
    record Failure(Recipient recipient, Outcome.Failed outcome) {}

    private final StringBuilder text = new StringBuilder();

    private Bounce() {}

    static byte[] write(
            String hostname,
            String id,
            SpooledMail mail,
            MailAddress sender,
            List<Failure> failures,
            byte[] header,
            Instant now) {
        Bounce bounce = new Bounce();
        boolean utf8 = sender.needsUtf8()
                || failures.stream().anyMatch(f -> f.recipient().address().needsUtf8());
        // Made of our own id, which no one outside knows before: the header that is quoted cannot have it.
        String boundary = "=_" + id + "_report";
        bounce.head(hostname, id, sender, boundary, now);
        bounce.human(hostname, mail, failures, boundary);
        bounce.status(hostname, mail, failures, boundary, utf8);
        bounce.line("--" + boundary);
        bounce.line("Content-Type: text/rfc822-headers" + (isAscii(header) ? "" : "; charset=utf-8"));
        bounce.line("Content-Transfer-Encoding: " + (isAscii(header) ? "7bit" : "8bit"));
        bounce.line("");
        byte[] before = bounce.text.toString().getBytes(StandardCharsets.UTF_8);
        byte[] after = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[before.length + header.length + after.length];
        System.arraycopy(before, 0, all, 0, before.length);
        System.arraycopy(header, 0, all, before.length, header.length);
        System.arraycopy(after, 0, all, before.length + header.length, after.length);
        return all;
    }

    private void head(String hostname, String id, MailAddress sender, String boundary, Instant now) {
        // RFC 5321 section 4.4: the trace of final delivery, which no SMTP session writes for this mail.
        line("Return-Path: <>");
        line("Received: by " + hostname + " (Mailrack) id " + id + ";");
        line("\t" + DATE.format(now));
        line("From: Mail Delivery System <MAILER-DAEMON@" + hostname + ">");
        line("To: <" + sender + ">");
        line("Subject: Undelivered Mail Returned to Sender");
        line("Date: " + DATE.format(now));
        line("Message-ID: <" + id + "@" + hostname + ">");
        line("Auto-Submitted: auto-replied");
        line("MIME-Version: 1.0");
        line("Content-Type: multipart/report; report-type=delivery-status;");
        line("\tboundary=\"" + boundary + "\"");
        line("");
        line("This is a delivery report in MIME format.");
        line("");
    }

    private void human(String hostname, SpooledMail mail, List<Failure> failures, String boundary) {
        line("--" + boundary);
        line("Content-Type: text/plain; charset=utf-8");
        line("Content-Transfer-Encoding: 8bit");
        line("");
        line("This is the mail system at " + hostname + ".");
        line("");
        line("Your message of " + DATE.format(mail.received()) + " could not be delivered");
        line("to the recipients below. No further attempt will be made.");
        line("");
        for (Failure failure : failures) {
            line("<" + failure.recipient().address() + ">");
            line("    " + failure.outcome().enhancedCode() + " "
                    + clean(failure.outcome().text()));
            if (!failure.outcome().remote().isEmpty()) {
                line("    said " + clean(failure.outcome().remote()));
            }
            line("");
        }
        line("The header of your message is attached.");
        line("");
    }

    /** RFC 3464 sections 2.2 and 2.3; the variant with UTF-8 addresses is RFC 6533. */
    private void status(String hostname, SpooledMail mail, List<Failure> failures, String boundary, boolean utf8) {
        line("--" + boundary);
        line("Content-Type: message/" + (utf8 ? "global-delivery-status" : "delivery-status"));
        if (utf8) {
            line("Content-Transfer-Encoding: 8bit");
        }
        line("");
        line("Reporting-MTA: dns; " + hostname);
        line("Arrival-Date: " + DATE.format(mail.received()));
        for (Failure failure : failures) {
            line("");
            String original = failure.recipient().parameters().get("ORCPT");
            if (original != null && !original.isEmpty()) {
                line("Original-Recipient: " + ascii(original));
            }
            MailAddress address = failure.recipient().address();
            line("Final-Recipient: " + (address.needsUtf8() ? "utf-8" : "rfc822") + "; " + address);
            line("Action: failed");
            line("Status: " + status(failure.outcome().enhancedCode()));
            if (!failure.outcome().remote().isEmpty()) {
                line("Remote-MTA: dns; " + ascii(failure.outcome().remote()));
            }
            String reply = ascii(failure.outcome().text());
            line("Diagnostic-Code: " + (reply.matches("[245][0-9]{2}[ -].*") ? "smtp; " : "x-mailrack; ") + reply);
        }
        line("");
    }

    /** The original header up to the empty line, bounded, with whole lines only. */
    static byte[] header(Content content) throws IOException {
        byte[] start;
        try (InputStream in = content.open(0, Math.min(MAX_HEADER, content.length()))) {
            start = in.readAllBytes();
        }
        int end = 0;
        for (int i = 0; i + 1 < start.length; i++) {
            if (start[i] == '\r' && start[i + 1] == '\n') {
                if (end == i) {
                    break;
                }
                end = i + 2;
            }
        }
        return Arrays.copyOf(start, end);
    }

    private static String status(String code) {
        return code.matches("[245]\\.[0-9]{1,3}\\.[0-9]{1,3}") ? code : "5.0.0";
    }

    private void line(String line) {
        text.append(line).append("\r\n");
    }

    /** A remote server's words in one line without anything that could end it; long ones are cut. */
    private static String clean(String words) {
        String one = words.replaceAll("\\p{Cntrl}+", " ").strip();
        return one.length() <= MAX_TEXT ? one : one.substring(0, MAX_TEXT) + "...";
    }

    private static String ascii(String words) {
        return clean(words).replaceAll("[^ -~]", "?");
    }

    private static boolean isAscii(byte[] octets) {
        for (byte octet : octets) {
            if (octet < 0) {
                return false;
            }
        }
        return true;
    }
}
