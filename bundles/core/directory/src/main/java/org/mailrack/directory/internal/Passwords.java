package org.mailrack.directory.internal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Prepares passwords as RFC 8265 section 4.2 (OpaqueString) asks: any space becomes U+0020, the rest is normalised to NFC and
 * keeps its case; controls and broken Unicode are refused. Code points that this Java does not know are let through, so that an
 * update of Java does not change which passwords work.
 */
final class Passwords {

    /** Octets of the longest password, prepared. */
    static final int MAX_OCTETS = 1024;

    private static final char[] READABLE = "abcdefghjkmnpqrstuvwxyz23456789".toCharArray();
    private static final SecureRandom RANDOM = new SecureRandom();

    private Passwords() {}

    /** The octets to hash, which the caller wipes; empty when it can be no password. */
    static Optional<byte[]> prepare(char[] password) {
        if (password.length == 0 || password.length > MAX_OCTETS) {
            return Optional.empty();
        }
        boolean ascii = true;
        for (char c : password) {
            if (Character.isISOControl(c) || c >= 0xfffe) {
                return Optional.empty();
            }
            ascii &= c < 0x80;
        }
        CharBuffer text = CharBuffer.wrap(password);
        if (!ascii) {
            char[] mapped = password.clone();
            for (int i = 0; i < mapped.length; i++) {
                if (Character.getType(mapped[i]) == Character.SPACE_SEPARATOR) {
                    mapped[i] = ' ';
                }
            }
            text = CharBuffer.wrap(Normalizer.normalize(CharBuffer.wrap(mapped), Normalizer.Form.NFC));
            Arrays.fill(mapped, '\0');
        }
        return encode(text).filter(octets -> octets.length <= MAX_OCTETS);
    }

    private static Optional<byte[]> encode(CharBuffer text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(text);
            byte[] octets = new byte[encoded.remaining()];
            encoded.get(octets);
            Arrays.fill(encoded.array(), (byte) 0);
            return Optional.of(octets);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** A password of 20 letters and digits that are not easily mistaken for another, about 99 bits. */
    static char[] generate() {
        char[] password = new char[23];
        for (int i = 0; i < password.length; i++) {
            password[i] = i % 6 == 5 ? '-' : READABLE[RANDOM.nextInt(READABLE.length)];
        }
        return password;
    }
}
