package org.mailrack.transfer.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Modified UTF-7 (RFC 3501 section 5.1.3), in which Dovecot and Courier name folders on disk. */
public final class ModifiedUtf7 {

    private ModifiedUtf7() {}

    public static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c >= 0x20 && c <= 0x7e) {
                encoded.append(c == '&' ? "&-" : String.valueOf(c));
                at++;
                continue;
            }
            int end = at;
            while (end < text.length() && (text.charAt(end) < 0x20 || text.charAt(end) > 0x7e)) {
                end++;
            }
            byte[] utf16 = text.substring(at, end).getBytes(StandardCharsets.UTF_16BE);
            String base64 = Base64.getEncoder().withoutPadding().encodeToString(utf16);
            encoded.append('&').append(base64.replace('/', ',')).append('-');
            at = end;
        }
        return encoded.toString();
    }

    /** The text, or empty when it is not in this encoding, as when somebody named the folder in UTF-8. */
    public static Optional<String> decode(String encoded) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < encoded.length()) {
            char c = encoded.charAt(at++);
            if (c < 0x20 || c > 0x7e) {
                return Optional.empty();
            }
            if (c != '&') {
                text.append(c);
                continue;
            }
            int end = encoded.indexOf('-', at);
            if (end < 0) {
                return Optional.empty();
            }
            if (end == at) {
                text.append('&');
            } else {
                Optional<String> part = base64(encoded.substring(at, end));
                if (part.isEmpty()) {
                    return Optional.empty();
                }
                text.append(part.get());
            }
            at = end + 1;
        }
        return Optional.of(text.toString());
    }

    private static Optional<String> base64(String text) {
        if (text.indexOf('/') >= 0 || text.indexOf('=') >= 0) {
            return Optional.empty();
        }
        try {
            byte[] utf16 = Base64.getDecoder().decode(text.replace(',', '/'));
            return Optional.of(StandardCharsets.UTF_16BE
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf16))
                    .toString());
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
