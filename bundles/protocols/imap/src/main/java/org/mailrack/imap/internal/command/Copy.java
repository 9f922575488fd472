package org.mailrack.imap.internal.command;

import java.util.BitSet;
import java.util.Set;

import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.StoreException;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.CommandException;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Messages;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.SelectedMailbox;
import org.mailrack.imap.internal.session.State;

/** COPY (RFC 3501 section 6.4.7), with COPYUID (RFC 4315 section 3). */
final class Copy implements Command.WithUid {

    @Override
    public String name() {
        return "COPY";
    }

    @Override
    public Set<State> states() {
        return Set.of(State.SELECTED);
    }

    @Override
    public Response run(ImapSession session, Decoder in, boolean uid) {
        BitSet messages = Selected.messages(session, in, uid);
        in.space();
        String target = Names.read(in);
        in.end();
        String code = copyUid(session, messages, target, false);
        return Response.ok(code, "COPY completed");
    }

    /** Copies or moves; returns the response code, empty when nothing was there to copy. */
    static String copyUid(ImapSession session, BitSet messages, String target, boolean move) {
        SelectedMailbox selected = session.selected();
        if (messages.isEmpty()) {
            return "";
        }
        UidSet uids = Messages.uids(messages, selected.known());
        try {
            Mailbox mailbox = selected.mailbox();
            Mailbox.CopyResult done = move ? mailbox.move(uids, target) : mailbox.copy(uids, target);
            return done.source().isEmpty()
                    ? "EXPUNGEISSUED"
                    : "COPYUID " + done.uidValidity() + ' ' + done.source() + ' ' + done.target();
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.NOT_FOUND && !session.gone()) {
                throw CommandException.no("TRYCREATE", "No such mailbox");
            }
            throw e;
        }
    }
}
