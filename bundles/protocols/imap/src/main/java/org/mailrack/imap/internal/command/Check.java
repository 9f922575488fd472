package org.mailrack.imap.internal.command;

import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** CHECK (RFC 3501 section 6.4.1): everything is on disk already. */
final class Check implements Command {

    @Override
    public String name() {
        return "CHECK";
    }

    @Override
    public Set<State> states() {
        return Set.of(State.SELECTED);
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        in.end();
        return Response.ok("CHECK completed");
    }
}
