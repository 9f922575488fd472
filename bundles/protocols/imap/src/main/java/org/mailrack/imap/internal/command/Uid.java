package org.mailrack.imap.internal.command;

import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** UID (RFC 3501 section 6.4.8): the same commands, with UIDs in place of message numbers. */
final class Uid implements Command {

    @Override
    public String name() {
        return "UID";
    }

    @Override
    public Set<State> states() {
        return Set.of(State.SELECTED);
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        String name = in.keyword();
        if (!(session.registry().find(name).orElse(null) instanceof WithUid command)) {
            return Response.bad("UID cannot stand before that");
        }
        in.space();
        return command.run(session, in, true);
    }
}
