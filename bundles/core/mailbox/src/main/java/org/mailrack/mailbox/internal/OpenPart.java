package org.mailrack.mailbox.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import org.mailrack.api.mailbox.MessageEnvelope;
import org.mailrack.api.mailbox.MimePart;

/** A part of which the end was not seen yet. */
final class OpenPart {

    /** A media type and subtype (RFC 6838 section 4.2, and a little more). */
    private static final Pattern MEDIA = Pattern.compile("[a-z0-9!#$%&'*+.^_`{|}~-]{1,127}");

    private static final Set<String> IDENTITY = Set.of("7bit", "8bit", "binary");
    private static final FieldParameters.Parsed NOTHING = new FieldParameters.Parsed("", Map.of());

    private final long headerStart;
    private final boolean message;
    private final boolean inDigest;
    private final HeaderFields fields;
    private final List<MimePart> children = new ArrayList<>();
    private long bodyStart = -1;
    private long linesBefore;
    private String type = "text";
    private String subtype = "plain";
    private Map<String, String> parameters = Map.of();
    private String encoding = "7bit";
    private String boundary;
    private boolean closed;

    /**
     * Begins a part.
     *
     * @param message whether it is a message, with an envelope
     * @param inDigest whether it is in a {@code multipart/digest}, where a part without type is a message (RFC 2046 section 5.1.5)
     */
    OpenPart(long headerStart, boolean message, boolean inDigest) {
        this.headerStart = headerStart;
        this.message = message;
        this.inDigest = inDigest;
        fields = new HeaderFields(message);
    }

    long headerStart() {
        return headerStart;
    }

    long bodyStart() {
        return bodyStart;
    }

    boolean message() {
        return message;
    }

    HeaderFields fields() {
        return fields;
    }

    boolean inHeader() {
        return bodyStart < 0;
    }

    /** The boundary as octets in a text, null when this is no multipart or has none. */
    String boundary() {
        return boundary;
    }

    boolean closed() {
        return closed;
    }

    /** The closing delimiter was there: what follows is epilogue. */
    void close() {
        closed = true;
    }

    boolean digest() {
        return subtype.equals("digest");
    }

    void add(MimePart child) {
        children.add(child);
    }

    void headerEnds(long bodyBegins, long linesSoFar) {
        bodyStart = bodyBegins;
        linesBefore = linesSoFar;
        fields.finish();
    }

    MessageEnvelope envelope() {
        fields.finish();
        return Envelopes.of(fields);
    }

    /** Understands the Content fields. */
    void readFields() {
        encoding = fields.get("content-transfer-encoding")
                .map(value -> FieldParameters.parse(value).value())
                .filter(value -> !value.isEmpty())
                .orElse("7bit");
        Optional<String> field = fields.get("content-type");
        if (field.isEmpty()) {
            type = inDigest ? "message" : "text";
            subtype = inDigest ? "rfc822" : "plain";
            return;
        }
        FieldParameters.Parsed parsed = FieldParameters.parse(field.get());
        int slash = parsed.value().indexOf('/');
        String first = slash < 0 ? "" : parsed.value().substring(0, slash);
        String second = slash < 0 ? "" : parsed.value().substring(slash + 1);
        if (!MEDIA.matcher(first).matches() || !MEDIA.matcher(second).matches()) {
            return;
        }
        String found = parsed.parameters().getOrDefault("boundary", "").stripTrailing();
        if (first.equals("multipart") && (found.isEmpty() || found.length() > MimeScanner.MAX_BOUNDARY)) {
            return;
        }
        type = first;
        subtype = second;
        parameters = parsed.parameters();
        if (first.equals("multipart")) {
            boundary = new String(found.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        }
    }

    /** Whether the body is a message that can be read as it stands. */
    boolean embedsMessage() {
        return type.equals("message")
                && (subtype.equals("rfc822") || subtype.equals("global"))
                && IDENTITY.contains(encoding);
    }

    /** The part, now that its end is known. */
    MimePart end(long end, long linesSoFar) {
        boolean hollow = type.equals("multipart") && children.isEmpty();
        FieldParameters.Parsed disposition =
                fields.get("content-disposition").map(FieldParameters::parse).orElse(NOTHING);
        return new MimePart(
                headerStart,
                bodyStart,
                end,
                Math.max(0, linesSoFar - linesBefore),
                hollow ? "text" : type,
                hollow ? "plain" : subtype,
                hollow ? Map.of() : parameters,
                fields.get("content-id"),
                fields.get("content-description"),
                encoding,
                Optional.of(disposition.value()).filter(value -> !value.isEmpty()),
                disposition.parameters(),
                fields.get("content-md5"),
                languages(),
                fields.get("content-location"),
                children,
                message ? Optional.of(envelope()) : Optional.empty());
    }

    private List<String> languages() {
        return fields.get("content-language")
                .map(value -> Arrays.stream(value.split(",", 100))
                        .map(tag -> tag.replaceAll("\\(.*", "").strip())
                        .filter(tag -> !tag.isEmpty())
                        .toList())
                .orElse(List.of());
    }
}
