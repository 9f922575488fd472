package org.mailrack.imap.internal.command;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.PrimitiveIterator;
import java.util.Set;

import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.mailbox.SearchTerm;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.codec.Encoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.LazyOutput;
import org.mailrack.imap.internal.session.Messages;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.SelectedMailbox;
import org.mailrack.imap.internal.session.State;

/** SEARCH (RFC 3501 section 6.4.4). One that reads messages runs apart from the threads of connections. */
final class Search implements Command.WithUid {

    @Override
    public String name() {
        return "SEARCH";
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
        SelectedMailbox selected = session.selected();
        MailboxView known = selected.known();
        SearchParser parser = new SearchParser(in, session.limits(), selected);
        SearchTerm term = parser.read();
        Updates updates = Selected.updates(uid);
        if (!parser.readsContent()) {
            return answer(session, known, selected.mailbox().search(known, term), uid, updates);
        }
        return session.background(
                session.searches(),
                updates,
                () -> selected.mailbox().search(known, term),
                found -> answer(session, known, found, uid, updates));
    }

    private static Response answer(ImapSession session, MailboxView known, UidSet found, boolean uid, Updates updates) {
        BitSet messages = Messages.of(found, known);
        return session.stream(new Answer(session, known, messages, uid, updates));
    }

    /** The found numbers, written while the client takes them. */
    private static final class Answer extends LazyOutput {
        private static final int AT_ONCE = 1000;

        private final ImapSession session;
        private final PrimitiveIterator.OfInt messages;
        private final MailboxView known;
        private final boolean uid;
        private final Updates updates;
        private final String tag;
        private boolean begun;
        private boolean ended;

        Answer(ImapSession session, MailboxView known, BitSet messages, boolean uid, Updates updates) {
            this.session = session;
            this.known = known;
            this.messages = messages.stream().iterator();
            this.uid = uid;
            this.updates = updates;
            this.tag = session.tag();
        }

        @Override
        protected Piece next() {
            if (ended) {
                return null;
            }
            Encoder out = new Encoder();
            if (!begun) {
                out.raw("* SEARCH");
                begun = true;
            }
            for (int i = 0; i < AT_ONCE && messages.hasNext(); i++) {
                int index = messages.nextInt();
                out.raw(' ').number(uid ? known.uid(index) : index + 1L);
            }
            if (!messages.hasNext()) {
                out.crlf();
                session.end(out, tag, Response.ok("SEARCH completed"), updates);
                ended = true;
            }
            ByteBuffer octets = out.take();
            return new Octets(octets);
        }
    }
}
