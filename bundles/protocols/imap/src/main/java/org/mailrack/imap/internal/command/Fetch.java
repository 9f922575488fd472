package org.mailrack.imap.internal.command;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.fetch.FetchItem;
import org.mailrack.imap.internal.fetch.FetchOutput;
import org.mailrack.imap.internal.fetch.FetchParser;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** FETCH (RFC 3501 section 6.4.5). */
final class Fetch implements Command.WithUid {

    @Override
    public String name() {
        return "FETCH";
    }

    @Override
    public Set<State> states() {
        return Set.of(State.SELECTED);
    }

    @Override
    public Updates updates() {
        return Updates.NO_EXPUNGE;
    }

    @Override
    public Response run(ImapSession session, Decoder in, boolean uid) {
        BitSet messages = Selected.messages(session, in, uid);
        in.space();
        List<FetchItem> items =
                new ArrayList<>(FetchParser.read(in, session.limits().arguments()));
        in.end();
        if (uid && !items.contains(FetchItem.Simple.UID)) {
            items.add(0, FetchItem.Simple.UID);
        }
        return session.stream(
                new FetchOutput(session, messages, items, Selected.updates(uid), Response.ok("FETCH completed")));
    }
}
