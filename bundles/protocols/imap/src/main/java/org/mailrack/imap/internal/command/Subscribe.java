package org.mailrack.imap.internal.command;

import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** SUBSCRIBE (RFC 3501 section 6.3.6). */
final class Subscribe implements Command {

    @Override
    public String name() {
        return "SUBSCRIBE";
    }

    @Override
    public Set<State> states() {
        return State.KNOWN;
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        String name = Names.read(in);
        in.end();
        if (session.mailboxes().find(session.account(), name).isEmpty()) {
            return Response.no("NONEXISTENT", "No such mailbox");
        }
        session.mailboxes().subscribe(session.account(), name, true);
        return Response.ok("SUBSCRIBE completed");
    }
}
