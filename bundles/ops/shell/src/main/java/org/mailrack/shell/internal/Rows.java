package org.mailrack.shell.internal;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a listing command returned, as rows with named columns. */
final class Rows {

    private static final String ONLY_COLUMN = "value";

    private Rows() {}

    /** Rows of a collection, an array, a map or a record; empty if it is nothing of the kind. */
    static Optional<List<Map<String, Object>>> of(Object result) {
        if (result instanceof Map<?, ?> || result instanceof Record) {
            return Optional.of(List.of(row(result)));
        }
        if (result instanceof Collection<?> values) {
            return Optional.of(values.stream().map(Rows::row).toList());
        }
        if (result != null && result.getClass().isArray()) {
            return Optional.of(elements(result).stream().map(Rows::row).toList());
        }
        return Optional.empty();
    }

    /** Whether a table shows it well: an object of another bundle's own kind is better left to Gogo's converters. */
    static boolean tabular(Object result) {
        Collection<?> values = result instanceof Collection<?> collection
                ? collection
                : result.getClass().isArray() ? elements(result) : List.of(result);
        return values.stream()
                .allMatch(value -> value == null
                        || value instanceof Map<?, ?>
                        || value instanceof Record
                        || value instanceof CharSequence
                        || value instanceof Number
                        || value instanceof Boolean);
    }

    private static Map<String, Object> row(Object value) {
        Map<String, Object> row = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, field) -> row.put(String.valueOf(key), field));
        } else if (value instanceof Record fields) {
            row.putAll(fields(fields));
        } else {
            row.put(ONLY_COLUMN, value);
        }
        return row;
    }

    static Map<String, Object> fields(Record row) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (RecordComponent component : row.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                fields.put(component.getName(), component.getAccessor().invoke(row));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("cannot read " + component, e);
            }
        }
        return fields;
    }

    static List<Object> elements(Object array) {
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(array); i++) {
            elements.add(Array.get(array, i));
        }
        return elements;
    }

    /** Columns side by side under their names; nothing for no rows. */
    static String table(List<Map<String, Object>> rows) {
        if (rows.isEmpty()) {
            return "";
        }
        Set<String> columns = new LinkedHashSet<>();
        rows.forEach(row -> columns.addAll(row.keySet()));
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream().map(Rows::printable).toList());
        for (Map<String, Object> row : rows) {
            lines.add(columns.stream().map(column -> cell(row.get(column))).toList());
        }
        int[] widths = new int[columns.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(line.get(i)));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder padded = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                padded.append(line.get(i));
                if (i < widths.length - 1) {
                    padded.append(" ".repeat(widths[i] - width(line.get(i)) + 2));
                }
            }
            text.append(padded.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String cell(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Optional<?> optional) {
            return cell(optional.orElse(null));
        }
        if (value instanceof Collection<?> values) {
            return String.join(", ", values.stream().map(Rows::cell).toList());
        }
        if (value instanceof Map<?, ?> values) {
            return String.join(
                    ", ",
                    values.entrySet().stream()
                            .map(entry -> cell(entry.getKey()) + ' ' + cell(entry.getValue()))
                            .sorted()
                            .toList());
        }
        if (value.getClass().isArray()) {
            return cell(elements(value));
        }
        return printable(value.toString());
    }

    /** Without what would steer a terminal. */
    static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || c == 0x2028
                                || c == 0x2029
                        ? '?'
                        : c)
                .forEach(printable::appendCodePoint);
        return printable.toString();
    }
}
