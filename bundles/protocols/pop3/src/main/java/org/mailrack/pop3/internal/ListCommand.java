package org.mailrack.pop3.internal;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** LIST (RFC 1939 section 5). */
final class ListCommand implements Command {

    @Override
    public String keyword() {
        return "LIST";
    }

    @Override
    public When when() {
        return When.TRANSACTION;
    }

    @Override
    public void run(Pop3Session session, CommandLine line) {
        Maildrop maildrop = session.maildrop();
        List<String> words = line.words();
        if (words.isEmpty()) {
            session.ok(maildrop.count() + " messages (" + maildrop.octets() + " octets)");
            session.connection()
                    .write(new ListingChannel(
                            maildrop.size(),
                            i -> maildrop.isDeleted(i)
                                    ? Optional.empty()
                                    : Optional.of((i + 1) + " " + maildrop.messageSize(i))));
            return;
        }
        OptionalInt index = words.size() == 1 ? maildrop.index(words.get(0)) : OptionalInt.empty();
        if (index.isEmpty()) {
            session.err("No such message");
        } else {
            session.ok((index.getAsInt() + 1) + " " + maildrop.messageSize(index.getAsInt()));
        }
    }
}
