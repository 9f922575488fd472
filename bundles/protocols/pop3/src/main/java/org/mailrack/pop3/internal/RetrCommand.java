package org.mailrack.pop3.internal;

import java.util.List;
import java.util.OptionalInt;

/** RETR (RFC 1939 section 5). */
final class RetrCommand implements Command {

    @Override
    public String keyword() {
        return "RETR";
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
        MessageSender.send(session, index.getAsInt(), Long.MAX_VALUE).ifPresent(session.maildrop()::markRetrieved);
    }
}
