package org.mailrack.imap.internal.command;

import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** EXAMINE (RFC 3501 section 6.3.2). */
final class Examine implements Command {

    @Override
    public String name() {
        return "EXAMINE";
    }

    @Override
    public Set<State> states() {
        return State.KNOWN;
    }

    @Override
    public Updates updates() {
        return Updates.NONE;
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        return Select.open(session, in, true);
    }
}
