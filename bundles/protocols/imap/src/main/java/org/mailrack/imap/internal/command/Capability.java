package org.mailrack.imap.internal.command;

import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** CAPABILITY (RFC 3501 section 6.1.1). */
final class Capability implements Command {

    @Override
    public String name() {
        return "CAPABILITY";
    }

    @Override
    public Set<State> states() {
        return State.ANY;
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        in.end();
        session.out()
                .raw("* CAPABILITY ")
                .raw(session.registry().capabilities(session))
                .crlf();
        return Response.ok("CAPABILITY completed");
    }
}
