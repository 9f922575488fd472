package org.mailrack.mailbox.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.mailrack.api.mailbox.MessageEnvelope;

/** Makes an envelope (RFC 9051 section 7.5.2) from header fields. */
final class Envelopes {

    private static final Pattern MESSAGE_ID = Pattern.compile("<[^<>\\s]+>");
    private static final int MAX_REFERENCES = 1_000;

    private Envelopes() {}

    static MessageEnvelope of(HeaderFields fields) {
        return new MessageEnvelope(
                fields.get("date"),
                fields.get("subject"),
                addresses(fields, "from"),
                addresses(fields, "sender"),
                addresses(fields, "reply-to"),
                addresses(fields, "to"),
                addresses(fields, "cc"),
                addresses(fields, "bcc"),
                fields.get("in-reply-to"),
                fields.get("message-id"),
                references(fields.get("references")));
    }

    private static List<MessageEnvelope.Address> addresses(HeaderFields fields, String name) {
        return fields.get(name).map(AddressFields::parse).orElse(List.of());
    }

    private static List<String> references(Optional<String> field) {
        List<String> found = new ArrayList<>();
        if (field.isPresent()) {
            Matcher ids = MESSAGE_ID.matcher(field.get());
            while (found.size() < MAX_REFERENCES && ids.find()) {
                found.add(ids.group());
            }
        }
        return found;
    }
}
