package org.mailrack.shell.internal;

import java.util.List;

/** A command's arguments: the first says what to do. */
record Words(String usage, List<String> all) {

    static Words of(String usage, String... words) {
        return new Words(usage, List.of(words));
    }

    String action() {
        return all.isEmpty() ? "" : all.get(0);
    }

    /** The arguments after the action, of which there must be so many. */
    List<String> rest(int min, int max) {
        List<String> rest = all.subList(1, all.size());
        if (rest.size() < min || rest.size() > max) {
            throw wrong();
        }
        return rest;
    }

    IllegalArgumentException wrong() {
        return new IllegalArgumentException("usage: " + usage);
    }
}
