package org.mailrack.mailbox.internal;

import java.io.IOException;
import java.io.Reader;

/** Looks for a folded text in a stream of characters, holding a few thousand of them at a time. */
final class TextMatcher {

    private static final int STEP = 8192;

    private final String needle;
    private final StringBuilder raw = new StringBuilder();
    private final StringBuilder folded = new StringBuilder();
    private boolean found;

    TextMatcher(String foldedNeedle) {
        needle = foldedNeedle;
        found = needle.isEmpty();
    }

    /** Whether the text is in what the reader gives. Stops reading when it is found. */
    static boolean find(Reader in, String foldedNeedle) throws IOException {
        TextMatcher matcher = new TextMatcher(foldedNeedle);
        char[] buffer = new char[STEP];
        int count = 0;
        while (!matcher.found && (count = in.read(buffer)) >= 0) {
            matcher.add(buffer, count);
        }
        return matcher.end();
    }

    /** Takes more text in; true once the needle was found. */
    boolean add(char[] text, int count) {
        raw.append(text, 0, count);
        if (!found && raw.length() >= STEP) {
            fold(safeCut());
        }
        return found;
    }

    /** Ends the text. */
    boolean end() {
        if (!found) {
            fold(raw.length());
        }
        return found;
    }

    /** Where the text can be cut so that what composes stays together: before an ASCII character, or at worst any letter. */
    private int safeCut() {
        for (int i = raw.length() - 1; i > 0; i--) {
            if (raw.charAt(i) < 0x80) {
                return i;
            }
        }
        for (int i = raw.length() - 1; i > raw.length() / 2; i--) {
            if (Character.isLetter(raw.charAt(i))) {
                return i;
            }
        }
        return Character.isHighSurrogate(raw.charAt(raw.length() - 1)) ? raw.length() - 1 : raw.length();
    }

    private void fold(int cut) {
        String more = Folding.fold(raw.substring(0, cut));
        raw.delete(0, cut);
        // A run of white space may have been cut.
        boolean doubled = folded.length() > 0
                && folded.charAt(folded.length() - 1) == ' '
                && !more.isEmpty()
                && more.charAt(0) == ' ';
        folded.append(more, doubled ? 1 : 0, more.length());
        found = folded.indexOf(needle) >= 0;
        folded.delete(0, Math.max(0, folded.length() - needle.length()));
    }
}
