package org.mailrack.mailbox.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.apache.james.mime4j.codec.Base64InputStream;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.codec.QuotedPrintableInputStream;

import org.mailrack.api.mailbox.MimePart;

/** Decoded text of headers and bodies. */
final class MessageText {

    /** Octets of one header field that are looked at. */
    private static final int MAX_FIELD = 64 << 10;

    private MessageText() {}

    /** A header field, unfolded and decoded. */
    record Field(String name, String value) {}

    /** All fields of the header at the beginning of the stream, as far as the limit lets us read. */
    static List<Field> header(InputStream in, MimeLimits limits) throws IOException {
        LineReader lines = new LineReader(in);
        List<Field> fields = new ArrayList<>();
        StringBuilder raw = new StringBuilder();
        int left = limits.maxHeader();
        while (left > 0 && lines.next(MAX_FIELD) && lines.length() > 0) {
            byte[] line = lines.octets();
            int kept = lines.kept();
            boolean first = lines.start() == 0;
            boolean folded = line[0] == ' ' || line[0] == '\t';
            boolean field = HeaderFields.nameLength(line, kept) > 0;
            if (folded ? first : !field && !(first && HeaderFields.isMboxLine(line, kept))) {
                break;
            }
            if (!folded) {
                add(raw, fields);
            }
            if (raw.length() + kept <= MAX_FIELD) {
                raw.append(new String(line, 0, kept, StandardCharsets.ISO_8859_1));
            }
            left -= kept + 2;
        }
        add(raw, fields);
        return fields;
    }

    private static void add(StringBuilder raw, List<Field> fields) {
        byte[] octets = raw.toString().getBytes(StandardCharsets.ISO_8859_1);
        raw.setLength(0);
        int name = HeaderFields.nameLength(octets, octets.length);
        if (name > 0) {
            int colon = name;
            while (octets[colon] != ':') {
                colon++;
            }
            byte[] value = Arrays.copyOfRange(octets, colon + 1, octets.length);
            fields.add(new Field(
                    new String(octets, 0, name, StandardCharsets.ISO_8859_1),
                    decodeWords(HeaderFields.text(value, value.length))));
        }
    }

    /** A text with its encoded words decoded (RFC 2047); those that are broken stay as they are. */
    static String decodeWords(String text) {
        if (!text.contains("=?")) {
            return text;
        }
        try {
            return DecoderUtil.decodeEncodedWords(text, DecodeMonitor.SILENT, StandardCharsets.ISO_8859_1);
        } catch (RuntimeException e) {
            return text;
        }
    }

    /** The body of a text part, given as a stream of its octets, as characters. */
    static Reader body(InputStream body, MimePart part) {
        InputStream decoded =
                switch (part.encoding()) {
                    case "base64" -> new Base64InputStream(body);
                    case "quoted-printable" -> new QuotedPrintableInputStream(body);
                    default -> body;
                };
        return new LenientReader(decoded, charset(part));
    }

    /** The charset that a part names. What says ASCII, or nothing, is mostly UTF-8; what we do not know is ISO-8859-1. */
    private static Charset charset(MimePart part) {
        String name = part.parameters().getOrDefault("charset", "us-ascii");
        if (name.toLowerCase(Locale.ROOT).endsWith("ascii")) {
            return StandardCharsets.UTF_8;
        }
        return Charsets.orElse(name, StandardCharsets.ISO_8859_1);
    }
}
