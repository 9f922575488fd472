package org.mailrack.api.filter;

/**
 * One change of a message's header. Names and values must be free of line ends and control characters; the chain folds long
 * lines and encodes what is not ASCII (RFC 2047). Immutable.
 */
public sealed interface HeaderEdit {

    /** The name of the field that is changed. */
    String name();

    /** Adds a field above all others. */
    record Add(String name, String value) implements HeaderEdit {}

    /** Gives the first field of that name a new value, or adds it when there is none. */
    record Set(String name, String value) implements HeaderEdit {}

    /** Removes every field of that name. */
    record Remove(String name) implements HeaderEdit {}
}
