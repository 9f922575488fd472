package org.mailrack.imap.internal.command;

import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.SelectedMailbox;
import org.mailrack.imap.internal.session.State;

/** CLOSE (RFC 3501 section 6.4.2): expunges without telling, and leaves the mailbox. */
final class Close implements Command {

    @Override
    public String name() {
        return "CLOSE";
    }

    @Override
    public Set<State> states() {
        return Set.of(State.SELECTED);
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        in.end();
        SelectedMailbox selected = session.selected();
        try {
            if (!selected.readOnly() && !session.gone()) {
                selected.mailbox().expunge(Expunge.deleted(selected.mailbox()));
            }
        } finally {
            session.unselect();
        }
        return Response.ok("CLOSE completed");
    }
}
