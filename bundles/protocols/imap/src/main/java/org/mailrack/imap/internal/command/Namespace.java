package org.mailrack.imap.internal.command;

import java.util.List;
import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** NAMESPACE (RFC 2342): one personal namespace. */
final class Namespace implements Command {

    @Override
    public String name() {
        return "NAMESPACE";
    }

    @Override
    public Set<State> states() {
        return State.KNOWN;
    }

    @Override
    public List<String> capabilities(ImapSession session) {
        return List.of("NAMESPACE");
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        in.end();
        session.out().raw("* NAMESPACE ((\"\" \"/\")) NIL NIL").crlf();
        return Response.ok("NAMESPACE completed");
    }
}
