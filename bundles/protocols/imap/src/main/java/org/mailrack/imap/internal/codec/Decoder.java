package org.mailrack.imap.internal.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the elements of one command, which is whole in memory apart from literals that went to a {@link LiteralSink}. Fails once
 * and stays failed: after a {@link SyntaxException} every call throws it again, so that a caller who caught it cannot go on with
 * half a command.
 */
public final class Decoder {

    private static final String ATOM_SPECIALS = "(){ %*\"\\]";

    private final byte[] octets;
    private final int end;
    private final Map<Integer, LiteralSink> streams;
    private int at;
    private SyntaxException failure;

    /**
     * A decoder of the first octets of an array.
     *
     * @param length how many octets, without the line end
     * @param streams literals that are not in the array, by the offset at which they would be
     */
    public Decoder(byte[] octets, int length, Map<Integer, LiteralSink> streams) {
        this.octets = octets;
        this.end = length;
        this.streams = streams;
    }

    /** A decoder of text, each character an octet. */
    public static Decoder of(String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        return new Decoder(octets, octets.length, Map.of());
    }

    /** Ends the reading for good. */
    public SyntaxException fail(String reason) {
        if (failure == null) {
            failure = new SyntaxException(reason);
        }
        throw failure;
    }

    private void check() {
        if (failure != null) {
            throw failure;
        }
    }

    /** The next octet, or -1 at the end. */
    public int peek() {
        check();
        return at < end ? octets[at] & 0xff : -1;
    }

    /** Whether nothing is left. */
    public boolean atEnd() {
        return peek() < 0;
    }

