package org.mailrack.api.filter;

import java.util.List;
import java.util.Optional;

import org.osgi.annotation.versioning.ProviderType;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.Header;
import org.mailrack.api.mail.MailId;

/** A message that waits for its verdict, as the filters before in the chain left it. Read-only. */
@ProviderType
public interface IncomingMail {

    /** The name that the mail has in the log, and in the spool when it is accepted. */
    MailId id();

    /** Who hands it in. */
    Client client();

    /** Its envelope, with the attributes that filters added so far. */
    Envelope envelope();

    /** Its header fields from the top, with the edits of the filters before. */
    List<Header> headers();

    /** The value of the first header field of that name, RFC 2047 encoded words decoded. */
    Optional<String> header(String name);

    /** The message as it came, without the edits; it can be read until the filter gave its verdict or is late. */
    Content content();
}
