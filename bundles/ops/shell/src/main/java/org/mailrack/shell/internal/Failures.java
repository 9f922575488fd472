package org.mailrack.shell.internal;

import java.util.ArrayList;
import java.util.List;

/** Makes a sentence of the stack trace by which the component runtime remembers a failed activation. */
final class Failures {

    private static final String CAUSED_BY = "Caused by: ";

    private Failures() {}

    /** The message of the outermost exception that was not thrown by the machinery around the component. */
    static String sentence(String trace) {
        List<String> heads = new ArrayList<>();
        for (String line : trace.split("\n")) {
            if (heads.isEmpty()) {
                heads.add(line.strip());
            } else if (line.startsWith(CAUSED_BY)) {
                heads.add(line.substring(CAUSED_BY.length()).strip());
            }
        }
        for (String head : heads) {
            if (!machinery(head)) {
                return message(head);
            }
        }
        return message(heads.get(heads.size() - 1));
    }

    private static boolean machinery(String head) {
        return head.startsWith("java.lang.reflect.")
                || head.startsWith("org.osgi.service.component.ComponentException")
                || head.startsWith("org.apache.felix.scr.")
                || head.startsWith("java.lang.RuntimeException: java.lang.");
    }

    private static String message(String head) {
        int colon = head.indexOf(": ");
        boolean named = colon > 0 && head.substring(0, colon).matches("[\\w.$]+");
        String type = named ? head.substring(0, colon) : head;
        if (!named) {
            return Rows.printable(type);
        }
        String message = head.substring(colon + 2).strip();
        // Only these are made to be read without their name.
        boolean sentence = type.endsWith(".IllegalArgumentException")
                || type.endsWith(".IllegalStateException")
                || type.startsWith("org.mailrack.")
                || type.endsWith(".UncheckedIOException");
        return Rows.printable(sentence ? message : type.substring(type.lastIndexOf('.') + 1) + ": " + message);
    }
}
