package org.mailrack.imap.internal.codec;

/** What the client wrote is not IMAP. The message is fit for the client and never repeats its input. */
public final class SyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SyntaxException(String message) {
        // No stack trace: a hostile client causes these at will.
        super(message, null, false, false);
    }
}
