package org.mailrack.imap.internal.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.mailrack.api.mailbox.MailboxCounts;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.codec.Encoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** STATUS (RFC 3501 section 6.3.10), with SIZE (RFC 8438). */
final class Status implements Command {

    private static final Set<String> ITEMS =
            Set.of("MESSAGES", "RECENT", "UIDNEXT", "UIDVALIDITY", "UNSEEN", "DELETED", "SIZE");

    @Override
    public String name() {
        return "STATUS";
    }

    @Override
    public Set<State> states() {
        return State.KNOWN;
    }

    @Override
    public List<String> capabilities(ImapSession session) {
        return List.of("STATUS=SIZE");
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        String name = Names.read(in);
        in.space();
        in.expect('(');
        List<String> items = new ArrayList<>();
        do {
            String item = in.keyword();
            if (!ITEMS.contains(item)) {
                in.fail("Unknown status item");
            }
            items.add(item);
            if (items.size() > session.limits().arguments()) {
                in.fail("Too many items");
            }
            in.take(' ');
        } while (!in.take(')'));
        in.end();
        write(session.out(), session.mailboxes().counts(session.account(), name), items);
        return Response.ok("STATUS completed");
    }

    private static void write(Encoder out, MailboxCounts counts, List<String> items) {
        out.raw("* STATUS ").mailbox(counts.info().name()).raw(" (");
        for (int i = 0; i < items.size(); i++) {
            out.raw(i == 0 ? "" : " ").raw(items.get(i)).raw(' ');
            out.number(
                    switch (items.get(i)) {
                        case "MESSAGES" -> counts.messages();
                        case "RECENT" -> counts.recent();
                        case "UIDNEXT" -> counts.info().uidNext();
                        case "UIDVALIDITY" -> counts.info().uidValidity();
                        case "UNSEEN" -> counts.unseen();
                        case "DELETED" -> counts.deleted();
                        default -> counts.size();
                    });
        }
        out.raw(')').crlf();
    }
}
