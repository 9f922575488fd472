package org.mailrack.filtering.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Encoded words of header fields (RFC 2047, charset with language as in RFC 2231 section 5). */
final class EncodedWords {

    private static final Pattern WORD =
            Pattern.compile("=\\?([^?*\\s]{1,40})(?:\\*[^?\\s]{1,20})?\\?([BbQq])\\?([^?\\s]*)\\?=");

    private static final String START = "=?UTF-8?B?";
    private static final String END = "?=";
    /** RFC 2047 section 2: 75 characters of an encoded word, less its ends, in octets before Base64. */
    private static final int MAX_OCTETS = (75 - START.length() - END.length()) / 4 * 3;

    private EncodedWords() {}

    /** Decodes every encoded word; one that cannot be decoded stays as it is. */
    static String decode(String text) {
        if (!text.contains("=?")) {
            return text;
        }
        StringBuilder decoded = new StringBuilder(text.length());
        Matcher word = WORD.matcher(text);
        int from = 0;
        boolean afterWord = false;
        // Some encoders cut a character in two: octets of neighbours in the same charset are decoded together.
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        Charset charset = null;
        while (word.find()) {
            Charset next = charset(word.group(1));
            byte[] content = next == null ? null : content(word.group(2), word.group(3));
            if (content == null) {
                continue;
            }
            String between = text.substring(from, word.start());
            boolean joined = afterWord && between.isBlank();
            if (!joined || !next.equals(charset)) {
                flush(octets, charset, decoded);
            }
            // Section 6.2: white space between encoded words is not shown.
            decoded.append(joined ? "" : between);
            charset = next;
            octets.writeBytes(content);
            from = word.end();
            afterWord = true;
        }
        flush(octets, charset, decoded);
        return decoded.append(text, from, text.length()).toString();
    }

    private static void flush(ByteArrayOutputStream octets, Charset charset, StringBuilder to) {
        if (octets.size() > 0) {
            to.append(octets.toString(charset));
            octets.reset();
        }
    }

    private static Charset charset(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            // Not known here: the reader sees the word as it was sent.
            return null;
        }
    }

    private static byte[] content(String encoding, String text) {
        return encoding.equalsIgnoreCase("B") ? base64(text) : quoted(text);
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static byte[] quoted(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '_') {
                octets.write(' ');
            } else if (c == '=') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                octets.write(high << 4 | low);
                i += 2;
            } else {
                octets.write(c);
            }
        }
        return octets.toByteArray();
    }

    /** Encodes a text as encoded words of UTF-8 in Base64, separated by spaces. */
    static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        StringBuilder piece = new StringBuilder();
        int octets = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int more = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (octets + more > MAX_OCTETS) {
                word(piece, encoded);
                octets = 0;
            }
            piece.appendCodePoint(c);
            octets += more;
            i += Character.charCount(c);
        }
        word(piece, encoded);
        return encoded.toString();
    }

    private static void word(StringBuilder piece, StringBuilder to) {
        to.append(to.isEmpty() ? "" : " ").append(START);
        to.append(Base64.getEncoder().encodeToString(piece.toString().getBytes(StandardCharsets.UTF_8)));
        to.append(END);
        piece.setLength(0);
    }
}
