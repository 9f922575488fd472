package org.mailrack.imap.internal.command;

import java.util.List;
import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** ID (RFC 2971). */
final class Id implements Command {

    /** RFC 2971 section 3.3. */
    private static final int MAX_PAIRS = 30;

    @Override
    public String name() {
        return "ID";
    }

    @Override
    public Set<State> states() {
        return State.ANY;
    }

    @Override
    public List<String> capabilities(ImapSession session) {
        return List.of("ID");
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        if (in.take('(')) {
            int pairs = 0;
            while (!in.take(')')) {
                if (pairs++ == MAX_PAIRS) {
                    in.fail("More than " + MAX_PAIRS + " fields");
                }
                in.string();
                in.space();
                in.nstring();
                in.take(' ');
            }
        } else {
            in.nstring();
        }
        in.end();
        session.out().raw("* ID (\"name\" \"Mailrack\")").crlf();
        return Response.ok("ID completed");
    }
}
