package org.mailrack.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Results as a table on the screen: numbers to the right, the rest to the left. */
public final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... columns) {
        rows.add(List.of(columns));
    }

    public void row(Object... cells) {
        if (cells.length != rows.get(0).size()) {
            throw new IllegalArgumentException(
                    "a row of " + cells.length + " in a table of " + rows.get(0).size());
        }
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(text(cell));
        }
        rows.add(row);
    }

    /** Three digits that count, so that nobody reads noise. */
    static String text(Object cell) {
        if (!(cell instanceof Double)) {
            return String.valueOf(cell);
        }
        double value = (Double) cell;
        if (Double.isNaN(value)) {
            return "-";
        }
        String format = Math.abs(value) >= 100 ? "%,.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }

    @Override
    public String toString() {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String blanks = " ".repeat(widths[i] - row.get(i).length());
                boolean right = numeric(i);
                line.append(i == 0 ? "" : "  ")
                        .append(right ? blanks : "")
                        .append(row.get(i))
                        .append(right ? "" : blanks);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private boolean numeric(int column) {
        return rows.size() > 1
                && rows.stream().skip(1).allMatch(row -> row.get(column).matches("-|-?[0-9][0-9.,]*[x%]?"));
    }
}
