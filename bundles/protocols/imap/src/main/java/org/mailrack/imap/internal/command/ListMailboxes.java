package org.mailrack.imap.internal.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.codec.Encoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/**
 * LIST (RFC 3501 section 6.3.8), with children (RFC 3348) and special use (RFC 6154 section 2). Of the extended syntax (RFC 5258),
 * which is not announced, it understands what clients send all the same.
 */
final class ListMailboxes implements Command {

    private static final Set<String> SELECTION = Set.of("SUBSCRIBED", "SPECIAL-USE", "REMOTE", "RECURSIVEMATCH");
    private static final Set<String> RETURN = Set.of("SUBSCRIBED", "SPECIAL-USE", "CHILDREN");

    @Override
    public String name() {
        return "LIST";
    }

    @Override
    public Set<State> states() {
        return State.KNOWN;
    }

    @Override
    public List<String> capabilities(ImapSession session) {
        return List.of("CHILDREN", "SPECIAL-USE");
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        List<String> selection = List.of();
        if (in.peek() == '(') {
            selection = options(session, in, SELECTION);
            in.space();
        }
        String reference = in.astring();
        in.space();
        List<String> patterns = patterns(session, in, reference);
        List<String> wanted = List.of();
        if (in.more()) {
            if (!in.keyword().equals("RETURN")) {
                in.fail("RETURN expected");
            }
            in.space();
            wanted = options(session, in, RETURN);
        }
        in.end();
        if (patterns.isEmpty()) {
            // Asks for the separator only.
            session.out().raw("* LIST (\\Noselect) \"/\" \"\"").crlf();
        } else {
            list(session, patterns, selection, wanted);
        }
        return Response.ok("LIST completed");
    }

    private static List<String> patterns(ImapSession session, Decoder in, String reference) {
        List<String> patterns = new ArrayList<>();
        if (!in.take('(')) {
            String pattern = in.listMailbox();
            return pattern.isEmpty() ? List.of() : List.of(Listing.pattern(reference, pattern));
        }
        do {
            if (patterns.size() == session.limits().arguments()) {
                in.fail("Too many patterns");
            }
            patterns.add(Listing.pattern(reference, in.listMailbox()));
            in.take(' ');
        } while (!in.take(')'));
        return patterns;
    }

    private static List<String> options(ImapSession session, Decoder in, Set<String> known) {
        List<String> options = new ArrayList<>();
        in.expect('(');
        while (!in.take(')')) {
            String option = in.keyword();
            if (!known.contains(option) || options.size() == session.limits().arguments()) {
                in.fail("Unknown list option");
            }
            options.add(option);
            in.take(' ');
        }
        return options;
    }

    private static void list(ImapSession session, List<String> patterns, List<String> selection, List<String> wanted) {
        Map<String, MailboxInfo> all = new LinkedHashMap<>();
        session.mailboxes().list(session.account()).forEach(info -> all.put(info.name(), info));
        Set<String> parents = Listing.parents(all.keySet());
        boolean onlySubscribed = selection.contains("SUBSCRIBED");
        Set<String> subscribed = onlySubscribed || wanted.contains("SUBSCRIBED")
                ? session.mailboxes().subscriptions(session.account())
                : Set.of();
        Map<String, MailboxInfo> named = new LinkedHashMap<>(all);
        Listing.missingParents(all.keySet()).forEach(name -> named.put(name, null));
        if (onlySubscribed) {
            subscribed.forEach(name -> named.putIfAbsent(name, null));
        }
        named.forEach((name, info) -> {
            boolean selected = (!onlySubscribed || subscribed.contains(name))
                    && (!selection.contains("SPECIAL-USE")
                            || info != null && info.specialUse().isPresent());
            if (selected && Listing.matchesAny(patterns, name)) {
                List<String> attributes = new ArrayList<>();
                if (info == null) {
                    attributes.add("\\Noselect");
                }
                attributes.add(parents.contains(name) ? "\\HasChildren" : "\\HasNoChildren");
                if (info != null) {
                    info.specialUse().ifPresent(use -> attributes.add('\\' + use));
                }
                if (subscribed.contains(name)) {
                    attributes.add("\\Subscribed");
                }
                write(session.out(), "LIST", attributes, name);
            }
        });
    }

    /** Writes one line. */
    static void write(Encoder out, String command, List<String> attributes, String name) {
        out.raw("* ")
                .raw(command)
                .raw(' ')
                .list(attributes)
                .raw(" \"/\" ")
                .mailbox(name)
                .crlf();
    }
}
