package org.mailrack.smtp.internal;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The argument of MAIL and RCPT: a path in angle brackets and ESMTP parameters (RFC 5321 section 4.1.2). A source route is read
 * and ignored (appendix C). White space after the colon is taken, as real clients send it; nothing else is forgiven.
 *
 * @param path what stands in the brackets, less a source route; not yet checked to be an address
 * @param parameters values by upper-case keyword, in order; a parameter without value has an empty one
 */
record PathArgument(String path, Map<String, String> parameters) {

    /** A parameter is not written as RFC 5321 section 4.1.2 has it, or appears twice. */
    static final class ParameterException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** More parameters than any client has use for. */
    private static final int MAX_PARAMETERS = 16;

    /**
     * Parses an argument.
     *
     * @param keyword {@code FROM:} or {@code TO:}
     * @return null when there is no such path
     * @throws ParameterException when the path is good but what follows is not
     */
    static PathArgument parse(String argument, String keyword) throws ParameterException {
        if (!argument.regionMatches(true, 0, keyword, 0, keyword.length())) {
            return null;
        }
        int open = skipSpaces(argument, keyword.length());
        if (open >= argument.length() || argument.charAt(open) != '<') {
            return null;
        }
        int start = skipSourceRoute(argument, open + 1);
        int close = start < 0 ? -1 : closingBracket(argument, start);
        if (close < 0) {
            return null;
        }
        String path = argument.substring(start, close);
        return new PathArgument(path, parameters(argument, close + 1));
    }

    private static int skipSpaces(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at;
    }

    /** {@code @relay1,@relay2:}; returns where the mailbox begins, or -1 when the route has no end. */
    private static int skipSourceRoute(String text, int from) {
        if (from >= text.length() || text.charAt(from) != '@') {
            return from;
        }
        int colon = from;
        int bracket = 0;
        for (; colon < text.length(); colon++) {
            char c = text.charAt(colon);
            // An IPv6 address literal has colons of its own.
            bracket += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (c == ':' && bracket == 0) {
                return colon + 1;
            }
            if (c == '>' || c == '"' || c == ' ') {
                return -1;
            }
        }
        return -1;
    }

    private static int closingBracket(String text, int from) {
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '>' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static Map<String, String> parameters(String text, int from) throws ParameterException {
        if (from == text.length()) {
            return Map.of();
        }
        if (text.charAt(from) != ' ') {
            throw new ParameterException();
        }
        Map<String, String> found = new LinkedHashMap<>();
        int at = skipSpaces(text, from);
        while (at < text.length()) {
            int end = text.indexOf(' ', at);
            end = end < 0 ? text.length() : end;
            int equals = text.indexOf('=', at);
            boolean hasValue = equals >= 0 && equals < end;
            String keyword = text.substring(at, hasValue ? equals : end);
            String value = hasValue ? text.substring(equals + 1, end) : "";
            if (!isKeyword(keyword)
                    || hasValue && (value.isEmpty() || value.indexOf('=') >= 0)
                    || found.size() == MAX_PARAMETERS
                    || found.put(keyword.toUpperCase(Locale.ROOT), value) != null) {
                throw new ParameterException();
            }
            at = skipSpaces(text, end);
        }
        return found;
    }

    private static boolean isKeyword(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphaNumeric = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!alphaNumeric && (c != '-' || i == 0)) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
