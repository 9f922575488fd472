package org.mailrack.pop3.internal;

import java.io.IOException;
import java.util.OptionalInt;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a message or its top. */
final class MessageSender {

    private static final Logger log = LoggerFactory.getLogger(MessageSender.class);

    private MessageSender() {}

    /** Answers with a message; returns its index again if it is on its way. */
    static OptionalInt send(Pop3Session session, int index, long bodyLines) {
        Maildrop maildrop = session.maildrop();
        try {
            boolean strict = session.services().settings().utf8Strict() && !session.utf8();
            if (strict && maildrop.hasUtf8Header(index)) {
                session.err("[UTF8] The message has UTF-8 in its header: use the UTF8 command");
                return OptionalInt.empty();
            }
            // Opened before the answer: afterwards there would be no way to say that it cannot be.
            MessageChannel message = new MessageChannel(maildrop.open(index), bodyLines);
            session.ok(
                    bodyLines == Long.MAX_VALUE ? maildrop.messageSize(index) + " octets" : "top of message follows");
            session.connection().write(message);
            return OptionalInt.of(index);
        } catch (IOException e) {
            log.warn(
                    "message cannot be read session={} reason={}",
                    session.connection().id(),
                    e.getMessage());
            session.err("[SYS/PERM] The message cannot be read");
            return OptionalInt.empty();
        }
    }
}
