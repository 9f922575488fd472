package org.mailrack.imap.internal.command;

import java.util.List;
import java.util.Set;

import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** STARTTLS (RFC 3501 section 6.2.1). */
final class StartTls implements Command {

    @Override
    public String name() {
        return "STARTTLS";
    }

    @Override
    public Set<State> states() {
        return Set.of(State.NOT_AUTHENTICATED);
    }

    @Override
    public List<String> capabilities(ImapSession session) {
        return offered(session) ? List.of("STARTTLS") : List.of();
    }

    @Override
    public Updates updates() {
        return Updates.NONE;
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        in.end();
        if (!offered(session)) {
            return Response.bad(session.connection().secure() ? "TLS is active" : "No TLS here");
        }
        session.startTls();
        return Response.ok("Begin TLS negotiation now");
    }

    private static boolean offered(ImapSession session) {
        return session.state() == State.NOT_AUTHENTICATED
                && !session.connection().secure()
                && session.connection().endpoint().tls() == TlsMode.STARTTLS;
    }
}
