package org.mailrack.imap.internal.command;

import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.CommandException;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** DELETE (RFC 3501 section 6.3.4). */
final class Delete implements Command {

    @Override
    public String name() {
        return "DELETE";
    }

    @Override
    public Set<State> states() {
        return State.KNOWN;
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        String name = Names.read(in);
        in.end();
        boolean ours = session.selected() != null
                && session.mailboxes()
                        .find(session.account(), name)
                        .filter(info ->
                                info.id() == session.selected().known().info().id())
                        .isPresent();
        try {
            session.mailboxes().delete(session.account(), name);
        } catch (IllegalArgumentException e) {
            throw CommandException.no("CANNOT", "That mailbox cannot be deleted");
        }
        if (ours) {
            session.unselect();
        }
        return Response.ok("DELETE completed");
    }
}
