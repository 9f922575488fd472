package org.mailrack.pop3.internal;

/** QUIT (RFC 1939 sections 4 and 6). */
final class QuitCommand implements Command {

    @Override
    public String keyword() {
        return "QUIT";
    }

    @Override
    public When when() {
        return When.ALWAYS;
    }

    @Override
    public void run(Pop3Session session, CommandLine line) {
        session.quit();
    }
}
