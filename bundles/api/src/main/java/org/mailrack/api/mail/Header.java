package org.mailrack.api.mail;

/**
 * One header field (RFC 5322 section 2.2). Immutable.
 *
 * @param name the field name as written
 * @param value the field body unfolded, without leading and trailing white space; octets that are no UTF-8 appear as U+FFFD
 */
public record Header(String name, String value) {

    /** Whether this is the field of that name, letter case aside. */
    public boolean is(String fieldName) {
        return name.equalsIgnoreCase(fieldName);
    }
}
