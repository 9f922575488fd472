package org.mailrack.mailbox.internal;

import java.nio.charset.Charset;

/** Charsets by the names that mail gives them. */
final class Charsets {

    private Charsets() {}

    /** The charset of that name, or the other when we have none. */
    static Charset orElse(String name, Charset other) {
        try {
            return name.length() > 100 ? other : Charset.forName(name.strip());
        } catch (IllegalArgumentException e) {
            return other;
        }
    }
}
