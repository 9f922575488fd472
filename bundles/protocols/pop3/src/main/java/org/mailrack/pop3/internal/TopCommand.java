package org.mailrack.pop3.internal;

import java.util.List;
import java.util.OptionalInt;

/** TOP (RFC 1939 section 7). */
final class TopCommand implements Command {

    @Override
    public String keyword() {
        return "TOP";
    }

    @Override
    public When when() {
        return When.TRANSACTION;
    }

    @Override
    public void run(Pop3Session session, CommandLine line) {
        List<String> words = line.words();
        boolean wellFormed = words.size() == 2 && words.get(1).matches("[0-9]{1,18}");
        OptionalInt index = wellFormed ? session.maildrop().index(words.get(0)) : OptionalInt.empty();
        if (!wellFormed) {
            session.misused("Usage: TOP message lines");
        } else if (index.isEmpty()) {
            session.err("No such message");
        } else {
            MessageSender.send(session, index.getAsInt(), Long.parseLong(words.get(1)));
        }
    }
}
