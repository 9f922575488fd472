package org.mailrack.imap.internal.session;

import java.util.List;
import java.util.Set;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.codec.LiteralSink;

/** One command. Has no state: one instance serves every session. */
public interface Command {

    /** Its name in upper case. */
    String name();

    /** The states in which it is valid. */
    Set<State> states();

    /** What CAPABILITY says because this command is there, as things are in a session. */
    default List<String> capabilities(ImapSession session) {
        return List.of();
    }

    /** What may be told of the mailbox before its tagged end. */
    default Updates updates() {
        return Updates.ALL;
    }

    /**
     * Does it.
     *
     * @param in its arguments, after the space that follows the name or at the end if there are none
     * @return its end, or {@link Response#LATER}
     */
    Response run(ImapSession session, Decoder in);

    /** A command that UID can stand before (RFC 3501 section 6.4.8). */
    interface WithUid extends Command {

        /** Does it with UIDs in place of message numbers when asked so. */
        Response run(ImapSession session, Decoder in, boolean uid);

        @Override
        default Response run(ImapSession session, Decoder in) {
            return run(session, in, false);
        }
    }

    /** A command that takes a literal without holding it in memory. */
    interface WithStream extends Command {

        /**
         * Decides on a literal before any of it is taken.
         *
         * @param in the arguments up to the literal
         * @return where it goes, or null to keep it in memory like any other
         * @throws CommandException when the command ends here
         */
        LiteralSink literal(ImapSession session, Decoder in, long size);
    }

    /** What may be told of the mailbox. */
    enum Updates {
        /** Nothing. */
        NONE,
        /** No EXPUNGE, because message numbers must keep their meaning (RFC 3501 section 7.4.1). */
        NO_EXPUNGE,
        /** Everything. */
        ALL
    }
}
