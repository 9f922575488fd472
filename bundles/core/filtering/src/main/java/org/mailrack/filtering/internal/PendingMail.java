package org.mailrack.filtering.internal;

import java.util.List;
import java.util.Optional;

import org.mailrack.api.filter.Client;
import org.mailrack.api.filter.IncomingMail;
import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.Header;
import org.mailrack.api.mail.MailId;

/** What one filter gets to see. */
record PendingMail(MailId id, Client client, Envelope envelope, List<Header> headers, Content content)
        implements IncomingMail {

    @Override
    public Optional<String> header(String name) {
        return headers.stream()
                .filter(h -> h.is(name))
                .findFirst()
                .map(Header::value)
                .map(EncodedWords::decode);
    }
}
