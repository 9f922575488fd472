package org.mailrack.imap.internal.command;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.CommandException;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** CREATE (RFC 3501 section 6.3.3), with special use (RFC 6154 section 3). */
final class Create implements Command {

    @Override
    public String name() {
        return "CREATE";
    }

    @Override
    public Set<State> states() {
        return State.KNOWN;
    }

    @Override
    public List<String> capabilities(ImapSession session) {
        return List.of("CREATE-SPECIAL-USE");
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        String name = canonicalNew(in);
        Optional<String> use = in.more() ? Optional.of(use(session, in)) : Optional.empty();
        in.end();
        requireNoWildcard(name);
        try {
            session.mailboxes().create(session.account(), name, use);
        } catch (IllegalArgumentException e) {
            throw CommandException.no("CANNOT", "Not a name for a mailbox");
        }
        return Response.ok("CREATE completed");
    }

    /** Reads the name of a mailbox to be made. */
    static String canonicalNew(Decoder in) {
        return Names.canonical(Names.withoutTrailingSeparator(in.mailbox()));
    }

    /** A name with a wildcard could never be listed alone. */
    static void requireNoWildcard(String name) {
        if (name.indexOf('*') >= 0 || name.indexOf('%') >= 0) {
            throw CommandException.no("CANNOT", "No wildcards in a name");
        }
    }

    private static String use(ImapSession session, Decoder in) {
        in.expect('(');
        if (!in.keyword().equals("USE")) {
            in.fail("USE expected");
        }
        in.space();
        in.expect('(');
        String wanted = in.flag();
        if (!in.take(')')) {
            throw CommandException.no("USEATTR", "One special use at most");
        }
        in.expect(')');
        String use = List.of("Archive", "Drafts", "Junk", "Sent", "Trash").stream()
                .filter(known -> wanted.equalsIgnoreCase('\\' + known))
                .findFirst()
                .orElseThrow(() -> CommandException.no("USEATTR", "That special use cannot be given"));
        boolean taken = session.mailboxes().list(session.account()).stream()
                .anyMatch(info -> info.specialUse().filter(use::equals).isPresent());
        if (taken) {
            throw CommandException.no("USEATTR", "Another mailbox has that special use");
        }
        return use;
    }
}
