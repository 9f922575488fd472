package org.mailrack.imap.internal.codec;

/**
 * Mailbox names on the wire (RFC 3501 section 5.1.3). Strict: a name that decodes has exactly one spelling, so that two spellings
 * never name one mailbox.
 */
public final class ModifiedUtf7 {

    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

    private ModifiedUtf7() {}

    private static boolean isDirect(char c) {
        return c >= ' ' && c <= '~';
    }

    /** Encodes Unicode text. */
    public static String encode(String name) {
        StringBuilder out = new StringBuilder(name.length() + 16);
        int i = 0;
        while (i < name.length()) {
            char c = name.charAt(i);
            if (isDirect(c)) {
                out.append(c);
                if (c == '&') {
                    out.append('-');
                }
                i++;
                continue;
            }
            out.append('&');
            int bits = 0;
            int held = 0;
            for (; i < name.length() && !isDirect(name.charAt(i)); i++) {
                held = held << 16 | name.charAt(i);
                bits += 16;
                while (bits >= 6) {
                    bits -= 6;
                    out.append(BASE64.charAt(held >> bits & 63));
                }
                held &= (1 << bits) - 1;
            }
            if (bits > 0) {
                out.append(BASE64.charAt(held << 6 - bits & 63));
            }
            out.append('-');
        }
        return out.toString();
    }

    /**
     * Decodes to Unicode text.
     *
     * @throws SyntaxException if it is not what {@link #encode} would make of any text
     */
    public static String decode(String wire) {
        if (wire.indexOf('&') < 0) {
            for (int i = 0; i < wire.length(); i++) {
                if (!isDirect(wire.charAt(i))) {
                    throw broken();
                }
            }
            return wire;
        }
        StringBuilder out = new StringBuilder(wire.length());
        int i = 0;
        while (i < wire.length()) {
            char c = wire.charAt(i++);
            if (!isDirect(c)) {
                throw broken();
            }
            if (c != '&') {
                out.append(c);
                continue;
            }
            int close = wire.indexOf('-', i);
            if (close < 0) {
                throw broken();
            }
            if (close == i) {
                out.append('&');
            } else {
                shifted(wire, i, close, out);
            }
            i = close + 1;
        }
        String name = out.toString();
        // Catches what is left: adjacent shifts, direct characters in Base64, lone surrogates made whole over a shift.
        if (!encode(name).equals(wire) || !isText(name)) {
            throw broken();
        }
        return name;
    }

    private static void shifted(String wire, int from, int to, StringBuilder out) {
        int bits = 0;
        int held = 0;
        for (int i = from; i < to; i++) {
            int digit = BASE64.indexOf(wire.charAt(i));
            if (digit < 0) {
                throw broken();
            }
            held = held << 6 | digit;
            bits += 6;
            if (bits >= 16) {
                bits -= 16;
                out.append((char) (held >> bits));
                held &= (1 << bits) - 1;
            }
        }
    }

    /** Whether every surrogate has its other half. */
    private static boolean isText(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c) || ++i == name.length() || !Character.isLowSurrogate(name.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static SyntaxException broken() {
        return new SyntaxException("Mailbox name is not modified UTF-7");
    }
}
