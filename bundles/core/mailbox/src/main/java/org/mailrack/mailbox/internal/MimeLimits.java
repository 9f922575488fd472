package org.mailrack.mailbox.internal;

/**
 * How much of a message's MIME structure is looked at. Immutable.
 *
 * @param maxHeader octets of header fields that are understood, of all parts of a message together; fields beyond are passed over
 * @param maxDepth parts in parts; one deeper is not looked into
 * @param maxParts parts of a message; what comes after belongs to the last one
 */
public record MimeLimits(int maxHeader, int maxDepth, int maxParts) {

    /** The limits when nothing is configured. */
    public static final MimeLimits DEFAULTS = new MimeLimits(1 << 20, 100, 10_000);

    public MimeLimits {
        if (maxHeader < 1024 || maxDepth < 1 || maxDepth > 500 || maxParts < 1) {
            throw new IllegalArgumentException(
                    "mime.max.header must be 1024 or more, mime.max.depth 1 to 500, mime.max.parts 1 or more");
        }
    }
}
