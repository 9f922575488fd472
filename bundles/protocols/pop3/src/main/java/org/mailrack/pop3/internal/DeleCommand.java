package org.mailrack.pop3.internal;

import java.util.List;
import java.util.OptionalInt;

/** DELE (RFC 1939 section 5): marks a message; QUIT removes it. */
final class DeleCommand implements Command {

    @Override
    public String keyword() {
        return "DELE";
    }

    @Override
    public When when() {
        return When.TRANSACTION;
    }

    @Override
    public void run(Pop3Session session, CommandLine line) {
        List<String> words = line.words();
        OptionalInt index = words.size() == 1 ? session.maildrop().index(words.get(0)) : OptionalInt.empty();
        if (index.isEmpty()) {
            session.err("No such message");
            return;
        }
        session.maildrop().markDeleted(index.getAsInt());
        session.ok("message " + words.get(0) + " deleted");
    }
}
