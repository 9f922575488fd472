package org.mailrack.pop3.internal;

/** UTF8 (RFC 6856 section 2.1): the client reads headers in UTF-8. */
final class Utf8Command implements Command {

    @Override
    public String keyword() {
        return "UTF8";
    }

    @Override
    public When when() {
        return When.AUTHORIZATION;
    }

    @Override
    public void run(Pop3Session session, CommandLine line) {
        if (!line.isBare()) {
            session.misused("Usage: UTF8");
            return;
        }
        session.enableUtf8();
        session.ok("UTF8 enabled");
    }
}
