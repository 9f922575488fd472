package org.mailrack.pop3.internal;

/** RSET (RFC 1939 section 5): takes back all DELEs. */
final class RsetCommand implements Command {

    @Override
    public String keyword() {
        return "RSET";
    }

    @Override
    public When when() {
        return When.TRANSACTION;
    }

    @Override
    public void run(Pop3Session session, CommandLine line) {
        session.maildrop().reset();
        session.ok("maildrop has " + session.maildrop().count() + " messages ("
                + session.maildrop().octets() + " octets)");
    }
}
