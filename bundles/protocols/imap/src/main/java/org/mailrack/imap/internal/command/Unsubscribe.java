package org.mailrack.imap.internal.command;

import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** UNSUBSCRIBE (RFC 3501 section 6.3.7). */
final class Unsubscribe implements Command {

    @Override
    public String name() {
        return "UNSUBSCRIBE";
    }

    @Override
    public Set<State> states() {
        return State.KNOWN;
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        String name = Names.read(in);
        in.end();
        session.mailboxes().subscribe(session.account(), name, false);
        return Response.ok("UNSUBSCRIBE completed");
    }
}
