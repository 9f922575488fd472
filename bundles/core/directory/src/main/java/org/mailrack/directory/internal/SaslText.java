package org.mailrack.directory.internal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.mailrack.api.directory.AuthenticationException;
import org.mailrack.api.directory.AuthenticationException.Reason;

/** Decodes what a client sent in an exchange, strictly. */
final class SaslText {

    /** Octets that RFC 4616 section 2 suggests for an identity. */
    static final int MAX_NAME = 255;

    private SaslText() {}

    /** The characters of a part of a response: UTF-8, no NUL, of bounded length; the caller wipes them. */
    static char[] decode(byte[] response, int from, int to, int max) throws AuthenticationException {
        if (to - from > max) {
            throw malformed();
        }
        try {
            // A new decoder reports what is malformed.
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(response, from, to - from));
            char[] chars = new char[text.remaining()];
            text.get(chars);
            Arrays.fill(text.array(), '\0');
            for (char c : chars) {
                if (c == 0) {
                    throw malformed();
                }
            }
            return chars;
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    static AuthenticationException malformed() {
        return new AuthenticationException(Reason.MALFORMED, "Malformed authentication response");
    }
}
