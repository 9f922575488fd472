package org.mailrack.itests.crash;

import java.io.IOException;

/** The server took leave in its protocol's words: 421 (RFC 5321 section 3.8), BYE (RFC 9051 section 7.1.5), -ERR (RFC 3206). */
final class Goodbye extends IOException {

    private static final long serialVersionUID = 1L;

    Goodbye(String line) {
        super(line);
    }

    static boolean is(String line) {
        return line.startsWith("421 ") || line.startsWith("* BYE") || line.startsWith("-ERR [SYS/TEMP]");
    }
}
