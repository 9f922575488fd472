package org.mailrack.pop3.internal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.mailrack.api.directory.AuthenticationException;
import org.mailrack.api.directory.Authenticator;

/** AUTH (RFC 5034), with an initial response if the client likes. */
final class AuthCommand implements Command {

    @Override
    public String keyword() {
        return "AUTH";
    }

    @Override
    public When when() {
        return When.AUTHORIZATION;
    }

    @Override
    public void run(Pop3Session session, CommandLine line) {
        List<String> words = line.words();
        Authenticator authenticator = session.services().authenticator();
        if (words.isEmpty()) {
            // Not in the RFC, but old clients ask so.
            StringBuilder listing = new StringBuilder("+OK mechanisms follow\r\n");
            authenticator.mechanisms(session.client()).forEach(m -> listing.append(m)
                    .append("\r\n"));
            session.connection().write(listing.append(".\r\n").toString());
            return;
        }
        if (words.size() > 2) {
            session.misused("Usage: AUTH mechanism [initial-response]");
            return;
        }
        Optional<byte[]> initial = Optional.empty();
        if (words.size() == 2) {
            initial = SaslDialog.decodeInitial(words.get(1));
            if (initial.isEmpty()) {
                session.misused("Response is not Base64");
                return;
            }
        }
        try {
            String mechanism = words.get(0).toUpperCase(Locale.ROOT);
            new SaslDialog(authenticator.begin(mechanism, session.client())).step(session, initial);
        } catch (AuthenticationException e) {
            session.misused(Replies.of(e));
        }
    }
}
