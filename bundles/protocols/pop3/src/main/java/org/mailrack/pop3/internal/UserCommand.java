package org.mailrack.pop3.internal;

import java.util.Optional;

/** USER (RFC 1939 section 7), in UTF-8 (RFC 6856 section 2.2). */
final class UserCommand implements Command {

    @Override
    public String keyword() {
        return "USER";
    }

    @Override
    public When when() {
        return When.AUTHORIZATION;
    }

    @Override
    public void run(Pop3Session session, CommandLine line) {
        Optional<char[]> name = line.rest();
        if (!session.services().authenticator().allowsPlaintext(session.client())) {
            session.misused("Encryption is required before a password: use STLS");
        } else if (name.isEmpty() || line.isBare()) {
            session.misused("Usage: USER name");
        } else {
            session.user(new String(name.get()).strip());
            // The same for everybody: whether there is such a user, PASS does not tell either.
            session.ok("");
        }
    }
}
