package org.mailrack.imap.internal.command;

import java.util.List;
import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** ENABLE (RFC 5161): there is nothing yet that needs to be enabled. */
final class Enable implements Command {

    @Override
    public String name() {
        return "ENABLE";
    }

    @Override
    public Set<State> states() {
        return State.KNOWN;
    }

    @Override
    public List<String> capabilities(ImapSession session) {
        return List.of("ENABLE");
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        in.atom();
        while (in.more()) {
            in.atom();
        }
        session.out().raw("* ENABLED").crlf();
        return Response.ok("ENABLE completed");
    }
}
