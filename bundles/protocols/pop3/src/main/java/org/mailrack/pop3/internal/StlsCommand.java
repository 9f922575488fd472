package org.mailrack.pop3.internal;

import org.mailrack.api.net.Endpoint;

/** STLS (RFC 2595 section 4). */
final class StlsCommand implements Command {

    @Override
    public String keyword() {
        return "STLS";
    }

    @Override
    public When when() {
        return When.AUTHORIZATION;
    }

    @Override
    public void run(Pop3Session session, CommandLine line) {
        if (session.connection().secure()) {
            session.misused("TLS is active already");
        } else if (!offered(session)) {
            session.misused("TLS is not offered here");
        } else if (session.utf8()) {
            // RFC 6856 section 2.1: not after UTF8.
            session.misused("STLS is not possible after UTF8");
        } else if (!line.isBare()) {
            session.misused("Usage: STLS");
        } else {
            session.ok("Begin TLS negotiation");
            session.startTls();
        }
    }

    static boolean offered(Pop3Session session) {
        return session.connection().endpoint().tls() == Endpoint.TlsMode.STARTTLS
                && !session.connection().secure();
    }
}
