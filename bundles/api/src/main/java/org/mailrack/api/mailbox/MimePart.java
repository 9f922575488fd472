package org.mailrack.api.mailbox;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A MIME part and the parts in it, with where they are in the content (RFC 2045, RFC 2046). The root is the message itself.
 * Texts are as in the header, encoded words not decoded. Immutable.
 *
 * @param headerStart offset of the part's header in the content
 * @param bodyStart offset of its body, after the empty line
 * @param end offset after its last octet, without the line end that belongs to the boundary after it
 * @param lines lines of the body, for text parts and embedded messages
 * @param type media type in lower case, {@code text} when absent or broken
 * @param subtype media subtype in lower case, {@code plain} when absent or broken
 * @param parameters Content-Type parameters by lower-case name, RFC 2231 continuations joined
 * @param id Content-ID
 * @param description Content-Description
 * @param encoding Content-Transfer-Encoding in lower case, {@code 7bit} when absent
 * @param disposition Content-Disposition in lower case
 * @param dispositionParameters its parameters by lower-case name
 * @param md5 Content-MD5
 * @param languages Content-Language
 * @param location Content-Location
 * @param children parts of a multipart; of {@code message/rfc822} and {@code message/global} one child, the embedded message
 * @param envelope of an embedded message (this part is the child of a {@code message/rfc822}) or the root; empty otherwise
 */
public record MimePart(
        long headerStart,
        long bodyStart,
        long end,
        long lines,
        String type,
        String subtype,
        Map<String, String> parameters,
        Optional<String> id,
        Optional<String> description,
        String encoding,
        Optional<String> disposition,
        Map<String, String> dispositionParameters,
        Optional<String> md5,
        List<String> languages,
        Optional<String> location,
        List<MimePart> children,
        Optional<MessageEnvelope> envelope) {

    public MimePart {
        children = List.copyOf(children);
        languages = List.copyOf(languages);
    }

    /** Octets of the body. */
    public long size() {
        return end - bodyStart;
    }

    public boolean isMultipart() {
        return type.equals("multipart");
    }

    /** Whether the body is itself a message, which is then the only child. */
    public boolean isMessage() {
        return type.equals("message") && (subtype.equals("rfc822") || subtype.equals("global")) && !children.isEmpty();
    }
}
