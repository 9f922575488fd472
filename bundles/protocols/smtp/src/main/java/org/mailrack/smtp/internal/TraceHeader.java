package org.mailrack.smtp.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import javax.net.ssl.SSLSession;

import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailId;

/** Writes the fields that a server adds on top of a message (RFC 5321 section 4.4, RFC 6409 section 8). */
final class TraceHeader {

    /** RFC 5322 section 3.3; a fixed language, and days of two digits as most servers write them. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private TraceHeader() {}

    /** Return-Path and Received. */
    static String trace(
            String hostname, MailId id, Envelope envelope, InetSocketAddress remote, String tls, ZonedDateTime now) {
        StringBuilder trace = new StringBuilder(400);
        trace.append("Return-Path: ").append(envelope.returnPath()).append("\r\n");
        trace.append("Received: from ")
                .append(envelope.attributes().get(Envelope.HELO))
                .append(" (")
                .append(literal(remote.getAddress()))
                .append(")\r\n\tby ")
                .append(hostname)
                .append(" with ")
                .append(envelope.attributes().get(Envelope.WITH))
                .append(" id ")
                .append(id);
        if (!tls.isEmpty()) {
            trace.append("\r\n\t(").append(tls).append(')');
        }
        // Of several recipients none may learn of the others (RFC 5321 section 7.2).
        if (envelope.recipients().size() == 1) {
            trace.append("\r\n\tfor <")
                    .append(envelope.recipients().get(0).address())
                    .append('>');
        }
        return trace.append(";\r\n\t").append(DATE.format(now)).append("\r\n").toString();
    }

    /** Date and Message-ID, as far as a submitted message lacks them. */
    static String submissionFields(MessageHead head, String hostname, MailId id, ZonedDateTime now) {
        String fields = "";
        if (head.count("Date") == 0) {
            fields += "Date: " + DATE.format(now) + "\r\n";
        }
        if (head.count("Message-ID") == 0) {
            fields += "Message-ID: <" + id + '@' + hostname + ">\r\n";
        }
        return fields;
    }

    /** The {@code with} keyword (RFC 3848, RFC 6531 section 4.3, RFC 2033). */
    static String with(Flavor flavor, boolean extended, boolean utf8, boolean secure, boolean authenticated) {
        String base =
                flavor == Flavor.LMTP ? utf8 ? "UTF8LMTP" : "LMTP" : utf8 ? "UTF8SMTP" : extended ? "ESMTP" : "SMTP";
        // There is no SMTPS: TLS and AUTH come with EHLO only, and a client of implicit TLS that says HELO is told as
        // ESMTPS.
        String secured = secure && base.equals("SMTP") ? "ESMTP" : base;
        return secured + (secure ? "S" : "") + (authenticated ? "A" : "");
    }

    /** What a comment says of TLS; empty without. */
    static String tls(SSLSession session) {
        return session.getProtocol() + ' ' + session.getCipherSuite();
    }

    /** An address as a literal of RFC 5321 section 4.1.3. */
    static String literal(InetAddress address) {
        String text = plain(address);
        return address instanceof Inet6Address ? "[IPv6:" + text + ']' : '[' + text + ']';
    }

    /** An address without the zone of a link-local one, which is nobody's business. */
    static String plain(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }
}
