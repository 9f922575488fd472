package org.mailrack.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The options of a benchmark, {@code --name value}; what nobody asks for is an error. */
public final class Options {

    private final Map<String, String> values;
    private final TreeSet<String> known = new TreeSet<>();

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /** A name without a value is {@code true}. */
    public static Options parse(List<String> words) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("--") || word.length() == 2) {
                throw new IllegalArgumentException("not an option: " + word);
            }
            boolean valued = i + 1 < words.size() && !words.get(i + 1).startsWith("--");
            values.put(word.substring(2), valued ? words.get(++i) : "true");
        }
        return new Options(values);
    }

    public String text(String name, String other) {
        known.add(name);
        return values.getOrDefault(name, other);
    }

    public boolean flag(String name) {
        return Boolean.parseBoolean(text(name, "false"));
    }

    public int number(String name, int other) {
        return (int) parse(name, text(name, Integer.toString(other)));
    }

    /** Numbers between commas. */
    public List<Integer> numbers(String name, String other) {
        List<Integer> numbers = new ArrayList<>();
        for (String part : text(name, other).split(",")) {
            numbers.add((int) parse(name, part));
        }
        return numbers;
    }

    /** To be called when all options were asked for, before anything is started. */
    public void rejectUnknown() {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "unknown option --" + name + "; there are --" + String.join(", --", known));
            }
        }
    }

    /** With k for 1,000, Ki for 1,024 and M for 1,000,000. */
    private static long parse(String name, String text) {
        long factor = 1;
        String digits = text;
        if (text.endsWith("Ki")) {
            factor = 1024;
            digits = text.substring(0, text.length() - 2);
        } else if (text.endsWith("k")) {
            factor = 1000;
            digits = text.substring(0, text.length() - 1);
        } else if (text.endsWith("M")) {
            factor = 1_000_000;
            digits = text.substring(0, text.length() - 1);
        }
        try {
            long value = Math.multiplyExact(Long.parseLong(digits), factor);
            if (value >= 0 && value <= Integer.MAX_VALUE) {
                return value;
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("--" + name + " is no number: " + text, e);
        }
        throw new IllegalArgumentException("--" + name + " is out of range: " + text);
    }
}
