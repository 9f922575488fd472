package org.mailrack.smtp.internal;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import org.mailrack.api.filter.Verdict;

/**
 * An answer to a client, encoded once when it is made (RFC 5321 section 4.2, RFC 2034). Immutable. Whatever the text contains,
 * it cannot break out of its line.
 */
final class Reply {

    /** RFC 5321 section 4.5.3.1.5, less code, separator and CRLF. */
    private static final int MAX_TEXT = 512 - 6;

    private static final Pattern ENHANCED = Pattern.compile("[245]\\.\\d{1,3}\\.\\d{1,3}");

    private final int code;
    private final byte[] octets;

    private Reply(int code, byte[] octets) {
        this.code = code;
        this.octets = octets;
    }

    /** A reply with an enhanced status code (RFC 3463); one that does not fit the code is replaced by {@code x.0.0}. */
    static Reply of(int code, String enhancedCode, String text) {
        String enhanced = ENHANCED.matcher(enhancedCode).matches() && enhancedCode.charAt(0) == '0' + code / 100
                ? enhancedCode
                : code / 100 + ".0.0";
        return plain(code, enhanced + ' ' + text);
    }

    /** A reply without enhanced status code: the greeting, and answers to HELO, EHLO, LHLO and AUTH challenges. */
    static Reply plain(int code, String text) {
        return lines(code, List.of(text));
    }

    /** A reply of several lines without enhanced status code. */
    static Reply lines(int code, List<String> lines) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            all.append(code).append(i + 1 < lines.size() ? '-' : ' ');
            append(lines.get(i), all);
            all.append("\r\n");
        }
        return new Reply(code, all.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** A reply of several lines, each with the enhanced status code (RFC 2034 section 4). */
    static Reply lines(int code, String enhancedCode, List<String> lines) {
        return lines(code, lines.stream().map(line -> enhancedCode + ' ' + line).toList());
    }

    /** An AUTH challenge, whose length is the mechanism's affair. */
    static Reply challenge(String base64) {
        return new Reply(334, ("334 " + base64 + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * What a filter's verdict makes the answer to a command.
     *
     * @return empty when the filters have nothing against it
     */
    static Optional<Reply> refusal(Verdict verdict, int rejectCode, int deferCode) {
        if (verdict instanceof Verdict.Reject reject) {
            return Optional.of(of(rejectCode, reject.enhancedCode(), reject.text()));
        }
        if (verdict instanceof Verdict.Defer defer) {
            return Optional.of(of(deferCode, defer.enhancedCode(), defer.text()));
        }
        return Optional.empty();
    }

    private static void append(String text, StringBuilder to) {
        int length = Math.min(text.length(), MAX_TEXT);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            to.append(c < ' ' ? ' ' : c < 0x7f ? c : '?');
        }
    }

    int code() {
        return code;
    }

    /** Whether it says yes (2yz) or go on (3yz). */
    boolean positive() {
        return code < 400;
    }

    /** Its octets on the wire; not to be changed. */
    byte[] octets() {
        return octets;
    }

    /** It without its line end, for the log. */
    @Override
    public String toString() {
        return new String(octets, StandardCharsets.US_ASCII).stripTrailing();
    }
}
