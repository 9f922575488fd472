package org.mailrack.pop3.internal;

import java.util.ArrayList;
import java.util.List;

import org.mailrack.api.directory.Authenticator;

/** CAPA (RFC 2449): what the client may use as things are. LOGIN-DELAY is not there because there is none. */
final class CapaCommand implements Command {

    @Override
    public String keyword() {
        return "CAPA";
    }

    @Override
    public When when() {
        return When.ALWAYS;
    }

    @Override
    public void run(Pop3Session session, CommandLine line) {
        StringBuilder listing = new StringBuilder("+OK Capability list follows\r\n");
        capabilities(session).forEach(c -> listing.append(c).append("\r\n"));
        session.connection().write(listing.append(".\r\n").toString());
    }

    private static List<String> capabilities(Pop3Session session) {
        List<String> all = new ArrayList<>(List.of(
                "TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING", "EXPIRE NEVER", "UTF8 USER", "LANG"));
        Authenticator authenticator = session.services().authenticator();
        if (!session.inTransaction() && StlsCommand.offered(session)) {
            all.add("STLS");
        }
        if (authenticator.allowsPlaintext(session.client())) {
            all.add("USER");
        }
        List<String> mechanisms = authenticator.mechanisms(session.client());
        if (!mechanisms.isEmpty()) {
            all.add("SASL " + String.join(" ", mechanisms));
        }
        // No version: it tells an attacker more than a client.
        all.add("IMPLEMENTATION Mailrack");
        return all;
    }
}
