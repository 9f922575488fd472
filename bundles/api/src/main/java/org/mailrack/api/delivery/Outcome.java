package org.mailrack.api.delivery;

/**
 * How an attempt to deliver ended. The text is one line for {@code queue list}, the log and the bounce: the remote server's
 * reply, or our own words. Immutable.
 */
public sealed interface Outcome {

    /** The text. */
    String text();

    /** Done. */
    record Delivered(String text) implements Outcome {}

    /**
     * To be tried again.
     *
     * @param enhancedCode an RFC 3463 code of class 4
     * @param remote the server that said so, or empty when it was none
     * @param text the reply
     */
    record Deferred(String enhancedCode, String remote, String text) implements Outcome {}

    /**
     * Given up.
     *
     * @param enhancedCode an RFC 3463 code of class 5
     * @param remote the server that said so, or empty when it was none
     * @param text the reply
     */
    record Failed(String enhancedCode, String remote, String text) implements Outcome {}
}
