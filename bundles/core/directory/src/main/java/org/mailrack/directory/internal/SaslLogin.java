package org.mailrack.directory.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.AuthenticationException;
import org.mailrack.api.directory.Authenticator.Client;
import org.mailrack.api.directory.SaslExchange;

/** LOGIN, never standardised and still what some clients know: asks for the name, then for the password. */
final class SaslLogin implements SaslExchange {

    static final String NAME = "LOGIN";

    private final LocalAuthenticator authenticator;
    private final Client client;
    private boolean over;
    private boolean asked;
    private String name;
    private Account account;

    SaslLogin(LocalAuthenticator authenticator, Client client) {
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
            return challenge("Username:");
        }
        over = true;
        byte[] octets = response.orElseThrow(SaslText::malformed);
        if (name == null) {
            name = new String(SaslText.decode(octets, 0, octets.length, SaslText.MAX_NAME));
            over = name.isEmpty();
            if (over) {
                throw SaslText.malformed();
            }
            return challenge("Password:");
        }
        char[] password = SaslText.decode(octets, 0, octets.length, Passwords.MAX_OCTETS);
        try {
            account = authenticator.check("", name, password, client);
            return Optional.empty();
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private static Optional<byte[]> challenge(String text) {
        return Optional.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public Account account() {
        if (account == null) {
            throw new IllegalStateException("not authenticated");
        }
        return account;
    }
}
