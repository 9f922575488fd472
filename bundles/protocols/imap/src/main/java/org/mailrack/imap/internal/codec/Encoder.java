package org.mailrack.imap.internal.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;

/** Collects output: knows when a string can be quoted, when it must be a literal, and when it is NIL. */
public final class Encoder {

    /** Longer strings go as literals: some clients limit the length of a line. */
    private static final int MAX_QUOTED = 2000;

    private final int first;
    private byte[] octets;
    private int length;

    /** For short output. */
    public Encoder() {
        this(256);
    }

    /** For output of mostly so many octets at once. */
    public Encoder(int expected) {
        first = expected;
        octets = new byte[expected];
    }

    /** Octets so far. */
    public int length() {
        return length;
    }

    /** What was collected; the encoder is empty again. */
    public ByteBuffer take() {
        ByteBuffer taken = ByteBuffer.wrap(octets, 0, length);
        octets = new byte[first];
        length = 0;
        return taken;
    }

    /** What was collected, as text for tests and short answers. */
    @Override
    public String toString() {
        return new String(octets, 0, length, StandardCharsets.UTF_8);
    }

    private void room(int count) {
        if (octets.length - length < count) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, length + count));
        }
    }

    /** Text that is known to be fit for the wire as it stands. */
    public Encoder raw(String text) {
        int count = text.length();
        room(count);
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c > 0x7f) {
                return raw(text.substring(i).getBytes(StandardCharsets.UTF_8));
            }
            octets[length++] = (byte) c;
        }
        return this;
    }

    /** Octets as they stand. */
    public Encoder raw(byte[] bytes) {
        return raw(bytes, 0, bytes.length);
    }

    /** Octets as they stand. */
    public Encoder raw(byte[] bytes, int offset, int count) {
        room(count);
        System.arraycopy(bytes, offset, octets, length, count);
        length += count;
        return this;
    }

    /** What another one collected. */
    public Encoder append(Encoder other) {
        return raw(other.octets, 0, other.length);
    }

    /** One character of ASCII. */
    public Encoder raw(char c) {
        room(1);
        octets[length++] = (byte) c;
        return this;
    }

    /** A number. */
    public Encoder number(long value) {
        if (value < 0) {
            return raw(Long.toString(value));
        }
        int digits = 1;
        for (long more = value; more > 9; more /= 10) {
            digits++;
        }
        room(digits);
        length += digits;
        long rest = value;
        for (int at = length - 1; at >= length - digits; at--) {
            octets[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return this;
    }

    /** The line end. */
    public Encoder crlf() {
        return raw('\r').raw('\n');
    }

    /** A string: quoted when it can be, else a literal. NUL, which no string can hold, becomes U+FFFD. */
    public Encoder string(String text) {
        if (!quotable(text)) {
            byte[] utf8 = text.replace('\0', '\ufffd').getBytes(StandardCharsets.UTF_8);
            return literal(utf8.length).raw(utf8);
        }
        raw('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                raw('\\');
            }
            raw(c);
        }
        return raw('"');
    }

    private static boolean quotable(String text) {
        if (text.length() > MAX_QUOTED) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' && c != '\t' || c >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** A string, or NIL when it is absent. */
    public Encoder nstring(Optional<String> text) {
        return text.isPresent() ? string(text.get()) : nil();
    }

    /** NIL. */
    public Encoder nil() {
        return raw("NIL");
    }

    /** The head of a literal; its octets follow. */
    public Encoder literal(long count) {
        return raw('{').number(count).raw('}').crlf();
    }

    /** A mailbox name, encoded. */
    public Encoder mailbox(String name) {
        return string(ModifiedUtf7.encode(name));
    }

    /** Words in parentheses. */
    public Encoder list(Collection<String> words) {
        return raw('(').raw(String.join(" ", words)).raw(')');
    }
}
