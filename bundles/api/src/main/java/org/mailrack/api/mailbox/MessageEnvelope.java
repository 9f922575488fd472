package org.mailrack.api.mailbox;

import java.util.List;
import java.util.Optional;

/**
 * The header fields that IMAP calls the envelope (RFC 9051 section 7.5.2). Texts are as in the header, unfolded, encoded words
 * not decoded. Sender and reply-to are as written, the default to From is the protocol's affair. Immutable.
 */
public record MessageEnvelope(
        Optional<String> date,
        Optional<String> subject,
        List<Address> from,
        List<Address> sender,
        List<Address> replyTo,
        List<Address> to,
        List<Address> cc,
        List<Address> bcc,
        Optional<String> inReplyTo,
        Optional<String> messageId,
        List<String> references) {

    public MessageEnvelope {
        from = List.copyOf(from);
        sender = List.copyOf(sender);
        replyTo = List.copyOf(replyTo);
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        bcc = List.copyOf(bcc);
        references = List.copyOf(references);
    }

    /**
     * An address of the header, or a mark of a group. A group begins with an address whose host is absent and whose mailbox is
     * the group's name, and ends with one where both are absent.
     */
    public record Address(Optional<String> displayName, Optional<String> mailbox, Optional<String> host) {}
}
