package org.mailrack.mailbox.internal;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.util.function.Supplier;

/** Turns what goes wrong while octets in memory are read into one failure. */
final class Parsing {

    private Parsing() {}

    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken() {
            super("broken", null, false, false);
        }
    }

    /** Goes on only if that holds. */
    static void check(boolean holds) {
        if (!holds) {
            throw new Broken();
        }
    }

    static <T> T of(Supplier<T> parser) throws IOException {
        try {
            return parser.get();
        } catch (Broken | BufferUnderflowException e) {
            throw new IOException("the snapshot is broken", e);
        }
    }
}
