package org.mailrack.shell.internal;

import java.util.ArrayList;
import java.util.List;

/** The text of a settings file, of which one setting is changed and all else, comments too, stays as the operator wrote it. */
final class SettingsText {

    private SettingsText() {}

    /** The text with that setting; where it was, and what is after it the same. */
    static String set(String text, String key, String value) {
        return change(text, key, escaped(key, true) + '=' + escaped(value, false));
    }

    /** The text without that setting. */
    static String unset(String text, String key) {
        return change(text, key, null);
    }

    private static String change(String text, String key, String line) {
        List<String> lines = new ArrayList<>();
        boolean done = line == null;
        List<String> old = text.lines().toList();
        for (int i = 0; i < old.size(); ) {
            int end = end(old, i);
            if (key.equals(key(old.get(i)))) {
                if (!done) {
                    lines.add(line);
                    done = true;
                }
            } else {
                lines.addAll(old.subList(i, end));
            }
            i = end;
        }
        if (!done) {
            lines.add(line);
        }
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    /** The number of the line after the logical line that begins there: a backslash at its end goes on in the next. */
    private static int end(List<String> lines, int begin) {
        int at = begin;
        if (!comment(lines.get(at))) {
            while (at + 1 < lines.size() && continued(lines.get(at))) {
                at++;
            }
        }
        return at + 1;
    }

    private static boolean comment(String line) {
        String stripped = line.stripLeading();
        return stripped.isEmpty() || stripped.charAt(0) == '#' || stripped.charAt(0) == '!';
    }

    private static boolean continued(String line) {
        int backslashes = 0;
        while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    /** The key of a line as {@link java.util.Properties} reads it; empty when it has none. */
    private static String key(String line) {
        if (comment(line)) {
            return "";
        }
        String stripped = line.stripLeading();
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < stripped.length(); i++) {
            char c = stripped.charAt(i);
            if (c == '\\' && i + 1 < stripped.length()) {
                key.append(stripped.charAt(++i));
            } else if (c == '=' || c == ':' || Character.isWhitespace(c)) {
                break;
            } else {
                key.append(c);
            }
        }
        return key.toString();
    }

    private static String escaped(String text, boolean key) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\'
                    || key && (c == '=' || c == ':' || c == ' ')
                    || i == 0 && (c == '#' || c == '!' || c == ' ')) {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }
}
