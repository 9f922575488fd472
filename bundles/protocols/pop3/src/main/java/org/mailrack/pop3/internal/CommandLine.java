package org.mailrack.pop3.internal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A command taken apart: the keyword in upper case, and what comes after the first space, as octets that {@link #wipe} clears,
 * because they may be a password.
 */
final class CommandLine {

    /** RFC 1939 section 3 has keywords of three or four letters; our own of today have no more either. */
    private static final int MAX_KEYWORD = 16;

    private final String keyword;
    private final byte[] argument;
    private final boolean present;

    private CommandLine(String keyword, byte[] argument, boolean present) {
        this.keyword = keyword;
        this.argument = argument;
        this.present = present;
    }

    /** Takes a line apart; empty when it has no keyword, or a control character in it. The line is wiped. */
    static Optional<CommandLine> parse(byte[] line) {
        int length = 0;
        while (length < line.length && line[length] != ' ') {
            byte c = line[length];
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') || length == MAX_KEYWORD) {
                return Optional.empty();
            }
            length++;
        }
        if (length == 0) {
            return Optional.empty();
        }
        for (byte c : line) {
            if (c >= 0 && c < ' ' || c == 0x7f) {
                return Optional.empty();
            }
        }
        String keyword = new String(line, 0, length, StandardCharsets.US_ASCII).toUpperCase(Locale.ROOT);
        boolean present = length < line.length;
        byte[] argument = present ? Arrays.copyOfRange(line, length + 1, line.length) : new byte[0];
        Arrays.fill(line, (byte) 0);
        return Optional.of(new CommandLine(keyword, argument, present));
    }

    String keyword() {
        return keyword;
    }

    /** Whether the line ends behind the keyword, but for spaces. */
    boolean isBare() {
        for (byte c : argument) {
            if (c != ' ') {
                return false;
            }
        }
        return true;
    }

    /** Everything behind the first space as characters that the caller wipes; absent when it is empty or not UTF-8. */
    Optional<char[]> rest() {
        if (!present || argument.length == 0) {
            return Optional.empty();
        }
        try {
            // A new decoder reports what is malformed.
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(argument));
            char[] chars = new char[text.remaining()];
            text.get(chars);
            Arrays.fill(text.array(), '\0');
            return Optional.of(chars);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The words behind the keyword; one that is not ASCII becomes something that no command knows. */
    List<String> words() {
        String text = new String(argument, StandardCharsets.US_ASCII).strip();
        return text.isEmpty() ? List.of() : List.of(text.split(" +"));
    }

    void wipe() {
        Arrays.fill(argument, (byte) 0);
    }
}
