package org.mailrack.mailbox.internal;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Pattern;

import org.mailrack.api.mailbox.MailboxInfo;

/** Which names mailboxes can have (RFC 9051 section 5.1), in the one form in which they are stored. */
final class MailboxNames {

    private static final String INBOX = MailboxInfo.INBOX;
    private static final char SEPARATOR = MailboxInfo.SEPARATOR;
    private static final Pattern ATTRIBUTE = Pattern.compile("[A-Za-z0-9$_-]{1,64}");

    private MailboxNames() {}

    /**
     * A name in its stored form: composed Unicode (NFC), INBOX in capitals also as the first of several levels.
     *
     * @throws IllegalArgumentException when it is no mailbox name
     */
    static String checked(String name, MailboxLimits limits) {
        // Composing shortens, or lengthens by little: look at the length first, so that nobody makes us compose
        // megabytes.
        if (name.length() > 4 * limits.maxNameLength()) {
            throw tooLong(limits);
        }
        String form = Normalizer.normalize(name, Normalizer.Form.NFC);
        if (form.length() > limits.maxNameLength()) {
            throw tooLong(limits);
        }
        int depth = 1;
        int levelStart = 0;
        for (int i = 0; i <= form.length(); i++) {
            if (i == form.length() || form.charAt(i) == SEPARATOR) {
                if (i == levelStart) {
                    throw new IllegalArgumentException("a mailbox name has no empty level");
                }
                levelStart = i + 1;
                depth += i < form.length() ? 1 : 0;
            } else if (isControl(form.charAt(i))) {
                throw new IllegalArgumentException("a mailbox name has no control character");
            }
        }
        if (depth > limits.maxDepth()) {
            throw new IllegalArgumentException("a mailbox name has at most " + limits.maxDepth() + " levels");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(form)) {
            throw new IllegalArgumentException("a mailbox name is Unicode text");
        }
        return isInbox(form, form.indexOf(SEPARATOR)) ? INBOX + form.substring(INBOX.length()) : form;
    }

    private static IllegalArgumentException tooLong(MailboxLimits limits) {
        return new IllegalArgumentException("a mailbox name has at most " + limits.maxNameLength() + " characters");
    }

    /** As {@link #checked}, but empty for what is no name: such a mailbox is not there. */
    static Optional<String> form(String name, MailboxLimits limits) {
        try {
            return Optional.of(checked(name, limits));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether the first level is INBOX. ASCII only: to Java, a dotless i is an I in the other case. */
    private static boolean isInbox(String name, int firstSeparator) {
        int length = firstSeparator < 0 ? name.length() : firstSeparator;
        if (length != INBOX.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            if (c != INBOX.charAt(i) && c != INBOX.charAt(i) + 32) {
                return false;
            }
        }
        return true;
    }

    /** Controls, and the line and paragraph separators that some take for line ends. */
    private static boolean isControl(char c) {
        return c < 0x20 || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029;
    }

    /** The name above, or empty at the top. */
    static Optional<String> parent(String name) {
        int at = name.lastIndexOf(SEPARATOR);
        return at < 0 ? Optional.empty() : Optional.of(name.substring(0, at));
    }

    /** Whether the first name is somewhere below the second. */
    static boolean isBelow(String name, String above) {
        return name.length() > above.length() && name.startsWith(above) && name.charAt(above.length()) == SEPARATOR;
    }

    /** INBOX first, then as the names are. */
    static int compare(MailboxInfo a, MailboxInfo b) {
        boolean first = a.name().equals(INBOX);
        return first != b.name().equals(INBOX) ? (first ? -1 : 1) : a.name().compareTo(b.name());
    }

    /** Checks the form of a special-use attribute (RFC 6154), without backslash. */
    static void checkAttribute(Optional<String> specialUse) {
        if (specialUse.isPresent() && !ATTRIBUTE.matcher(specialUse.get()).matches()) {
            throw new IllegalArgumentException("not a special-use attribute");
        }
    }
}
