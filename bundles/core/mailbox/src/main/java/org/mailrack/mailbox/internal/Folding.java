package org.mailrack.mailbox.internal;

import java.text.Normalizer;
import java.util.Locale;

/**
 * Text as a search compares it: compatibility-composed (NFKC), so that a full-width letter or a ligature is what it looks like, then
 * in upper and from there in lower case, so that letters that differ in case only are one, and white space of any length as one space,
 * so that a search finds what a line end divides.
 */
final class Folding {

    private Folding() {}

    static String fold(CharSequence text) {
        String composed = Normalizer.normalize(text, Normalizer.Form.NFKC);
        String folded = composed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        StringBuilder spaced = null;
        boolean inSpace = false;
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            boolean space = c <= ' ' && Character.isWhitespace(c) || c > 0x7f && Character.isWhitespace(c);
            if (space && (inSpace || c != ' ') && spaced == null) {
                spaced = new StringBuilder(folded.length()).append(folded, 0, i);
            }
            if (spaced != null && !(space && inSpace)) {
                spaced.append(space ? ' ' : c);
            }
            inSpace = space;
        }
        return spaced == null ? folded : spaced.toString();
    }
}
