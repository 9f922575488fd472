package org.mailrack.api.mail;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One mailbox address, {@code local-part@domain} (RFC 5321 section 4.1.2; UTF-8 as in RFC 6531 section 3.3).
 *
 * <p>This is the one strict address parser of the rack. The domain is kept in lower case; the local part is kept as written,
 * without quotes that it does not need, so that {@code "bob"@x.org} equals {@code bob@x.org}. Immutable.
 *
 * @param localPart the local part, unquoted
 * @param domain the domain in lower case, or an address literal with its brackets
 */
public record MailAddress(String localPart, String domain) {

    /** Octets that RFC 5321 section 4.5.3.1.1 allows in a local part. */
    public static final int MAX_LOCAL_PART = 64;
    /** Octets that RFC 5321 section 4.5.3.1.2 allows in a domain. */
    public static final int MAX_DOMAIN = 255;
    /** Octets that RFC 5321 section 4.5.3.1.3 allows in a path, less its angle brackets. */
    public static final int MAX_LENGTH = 254;

    /** Checks both parts; prefer {@link #parse}. */
    public MailAddress {
        checkLocalPart(localPart);
        domain = checkDomain(domain);
        if (octets(localPart) + 1 + octets(domain) > MAX_LENGTH) {
            throw new AddressException("address longer than " + MAX_LENGTH + " octets");
        }
    }

    /**
     * Parses an address without angle brackets, source route, comment or white space.
     *
     * @throws AddressException if the text is not an RFC 5321 {@code Mailbox}
     */
    public static MailAddress parse(String text) {
        if (text.length() > 2 * MAX_LENGTH) {
            throw new AddressException("address longer than " + MAX_LENGTH + " octets");
        }
        int at;
        String local;
        if (text.startsWith("\"")) {
            StringBuilder unquoted = new StringBuilder();
            int close = unquote(text, unquoted);
            at = close + 1;
            local = unquoted.toString();
        } else {
            at = text.indexOf('@');
            local = at < 0 ? text : text.substring(0, at);
            if (!isDotString(local)) {
                throw new AddressException("local part is no dot-string");
            }
        }
        if (at < 0 || at >= text.length() || text.charAt(at) != '@') {
            throw new AddressException("no '@' after the local part");
        }
        return new MailAddress(local, text.substring(at + 1));
    }

    /** Whether the address needs SMTPUTF8 (RFC 6531) to be transported. */
    public boolean needsUtf8() {
        return !isAscii(localPart) || !isAscii(domain);
    }

    /** The address in lower case, as accounts and aliases are looked up. */
    public String key() {
        return toString().toLowerCase(Locale.ROOT);
    }

    /** The address as it is written on the wire, the local part quoted where it must be. */
    @Override
    public String toString() {
        return (isDotString(localPart) ? localPart : quote(localPart)) + '@' + domain;
    }

    private static int unquote(String text, StringBuilder into) {
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i;
            }
            if (c == '\\') {
                i++;
                if (i == text.length() || text.charAt(i) < ' ' || text.charAt(i) > '~') {
                    throw new AddressException("broken quoted-pair in the local part");
                }
                c = text.charAt(i);
            }
            into.append(c);
        }
        throw new AddressException("quoted local part is not closed");
    }

    private static String quote(String local) {
        return '"' + local.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static void checkLocalPart(String local) {
        if (local.isEmpty()) {
            throw new AddressException("empty local part");
        }
        if (octets(local) > MAX_LOCAL_PART) {
            throw new AddressException("local part longer than " + MAX_LOCAL_PART + " octets");
        }
        for (int i = 0; i < local.length(); i++) {
            char c = local.charAt(i);
            if (c < ' ' || c == 0x7f || c >= 0x80 && c < 0xa0 || c == 0x2028 || c == 0x2029) {
                throw new AddressException("control character in the local part");
            }
        }
        checkSurrogates(local);
    }

    private static String checkDomain(String domain) {
        if (domain.isEmpty()) {
            throw new AddressException("empty domain");
        }
        if (octets(domain) > MAX_DOMAIN) {
            throw new AddressException("domain longer than " + MAX_DOMAIN + " octets");
        }
        if (domain.charAt(0) == '[') {
            return checkLiteral(domain);
        }
        checkSurrogates(domain);
        int labelStart = 0;
        for (int i = 0; i <= domain.length(); i++) {
            if (i < domain.length() && domain.charAt(i) != '.') {
                char c = domain.charAt(i);
                boolean hyphenInside =
                        c == '-' && i > labelStart && i + 1 < domain.length() && domain.charAt(i + 1) != '.';
                if (!hyphenInside && !isAlphaNumeric(c) && c != '_' && !isUtf8NonControl(c)) {
                    throw new AddressException("domain has a character that no host name has");
                }
                continue;
            }
            if (i == labelStart || octets(domain.substring(labelStart, i)) > 63) {
                throw new AddressException("domain has an empty or too long label");
            }
            labelStart = i + 1;
        }
        return domain.toLowerCase(Locale.ROOT);
    }

    private static String checkLiteral(String domain) {
        if (domain.length() < 3 || domain.indexOf(']') != domain.length() - 1) {
            throw new AddressException("address literal is not closed");
        }
        for (int i = 1; i < domain.length() - 1; i++) {
            char c = domain.charAt(i);
            if (!isAlphaNumeric(c) && c != '.' && c != ':' && c != '-') {
                throw new AddressException("broken address literal");
            }
        }
        return domain.toLowerCase(Locale.ROOT);
    }

    private static boolean isDotString(String text) {
        boolean atomOpen = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (!atomOpen) {
                    return false;
                }
                atomOpen = false;
            } else if (isAlphaNumeric(c) || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0 || isUtf8NonControl(c)) {
                atomOpen = true;
            } else {
                return false;
            }
        }
        return atomOpen;
    }

    private static void checkSurrogates(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new AddressException("not Unicode text");
        }
    }

    private static boolean isAlphaNumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    private static boolean isUtf8NonControl(char c) {
        return c >= 0xa0
                && !Character.isWhitespace(c)
                && !Character.isSpaceChar(c)
                && Character.getType(c) != Character.FORMAT;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
