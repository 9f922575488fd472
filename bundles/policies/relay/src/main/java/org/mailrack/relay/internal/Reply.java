package org.mailrack.relay.internal;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.mailrack.api.delivery.Outcome;

/**
 * An SMTP reply (RFC 5321 section 4.2). Immutable.
 *
 * @param code the three digits
 * @param lines the texts behind the code, at least one, printable
 */
record Reply(int code, List<String> lines) {

    private static final Pattern ENHANCED = Pattern.compile("([245]\\.\\d{1,3}\\.\\d{1,3})(?= |$)");
    private static final int MAX_TEXT = 500;

    Reply {
        lines = List.copyOf(lines);
    }

    boolean positive() {
        return code >= 200 && code < 300;
    }

    boolean temporary() {
        return code >= 400 && code < 500;
    }

    /** The server ends the conversation (RFC 5321 section 3.8). */
    boolean closing() {
        return code == 421;
    }

    /** The enhanced code (RFC 2034) if there is one of the right class, else the class and two zeros. */
    String enhancedCode() {
        Matcher matcher = ENHANCED.matcher(lines.get(0));
        if (matcher.lookingAt() && matcher.group(1).charAt(0) == Character.forDigit(code / 100, 10)) {
            return matcher.group(1);
        }
        return code / 100 + ".0.0";
    }

    /** The reply in one line. */
    String text() {
        String text = code + " " + String.join(" ", lines);
        return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text.trim();
    }

    /** What this reply means for a recipient that it refuses. */
    Outcome refusal(String host) {
        if (code >= 500) {
            return new Outcome.Failed(enhancedCode(), host, text());
        }
        String enhanced = temporary() ? enhancedCode() : "4.5.0";
        return new Outcome.Deferred(enhanced, host, text());
    }
}
