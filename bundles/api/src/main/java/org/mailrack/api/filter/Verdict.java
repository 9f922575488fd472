package org.mailrack.api.filter;

import java.util.List;
import java.util.Map;

/**
 * What a filter thinks of a client, a sender, a recipient or a message. Immutable.
 *
 * <p>{@link Reject} and {@link Defer} end the chain. The text of both is shown to the client, so it names no internals.
 */
public sealed interface Verdict {

    /** Nothing against it. */
    Verdict ACCEPT = new Accept();

    /** Nothing against it. */
    record Accept() implements Verdict {}

    /**
     * Nothing against it, but something to say about it.
     *
     * @param edits changes of the message's header, in order; only a {@link MessageFilter} may give any
     * @param attributes added to the envelope's attributes; those that {@link org.mailrack.api.mail.Envelope} names are not a
     *     filter's to give
     */
    record Tag(List<HeaderEdit> edits, Map<String, String> attributes) implements Verdict {
        public Tag {
            edits = List.copyOf(edits);
            attributes = Map.copyOf(attributes);
        }
    }

    /**
     * Not now: the client shall try again later.
     *
     * @param enhancedCode an RFC 3463 code of class 4, such as {@code 4.7.1}
     * @param text one line for the client
     */
    record Defer(String enhancedCode, String text) implements Verdict {}

    /**
     * Never.
     *
     * @param enhancedCode an RFC 3463 code of class 5, such as {@code 5.7.1}
     * @param text one line for the client
     */
    record Reject(String enhancedCode, String text) implements Verdict {}

    /** Nothing against it, with changes of its header. */
    static Verdict edit(HeaderEdit... edits) {
        return new Tag(List.of(edits), Map.of());
    }
}
