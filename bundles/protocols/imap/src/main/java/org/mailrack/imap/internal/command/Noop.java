package org.mailrack.imap.internal.command;

import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** NOOP (RFC 3501 section 6.1.2): the client asks for news. */
final class Noop implements Command {

    @Override
    public String name() {
        return "NOOP";
    }

    @Override
    public Set<State> states() {
        return State.ANY;
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        in.end();
        return Response.ok("NOOP completed");
    }
}
