package org.mailrack.directory.internal;

import java.util.Arrays;
import java.util.Optional;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.AuthenticationException;
import org.mailrack.api.directory.Authenticator.Client;
import org.mailrack.api.directory.SaslExchange;

/** PLAIN (RFC 4616): one response, {@code [authzid] NUL authcid NUL passwd}. */
final class SaslPlain implements SaslExchange {

    static final String NAME = "PLAIN";

    private final LocalAuthenticator authenticator;
    private final Client client;
    private boolean over;
    private boolean asked;
    private Account account;

    SaslPlain(LocalAuthenticator authenticator, Client client) {
        this.authenticator = authenticator;
        this.client = client;
    }

    @Override
    public Optional<byte[]> respond(Optional<byte[]> response) throws AuthenticationException {
        if (over) {
            throw SaslText.malformed();
        }
        if (response.isEmpty() && !asked) {
            asked = true;
            return Optional.of(new byte[0]);
        }
        over = true;
        account = check(response.orElseThrow(SaslText::malformed));
        return Optional.empty();
    }

    private Account check(byte[] message) throws AuthenticationException {
        int first = indexOfNul(message, 0);
        int second = indexOfNul(message, first + 1);
        if (first < 0 || second < 0) {
            throw SaslText.malformed();
        }
        String authorizeAs = new String(SaslText.decode(message, 0, first, SaslText.MAX_NAME));
        String name = new String(SaslText.decode(message, first + 1, second, SaslText.MAX_NAME));
        char[] password = SaslText.decode(message, second + 1, message.length, Passwords.MAX_OCTETS);
        try {
            if (name.isEmpty() || password.length == 0) {
                throw SaslText.malformed();
            }
            return authenticator.check(authorizeAs, name, password, client);
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private static int indexOfNul(byte[] message, int from) {
        for (int i = from; i < message.length; i++) {
            if (message[i] == 0) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public Account account() {
        if (account == null) {
            throw new IllegalStateException("not authenticated");
        }
        return account;
    }
}
