package org.mailrack.imap.internal.session;

import java.util.EnumSet;
import java.util.Set;

/** The states of RFC 3501 section 3. */
public enum State {
    NOT_AUTHENTICATED,
    AUTHENTICATED,
    SELECTED,
    LOGOUT;

    /** Commands valid at any time. */
    public static final Set<State> ANY = Set.copyOf(EnumSet.of(NOT_AUTHENTICATED, AUTHENTICATED, SELECTED));
    /** Commands valid once the client is known. */
    public static final Set<State> KNOWN = Set.copyOf(EnumSet.of(AUTHENTICATED, SELECTED));
}
