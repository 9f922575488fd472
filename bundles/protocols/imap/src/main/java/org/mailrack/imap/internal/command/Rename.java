package org.mailrack.imap.internal.command;

import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.CommandException;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** RENAME (RFC 3501 section 6.3.5). */
final class Rename implements Command {

    @Override
    public String name() {
        return "RENAME";
    }

    @Override
    public Set<State> states() {
        return State.KNOWN;
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        String from = Names.read(in);
        in.space();
        String to = Create.canonicalNew(in);
        in.end();
        Create.requireNoWildcard(to);
        try {
            session.mailboxes().rename(session.account(), from, to);
        } catch (IllegalArgumentException e) {
            throw CommandException.no("CANNOT", "That mailbox cannot be renamed so");
        }
        return Response.ok("RENAME completed");
    }
}
