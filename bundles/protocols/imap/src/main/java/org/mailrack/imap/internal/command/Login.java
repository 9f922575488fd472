package org.mailrack.imap.internal.command;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

import org.mailrack.api.directory.Authenticator;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** LOGIN (RFC 3501 section 6.2.3). */
final class Login implements Command {

    @Override
    public String name() {
        return "LOGIN";
    }

    @Override
    public Set<State> states() {
        return Set.of(State.NOT_AUTHENTICATED);
    }

    @Override
    public List<String> capabilities(ImapSession session) {
        return session.state() == State.NOT_AUTHENTICATED
                        && !session.authenticator().allowsPlaintext(session.client())
                ? List.of("LOGINDISABLED")
                : List.of();
    }

    @Override
    public Updates updates() {
        return Updates.NONE;
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        // First of all: a refused client shall not go on as if the password had been looked at.
        boolean allowed = session.authenticator().allowsPlaintext(session.client());
        String name = in.astring();
        in.space();
        char[] password = in.astring().toCharArray();
        in.end();
        if (!allowed) {
            Arrays.fill(password, ' ');
            return Response.no("PRIVACYREQUIRED", "Start TLS first");
        }
        Authenticator.Client client = session.client();
        return Authenticate.check(
                session,
                "LOGIN",
                () -> {
                    try {
                        return session.authenticator().password(name, password, client);
                    } finally {
                        Arrays.fill(password, ' ');
                    }
                },
                account -> {
                    session.authenticated(account, "LOGIN");
                    return Authenticate.done(session);
                });
    }
}
