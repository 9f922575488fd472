package org.mailrack.pop3.internal;

import org.mailrack.api.directory.AuthenticationException;

/** What a client is told of a failed login (RFC 3206 and RFC 2449 section 8). */
final class Replies {

    private Replies() {}

    static String of(AuthenticationException e) {
        return switch (e.reason()) {
            case FAILED -> "[AUTH] " + e.getMessage();
            case TEMPORARY -> "[SYS/TEMP] " + e.getMessage();
            case PRIVACY_REQUIRED, UNSUPPORTED, MALFORMED -> e.getMessage();
        };
    }
}
