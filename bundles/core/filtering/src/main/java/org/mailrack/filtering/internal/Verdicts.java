package org.mailrack.filtering.internal;

import java.util.Map;
import java.util.Set;

import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.Envelope;

/** Looks at what a filter says before it is believed. */
final class Verdicts {

    /** Edits of one verdict. */
    static final int MAX_EDITS = 1000;

    private static final int MAX_TEXT = 200;

    /** What the server itself says of a mail. */
    private static final Set<String> RESERVED = Set.of(
            Envelope.AUTHENTICATED,
            Envelope.CLIENT_ADDRESS,
            Envelope.HELO,
            Envelope.WITH,
            Envelope.BODY,
            Envelope.SMTPUTF8);

    private Verdicts() {}

    /**
     * Checks a verdict.
     *
     * @throws FilterFailure when it is none that a filter may give
     */
    static void check(Verdict verdict, boolean message, int maxAttributes) throws FilterFailure {
        if (verdict instanceof Verdict.Tag tag) {
            if (!message && !tag.edits().isEmpty()) {
                throw wrong("edits the header of a message that is not there yet");
            }
            if (tag.edits().size() > MAX_EDITS) {
                throw wrong("gave more than " + MAX_EDITS + " edits");
            }
            checkAttributes(tag.attributes(), maxAttributes);
        } else if (verdict instanceof Verdict.Defer defer) {
            checkReply('4', defer.enhancedCode(), defer.text());
        } else if (verdict instanceof Verdict.Reject reject) {
            checkReply('5', reject.enhancedCode(), reject.text());
        }
    }

    private static void checkAttributes(Map<String, String> attributes, int max) throws FilterFailure {
        long size = 0;
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            if (RESERVED.contains(attribute.getKey())) {
                throw wrong("sets the attribute " + attribute.getKey() + ", which is the server's own");
            }
            size += attribute.getKey().length() + attribute.getValue().length();
        }
        if (size > max) {
            throw wrong("gave more than " + max + " characters of attributes");
        }
    }

    /** RFC 3463 section 2. */
    private static void checkReply(char kind, String code, String text) throws FilterFailure {
        if (code == null
                || code.length() > 9
                || !code.matches("[245]\\.\\d{1,3}\\.\\d{1,3}")
                || code.charAt(0) != kind) {
            throw wrong("gave a reply without a code of class " + kind);
        }
        if (text == null) {
            throw wrong("gave a reply without a text");
        }
    }

    private static FilterFailure wrong(String how) {
        return new FilterFailure(FilterFailure.Kind.ITS_OWN, how);
    }

    /** A verdict in one line, for the log. */
    static String shown(Verdict verdict) {
        String text = verdict.toString();
        return (text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text).replaceAll("\\p{Cntrl}", " ");
    }
}
