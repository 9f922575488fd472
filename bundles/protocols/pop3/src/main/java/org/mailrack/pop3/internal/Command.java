package org.mailrack.pop3.internal;

/** One command of the protocol. Has no state of its own. */
interface Command {

    /** The states of RFC 1939 section 3 in which a command is given. */
    enum When {
        AUTHORIZATION,
        TRANSACTION,
        ALWAYS
    }

    /** Its keyword, in upper case. */
    String keyword();

    /** When it is known. */
    When when();

    /** Carries it out and answers. */
    void run(Pop3Session session, CommandLine line);
}
