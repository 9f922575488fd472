package org.mailrack.api.directory;

/**
 * A person or thing that owns mailboxes. Immutable.
 *
 * @param name its address in lower case, which is also its name everywhere in the rack
 */
public record Account(String name) {}
