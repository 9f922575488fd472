package org.mailrack.benchmarks.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.StringJoiner;

/** Results for other programs: one JSON object a line, added to a file. */
public final class JsonLines {

    private final Path file;

    public JsonLines(Path file) {
        this.file = file;
    }

    public void add(Map<String, ?> values) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                format(values) + "\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** Numbers and truth values as such, a number that is none as null, all else as a string. */
    static String format(Map<String, ?> values) {
        StringJoiner object = new StringJoiner(",", "{", "}");
        values.forEach((name, value) -> object.add(quote(name) + ":" + value(value)));
        return object.toString();
    }

    private static String value(Object value) {
        if (value == null || value instanceof Double number && !Double.isFinite(number)) {
            return "null";
        }
        return value instanceof Number || value instanceof Boolean ? value.toString() : quote(value.toString());
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
