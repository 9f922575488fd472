package org.mailrack.pop3.internal;

/** STAT (RFC 1939 section 5). */
final class StatCommand implements Command {

    @Override
    public String keyword() {
        return "STAT";
    }

    @Override
    public When when() {
        return When.TRANSACTION;
    }

    @Override
    public void run(Pop3Session session, CommandLine line) {
        Maildrop maildrop = session.maildrop();
        session.ok(maildrop.count() + " " + maildrop.octets());
    }
}
