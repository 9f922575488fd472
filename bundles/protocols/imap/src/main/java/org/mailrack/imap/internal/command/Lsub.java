package org.mailrack.imap.internal.command;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** LSUB (RFC 3501 section 6.3.9). */
final class Lsub implements Command {

    @Override
    public String name() {
        return "LSUB";
    }

    @Override
    public Set<State> states() {
        return State.KNOWN;
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        String reference = in.astring();
        in.space();
        String wanted = in.listMailbox();
        in.end();
        String pattern = Listing.pattern(reference, wanted);
        Set<String> names = new TreeSet<>(session.mailboxes().subscriptions(session.account()));
        Set<String> present = session.mailboxes().list(session.account()).stream()
                .map(MailboxInfo::name)
                .collect(Collectors.toSet());
        for (String name : names) {
            if (Listing.matches(pattern, name)) {
                List<String> attributes = present.contains(name) ? List.of() : List.of("\\Noselect");
                ListMailboxes.write(session.out(), "LSUB", attributes, name);
            }
        }
        if (pattern.endsWith("%")) {
            // "%" asks for names above subscribed ones too, even if they are not.
            for (String name : Listing.missingParents(names)) {
                if (Listing.matches(pattern, name)) {
                    ListMailboxes.write(session.out(), "LSUB", List.of("\\Noselect"), name);
                }
            }
        }
        return Response.ok("LSUB completed");
    }
}