    /** Takes the octet if it comes next. */
    public boolean take(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    /** Takes the octet, which must come next. */
    public void expect(char wanted) {
        if (!take(wanted)) {
            fail(wanted == ' ' ? "Space expected" : "'" + wanted + "' expected");
        }
    }

    /** Takes a space. More than one is forgiven, because clients send them. */
    public void space() {
        expect(' ');
        while (take(' ')) {
            // forgiven
        }
    }

    /** Takes spaces if there are some, and tells whether something follows them. */
    public boolean more() {
        boolean spaced = false;
        while (take(' ')) {
            spaced = true;
        }
        if (atEnd()) {
            return false;
        }
        if (!spaced) {
            fail("Space expected");
        }
        return true;
    }

    /** Makes sure that nothing is left but forgiven spaces. */
    public void end() {
        while (take(' ')) {
            // forgiven
        }
        if (!atEnd()) {
            fail("Unexpected text after the arguments");
        }
    }

    /** Takes the word, in any case, if it comes next. */
    public boolean takeWord(String word) {
        check();
        if (end - at < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (upper(octets[at + i]) != upper((byte) word.charAt(i))) {
                return false;
            }
        }
        at += word.length();
        return true;
    }

    private static int upper(byte octet) {
        return octet >= 'a' && octet <= 'z' ? octet - 32 : octet & 0xff;
    }

    private static boolean isAtom(int octet, String but) {
        return octet > ' ' && octet < 0x7f && (ATOM_SPECIALS.indexOf(octet) < 0 || but.indexOf(octet) >= 0);
    }

    private String run(String but, String what) {
        check();
        int start = at;
        while (at < end && isAtom(octets[at] & 0xff, but)) {
            at++;
        }
        if (at == start) {
            fail(what + " expected");
        }
        return new String(octets, start, at - start, StandardCharsets.US_ASCII);
    }

    /** A tag: no plus sign in it (RFC 3501 section 9). */
    public String tag() {
        String tag = run("]", "Tag");
        if (tag.indexOf('+') >= 0) {
            fail("Tag expected");
        }
        return tag;
    }

    /** An atom. */
    public String atom() {
        return run("", "Atom");
    }

    /** An atom in upper case. */
    public String keyword() {
        return atom().toUpperCase(Locale.ROOT);
    }

    /** A number of 32 bits, as a long. */
    public long number() {
        return number(0xffffffffL);
    }

    /** A number up to a limit. */
    public long number(long limit) {
        check();
        int start = at;
        long value = 0;
        while (at < end && octets[at] >= '0' && octets[at] <= '9') {
            int digit = octets[at++] - '0';
            if (value > (limit - digit) / 10) {
                fail("Number too great");
            }
            value = value * 10 + digit;
        }
        if (at == start) {
            fail("Number expected");
        }
        return value;
    }

    /** A number greater than 0. */
    public long nonZero() {
        long value = number();
        if (value == 0) {
            fail("Number greater than 0 expected");
        }
        return value;
    }

    /** Base64 text as it stands, of any length, or a lone {@code =}. */
    public String base64() {
        return run("", "Base64");
    }

    /** An astring as octets. */
    public byte[] astringOctets() {
        int next = peek();
        if (next == '"' || next == '{') {
            return stringOctets();
        }
        return run("]", "String").getBytes(StandardCharsets.US_ASCII);
    }

    /** An astring; octets beyond ASCII are read as UTF-8. */
    public String astring() {
        return utf8(astringOctets());
    }

    /** A mailbox name of LIST: an astring in which the wildcards stand too. */
    public String listMailbox() {
        int next = peek();
        if (next == '"' || next == '{') {
            return utf8(stringOctets());
        }
        return run("%*]", "Mailbox name");
    }

    /** A mailbox name, decoded. */
    public String mailbox() {
        return ModifiedUtf7.decode(astring());
    }

    /** A string, quoted or literal. */
    public String string() {
        return utf8(stringOctets());
    }

    /** A string or NIL, which is told as null. */
    public String nstring() {
        int next = peek();
        if (next == '"' || next == '{') {
            return string();
        }
        if (!keyword().equals("NIL")) {
            fail("String or NIL expected");
        }
        return null;
    }

    /** A string in a charset, an atom allowed. */
    public String astring(Charset charset) {
        byte[] read = astringOctets();
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(read))
                    .toString();
        } catch (CharacterCodingException e) {
            throw fail("String does not fit its charset");
        }
    }

    private static String utf8(byte[] read) {
        return new String(read, StandardCharsets.UTF_8);
    }

    private byte[] stringOctets() {
        return peek() == '"' ? quoted() : literal();
    }

    private byte[] quoted() {
        expect('"');
        int escapes = 0;
        for (int i = at; i < end; i++) {
            byte octet = octets[i];
            if (octet == '"') {
                return unescape(i, escapes);
            }
            if (octet == '\\') {
                i++;
                escapes++;
                if (i == end || octets[i] != '"' && octets[i] != '\\') {
                    fail("Broken quoted string");
                }
            } else if (octet == '\r' || octet == '\n' || octet == 0) {
                break;
            }
        }
        throw fail("Quoted string is not closed");
    }

    private byte[] unescape(int close, int escapes) {
        byte[] value = new byte[close - at - escapes];
        for (int n = 0; at < close; n++) {
            if (octets[at] == '\\') {
                at++;
            }
            value[n] = octets[at++];
        }
        at++;
        return value;
    }

    private byte[] literal() {
        int length = literalHeader();
        if (streams.containsKey(at) || length > end - at) {
            fail("Unexpected literal");
        }
        byte[] value = Arrays.copyOfRange(octets, at, at + length);
        for (byte octet : value) {
            if (octet == 0) {
                fail("NUL in a literal");
            }
        }
        at += length;
        return value;
    }

    private int literalHeader() {
        if (!take('{')) {
            fail("String expected");
        }
        long length = number(Long.MAX_VALUE / 2);
        take('+');
        expect('}');
        expect('\r');
        expect('\n');
        return (int) Math.min(length, Integer.MAX_VALUE);
    }

    /** The sink that took the literal which comes next. */
    public LiteralSink stream() {
        literalHeader();
        LiteralSink sink = streams.get(at);
        if (sink == null) {
            fail("Unexpected literal");
        }
        return sink;
    }

    /** A flag as STORE and APPEND name it. */
    public String flag() {
        return take('\\') ? '\\' + atom() : atom();
    }
}
