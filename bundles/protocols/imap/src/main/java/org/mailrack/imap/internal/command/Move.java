package org.mailrack.imap.internal.command;

import java.util.BitSet;
import java.util.List;
import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** MOVE (RFC 6851). */
final class Move implements Command.WithUid {

    @Override
    public String name() {
        return "MOVE";
    }

    @Override
    public Set<State> states() {
        return Set.of(State.SELECTED);
    }

    @Override
    public List<String> capabilities(ImapSession session) {
        return List.of("MOVE");
    }

    @Override
    public Response run(ImapSession session, Decoder in, boolean uid) {
        BitSet messages = Selected.messages(session, in, uid);
        in.space();
        String target = Names.read(in);
        in.end();
        Selected.requireWritable(session);
        String code = Copy.copyUid(session, messages, target, true);
        if (!code.isEmpty()) {
            // Before the EXPUNGE responses, so that the client can tell moved from gone (RFC 6851 section 4.3).
            session.out().raw("* OK [").raw(code).raw("] Moved").crlf();
        }
        return Response.ok("MOVE completed");
    }
}
