package org.mailrack.imap.internal.command;

import java.util.BitSet;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.codec.SequenceSet;
import org.mailrack.imap.internal.session.Command.Updates;
import org.mailrack.imap.internal.session.CommandException;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Messages;
import org.mailrack.imap.internal.session.SelectedMailbox;

/** What commands on messages of the selected mailbox have in common. */
final class Selected {

    private Selected() {}

    /** Reads a sequence set and finds its messages. */
    static BitSet messages(ImapSession session, Decoder in, boolean uid) {
        SequenceSet set = SequenceSet.read(in, session.limits().sequenceElements());
        SelectedMailbox selected = session.selected();
        return uid ? Messages.ofUids(set, selected.known()) : Messages.ofNumbers(set, selected.known());
    }

    /** Refuses a change of a mailbox that was opened by EXAMINE. */
    static void requireWritable(ImapSession session) {
        if (session.selected().readOnly()) {
            throw CommandException.no("READ-ONLY", "The mailbox is open for reading only");
        }
    }

    /** What may be told while message numbers, or only UIDs, are in use (RFC 3501 section 7.4.1). */
    static Updates updates(boolean uid) {
        return uid ? Updates.ALL : Updates.NO_EXPUNGE;
    }
}
