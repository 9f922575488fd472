package org.mailrack.api.mail;

import java.util.Map;

/**
 * One forward-path of an envelope with the parameters that RCPT gave it. Immutable.
 *
 * @param address where the mail shall go
 * @param parameters ESMTP parameters by upper-case keyword, such as {@code NOTIFY} and {@code ORCPT} (RFC 3461)
 */
public record Recipient(MailAddress address, Map<String, String> parameters) {

    public Recipient {
        parameters = Map.copyOf(parameters);
    }

    /** A recipient without parameters. */
    public Recipient(MailAddress address) {
        this(address, Map.of());
    }
}
