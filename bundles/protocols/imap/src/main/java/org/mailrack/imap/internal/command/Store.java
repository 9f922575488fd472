package org.mailrack.imap.internal.command;

import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.fetch.FetchItem;
import org.mailrack.imap.internal.fetch.FetchOutput;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Messages;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.SelectedMailbox;
import org.mailrack.imap.internal.session.State;

/** STORE (RFC 3501 section 6.4.6). */
final class Store implements Command.WithUid {

    @Override
    public String name() {
        return "STORE";
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
        FlagChange.Kind kind =
                in.take('+') ? FlagChange.Kind.ADD : in.take('-') ? FlagChange.Kind.REMOVE : FlagChange.Kind.REPLACE;
        String item = in.keyword();
        boolean silent = item.equals("FLAGS.SILENT");
        if (!silent && !item.equals("FLAGS")) {
            in.fail("FLAGS expected");
        }
        in.space();
        FlagChange change =
                new FlagChange(kind, FlagLists.read(in, session.limits().arguments(), false));
        in.end();
        Selected.requireWritable(session);
        SelectedMailbox selected = session.selected();
        MailboxView known = selected.known();
        if (!messages.isEmpty()) {
            selected.mailbox().changeFlags(Messages.uids(messages, known), change, OptionalLong.empty());
        }
        MailboxView now = selected.mailbox().view();
        int asked = messages.cardinality();
        for (int i = messages.nextSetBit(0); i >= 0; i = messages.nextSetBit(i + 1)) {
            if (now.indexOf(known.uid(i)) < 0) {
                messages.clear(i);
            }
        }
        // Whoever asks for silence still wants to know what others did meanwhile.
        selected.tellFlags(
                session.out(),
                now,
                (i, j) -> messages.get(i) && (!silent || now.flags(j).equals(change.applyTo(selected.toldFlags(i)))));
        Response done = messages.cardinality() == asked
                ? Response.ok("STORE completed")
                : Response.ok("EXPUNGEISSUED", "STORE completed, some of the messages are there no more");
        if (silent) {
            session.finish(session.tag(), done, Selected.updates(uid));
            return Response.LATER;
        }
        List<FetchItem> items =
                uid ? List.of(FetchItem.Simple.UID, FetchItem.Simple.FLAGS) : List.of(FetchItem.Simple.FLAGS);
        return session.stream(new FetchOutput(session, messages, items, Selected.updates(uid), done));
    }
}
