package org.mailrack.filtering.internal;

/**
 * A filter in its place among those of a stage.
 *
 * @param card what is known of it
 * @param kind what it is called as
 * @param filter the filter itself
 * @param claimsPrompt whether it says that its calls wait for nothing
 */
record Entry(FilterCard card, Kind kind, Object filter, boolean claimsPrompt) {

    /** Whether it may be called in the thread of the client. */
    boolean prompt() {
        return claimsPrompt && card.believed();
    }
}
