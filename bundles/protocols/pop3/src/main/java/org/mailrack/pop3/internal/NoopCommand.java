package org.mailrack.pop3.internal;

/** NOOP (RFC 1939 section 5). */
final class NoopCommand implements Command {

    @Override
    public String keyword() {
        return "NOOP";
    }

    @Override
    public When when() {
        return When.TRANSACTION;
    }

    @Override
    public void run(Pop3Session session, CommandLine line) {
        session.ok("");
    }
}
