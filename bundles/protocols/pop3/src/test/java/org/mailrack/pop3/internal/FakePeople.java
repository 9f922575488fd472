package org.mailrack.pop3.internal;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.AuthenticationException;
import org.mailrack.api.directory.AuthenticationException.Reason;
import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.directory.SaslExchange;
import org.mailrack.api.mail.MailAddress;

/** The server hamburger.edu, where bob is hungry. */
final class FakePeople implements Directory, Authenticator {

    private static final Map<String, String> PASSWORDS =
            Map.of("bob", "hungry", "spaced", " two  words ", "zo\u00e9", "cr\u00eape");

    boolean plaintext = true;

    @Override
    public String hostname() {
        return "hamburger.edu";
    }

    @Override
    public boolean isLocal(String domain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Account> account(MailAddress address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<MailAddress> alias(MailAddress address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean accepts(MailAddress address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean allowsPlaintext(Client client) {
        return plaintext || client.secure();
    }

    @Override
    public List<String> mechanisms(Client client) {
        return allowsPlaintext(client) ? List.of("PLAIN", "LOGIN") : List.of();
    }

    @Override
    public Account password(String name, char[] password, Client client) throws AuthenticationException {
        if (name.equals("busy")) {
            throw new AuthenticationException(Reason.TEMPORARY, "Too many failed logins, try again later");
        }
        if (name.equals("bug")) {
            throw new IllegalStateException("a bug, as the test wants it");
        }
        if (!new String(password).equals(PASSWORDS.get(name))) {
            throw new AuthenticationException(Reason.FAILED, "Authentication failed");
        }
        return new Account(name + "@hamburger.edu");
    }

    @Override
    public SaslExchange begin(String mechanism, Client client) throws AuthenticationException {
        if (!mechanisms(client).contains(mechanism)) {
            throw new AuthenticationException(Reason.UNSUPPORTED, "Authentication mechanism not supported");
        }
        return new SaslExchange() {
            private Account account;
            private String name;

            @Override
            public Optional<byte[]> respond(Optional<byte[]> response) throws AuthenticationException {
                if (response.isEmpty()) {
                    return Optional.of((mechanism.equals("PLAIN") ? "" : "Username:").getBytes(StandardCharsets.UTF_8));
                }
                String text = new String(response.get(), StandardCharsets.UTF_8);
                if (mechanism.equals("LOGIN") && name == null) {
                    name = text;
                    return Optional.of("Password:".getBytes(StandardCharsets.UTF_8));
                }
                String[] parts = mechanism.equals("PLAIN") ? text.split("\0", -1) : new String[] {"", name, text};
                if (parts.length != 3) {
                    throw new AuthenticationException(Reason.MALFORMED, "Malformed authentication response");
                }
                account = password(parts[1], parts[2].toCharArray(), client);
                return Optional.empty();
            }

            @Override
            public Account account() {
                return account;
            }
        };
    }
}
