package org.mailrack.imap.internal.command;

import java.util.List;
import java.util.Set;

import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.SearchTerm;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.codec.SequenceSet;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Messages;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.SelectedMailbox;
import org.mailrack.imap.internal.session.State;

/** EXPUNGE (RFC 3501 section 6.4.3) and UID EXPUNGE (RFC 4315 section 2.1). */
final class Expunge implements Command.WithUid {

    @Override
    public String name() {
        return "EXPUNGE";
    }

    @Override
    public Set<State> states() {
        return Set.of(State.SELECTED);
    }

    @Override
    public List<String> capabilities(ImapSession session) {
        return List.of("UIDPLUS");
    }

    @Override
    public Response run(ImapSession session, Decoder in, boolean uid) {
        SelectedMailbox selected = session.selected();
        Mailbox mailbox = selected.mailbox();
        UidSet only = null;
        if (uid) {
            SequenceSet set = SequenceSet.read(in, session.limits().sequenceElements());
            only = Messages.uids(Messages.ofUids(set, selected.known()), selected.known());
        }
        in.end();
        Selected.requireWritable(session);
        UidSet deleted = only == null
                ? deleted(mailbox)
                : mailbox.search(
                        mailbox.view(),
                        new SearchTerm.And(List.of(new SearchTerm.HasFlag("\\Deleted"), new SearchTerm.Uids(only))));
        if (!deleted.isEmpty()) {
            mailbox.expunge(deleted);
        }
        return Response.ok("EXPUNGE completed");
    }

    /** Messages that are marked as deleted, by whatever session. */
    static UidSet deleted(Mailbox mailbox) {
        return mailbox.search(mailbox.view(), new SearchTerm.HasFlag("\\Deleted"));
    }
}
