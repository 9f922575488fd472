package org.mailrack.pop3.internal;

import java.util.Arrays;
import java.util.Optional;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.AuthenticationException;
import org.mailrack.api.directory.Authenticator;

/** PASS (RFC 1939 section 7): the password is the rest of the line, spaces and all. */
final class PassCommand implements Command {

    @Override
    public String keyword() {
        return "PASS";
    }

    @Override
    public When when() {
        return When.AUTHORIZATION;
    }

    @Override
    public void run(Pop3Session session, CommandLine line) {
        Optional<String> user = session.user();
        Optional<char[]> password = line.rest();
        if (user.isEmpty()) {
            session.misused("Give USER first");
            return;
        }
        if (password.isEmpty()) {
            session.misused("Usage: PASS password");
            return;
        }
        session.user(null);
        Authenticator.Client client = session.client();
        session.aside(() -> {
            try {
                Account account = session.services().authenticator().password(user.get(), password.get(), client);
                return () -> session.enter(account);
            } catch (AuthenticationException e) {
                return () -> session.loginFailed(Replies.of(e));
            } finally {
                Arrays.fill(password.get(), (char) 0);
            }
        });
    }
}
