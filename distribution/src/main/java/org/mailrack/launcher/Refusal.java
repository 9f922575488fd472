package org.mailrack.launcher;

/** A jar that is not taken; the message is the reason, to be read after the jar's name. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    Refusal(String reason) {
        super(reason);
    }

    Refusal(String reason, Throwable cause) {
        super(reason, cause);
    }
}
