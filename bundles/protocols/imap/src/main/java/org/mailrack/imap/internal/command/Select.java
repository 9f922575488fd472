package org.mailrack.imap.internal.command;

import java.util.Set;

import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.codec.Encoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.SelectedMailbox;
import org.mailrack.imap.internal.session.State;

/** SELECT (RFC 3501 section 6.3.1). */
final class Select implements Command {

    @Override
    public String name() {
        return "SELECT";
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
        return open(session, in, false);
    }

    /** Opens a mailbox. The one before is left in any case, also when this fails. */
    static Response open(ImapSession session, Decoder in, boolean readOnly) {
        String name = Names.read(in);
        in.end();
        session.unselect();
        Mailbox mailbox = session.mailboxes().open(session.account(), name);
        boolean opened = false;
        try {
            long recentFrom = readOnly ? recentFrom(session, name, mailbox.view()) : mailbox.claimRecent();
            MailboxView view = mailbox.view();
            SelectedMailbox selected = new SelectedMailbox(mailbox, view, readOnly, recentFrom);
            describe(session.out(), selected, view);
            session.select(selected);
            opened = true;
        } finally {
            if (!opened) {
                mailbox.close();
            }
        }
        return readOnly ? Response.ok("READ-ONLY", "EXAMINE completed") : Response.ok("READ-WRITE", "SELECT completed");
    }

    /** The first recent UID, without claiming it: EXAMINE changes nothing. */
    private static long recentFrom(ImapSession session, String name, MailboxView view) {
        int recent = session.mailboxes().counts(session.account(), name).recent();
        return recent == 0 || view.size() < recent ? view.info().uidNext() : view.uid(view.size() - recent);
    }

    private static void describe(Encoder out, SelectedMailbox selected, MailboxView view) {
        selected.tellFlagNames(out, view);
        out.raw("* ").number(view.size()).raw(" EXISTS").crlf();
        out.raw("* ").number(selected.recent()).raw(" RECENT").crlf();
        int unseen = view.firstUnseen();
        if (unseen >= 0) {
            out.raw("* OK [UNSEEN ").number(unseen + 1L).raw("] First unseen").crlf();
        }
        out.raw("* OK [UIDVALIDITY ")
                .number(view.info().uidValidity())
                .raw("] UIDs are valid")
                .crlf();
        out.raw("* OK [UIDNEXT ")
                .number(view.info().uidNext())
                .raw("] Next UID")
                .crlf();
    }
}
