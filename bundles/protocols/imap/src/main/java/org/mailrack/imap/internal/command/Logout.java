package org.mailrack.imap.internal.command;

import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** LOGOUT (RFC 3501 section 6.1.3). */
final class Logout implements Command {

    @Override
    public String name() {
        return "LOGOUT";
    }

    @Override
    public Set<State> states() {
        return State.ANY;
    }

    @Override
    public Updates updates() {
        return Updates.NONE;
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        in.end();
        session.out().raw("* BYE Goodbye").crlf();
        session.out().raw(session.tag()).raw(" OK LOGOUT completed").crlf();
        session.close();
        return Response.LATER;
    }
}
