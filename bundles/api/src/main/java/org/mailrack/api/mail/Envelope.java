package org.mailrack.api.mail;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who sent a mail and who shall get it, apart from what its header says (RFC 5321 section 2.3.1). Immutable.
 *
 * @param reversePath the return address, or empty for the null reverse-path {@code <>} of bounces
 * @param recipients the forward-paths, in the order of their RCPT commands
 * @param attributes what is known beside: the constants of this class, and what filters added
 */
public record Envelope(Optional<MailAddress> reversePath, List<Recipient> recipients, Map<String, String> attributes) {

    /** Attribute: the account that authenticated, absent when none did. */
    public static final String AUTHENTICATED = "auth.account";
    /** Attribute: the address of the client that handed the mail in, without port. */
    public static final String CLIENT_ADDRESS = "client.address";
    /** Attribute: the name that the client gave in HELO, EHLO or LHLO. */
    public static final String HELO = "client.helo";
    /** Attribute: how the mail came, as in the {@code with} clause of Received (RFC 3848): {@code ESMTPSA} … */
    public static final String WITH = "received.with";
    /** Attribute: {@code 7BIT} or {@code 8BITMIME} (RFC 6152), absent when not declared. */
    public static final String BODY = "smtp.body";
    /** Attribute: present when the mail was handed in with SMTPUTF8 (RFC 6531). */
    public static final String SMTPUTF8 = "smtp.utf8";

    public Envelope {
        recipients = List.copyOf(recipients);
        attributes = Map.copyOf(attributes);
    }

    /** The reverse-path as it is written in MAIL FROM and Return-Path, with its angle brackets. */
    public String returnPath() {
        return '<' + reversePath.map(MailAddress::toString).orElse("") + '>';
    }
}
