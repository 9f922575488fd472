package org.mailrack.directory.internal;

/** Makes what a client sent fit for one field of a log line: no white space, no controls, not long. */
final class LogText {

    private static final int MAX = 128;

    private LogText() {}

    static String of(String text) {
        StringBuilder clean = new StringBuilder();
        for (int i = 0; i < text.length() && clean.length() < MAX; i++) {
            char c = text.charAt(i);
            boolean harmless = c > ' ' && c < 0x7f && c != '=' && c != '"' || c >= 0xa0 && Character.isLetterOrDigit(c);
            clean.append(harmless ? c : '?');
        }
        return clean.toString();
    }
}
