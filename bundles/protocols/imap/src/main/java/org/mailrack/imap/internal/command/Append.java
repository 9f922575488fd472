package org.mailrack.imap.internal.command;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.StoreException;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.codec.ImapDates;
import org.mailrack.imap.internal.codec.LiteralSink;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.CommandException;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** APPEND (RFC 3501 section 6.3.11), of several messages too (RFC 3502), with APPENDUID (RFC 4315 section 3). */
final class Append implements Command.WithStream {

    @Override
    public String name() {
        return "APPEND";
    }

    @Override
    public Set<State> states() {
        return State.KNOWN;
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        Names.read(in);
        List<AppendSink> messages = new ArrayList<>();
        while (in.more()) {
            FlagsAndDate.read(session, in);
            if (!(in.stream() instanceof AppendSink sink)) {
                throw in.fail("Literal expected");
            }
            messages.add(sink);
        }
        if (messages.isEmpty()) {
            in.fail("Literal expected");
        }
        try {
            List<Mailboxes.Appended> done = AppendSink.append(messages);
            UidSet uids = UidSet.of(done.stream().map(Mailboxes.Appended::uid).toList());
            return Response.ok("APPENDUID " + done.get(0).uidValidity() + ' ' + uids, "APPEND completed");
        } catch (StoreException e) {
            throw e.kind() == StoreException.Kind.NOT_FOUND ? missing() : e;
        }
    }

    @Override
    public List<String> capabilities(ImapSession session) {
        return List.of("MULTIAPPEND");
    }

    @Override
    public LiteralSink literal(ImapSession session, Decoder in, long size) {
        if (in.atEnd()) {
            // The mailbox name itself.
            return null;
        }
        String mailbox = Names.read(in);
        in.space();
        FlagsAndDate what = FlagsAndDate.read(session, in);
        for (int before = 1; !in.atEnd(); before++) {
            if (before == session.limits().appends()) {
                throw CommandException.no("LIMIT", "More than " + before + " messages");
            }
            in.stream();
            in.space();
            what = FlagsAndDate.read(session, in);
        }
        if (size > session.limits().append()) {
            throw CommandException.no(
                    "TOOBIG", "Message longer than " + session.limits().append() + " octets");
        }
        if (size == 0) {
            throw CommandException.no("CANNOT", "Message is empty");
        }
        if (session.mailboxes().find(session.account(), mailbox).isEmpty()) {
            throw missing();
        }
        return new AppendSink(session, mailbox, what.flags(), what.date());
    }

    private static CommandException missing() {
        return CommandException.no("TRYCREATE", "No such mailbox");
    }

    private record FlagsAndDate(Flags flags, Instant date) {
        static FlagsAndDate read(ImapSession session, Decoder in) {
            Flags flags = Flags.NONE;
            if (in.peek() == '(') {
                flags = FlagLists.read(in, session.limits().arguments(), true);
                in.space();
            }
            Instant date = Instant.now();
            if (in.peek() == '"') {
                date = ImapDates.dateTime(in);
                in.space();
            }
            return new FlagsAndDate(flags, date);
        }
    }
}
