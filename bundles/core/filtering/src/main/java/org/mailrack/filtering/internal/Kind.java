package org.mailrack.filtering.internal;

/** The kinds of filters. */
enum Kind {
    CONNECTION,
    SENDER,
    RECIPIENT,
    MESSAGE
}
