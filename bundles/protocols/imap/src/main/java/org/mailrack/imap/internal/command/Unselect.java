package org.mailrack.imap.internal.command;

import java.util.List;
import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** UNSELECT (RFC 3691). */
final class Unselect implements Command {

    @Override
    public String name() {
        return "UNSELECT";
    }

    @Override
    public Set<State> states() {
        return Set.of(State.SELECTED);
    }

    @Override
    public List<String> capabilities(ImapSession session) {
        return List.of("UNSELECT");
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        in.end();
        session.unselect();
        return Response.ok("UNSELECT completed");
    }
}
