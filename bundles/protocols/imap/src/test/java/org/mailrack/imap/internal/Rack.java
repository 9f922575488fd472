package org.mailrack.imap.internal;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.AuthenticationException;
import org.mailrack.api.directory.AuthenticationException.Reason;
import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.directory.SaslExchange;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.mailbox.internal.MailboxLimits;
import org.mailrack.mailbox.internal.MailboxesImpl;
import org.mailrack.testkit.InMemoryContentStore;
import org.mailrack.testkit.InMemoryMailboxStore;

/** Real mailboxes over stores in memory, and one account: bob@hamburger.edu, whose password is hungry. */
final class Rack implements AutoCloseable {

    static final String BOB = "bob@hamburger.edu";

    final InMemoryContentStore contents = new InMemoryContentStore();
    final InMemoryMailboxStore store = new InMemoryMailboxStore();
    final MailboxesImpl mailboxes = new MailboxesImpl(store, contents, MailboxLimits.DEFAULTS);
    final Passwords authenticator = new Passwords();
    final ImapProtocol protocol;

    Rack() {
        this(Map.of());
    }

    Rack(Map<String, Object> settings) {
        protocol = new ImapProtocol(mailboxes, authenticator, new Names(), config(settings));
    }

    /** The settings' defaults, but for those given by method name. */
    static ImapConfig config(Map<String, Object> settings) {
        return (ImapConfig) Proxy.newProxyInstance(
                Rack.class.getClassLoader(),
                new Class<?>[] {ImapConfig.class},
                (proxy, method, args) -> settings.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    /** Knows the host's name and nothing else. */
    static Directory directory() {
        return new Names();
    }

    /** A session that has just been greeted. */
    Client connect() {
        return new Client(protocol);
    }

    /** A session that is logged in. */
    Client login() {
        Client client = connect();
        client.ok("LOGIN bob hungry");
        return client;
    }

    /** A session with INBOX selected. */
    Client inbox() {
        Client client = login();
        client.ok("SELECT INBOX");
        return client;
    }

    Mailboxes.Appended deliver(String text, String... flags) {
        return deliver("INBOX", Instant.parse("2026-01-02T03:04:05Z"), text, flags);
    }

    Mailboxes.Appended deliver(String mailbox, Instant date, String text, String... flags) {
        ContentWriter writer = mailboxes.create();
        writer.write(ByteBuffer.wrap(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)));
        return mailboxes.append(BOB, mailbox, writer, Flags.of(flags), date);
    }

    @Override
    public void close() {
        protocol.deactivate();
        mailboxes.close();
    }

    /** Accepts hungry, by password and by PLAIN. */
    static final class Passwords implements Authenticator {
        boolean plaintext = true;
        boolean down;

        @Override
        public boolean allowsPlaintext(Client client) {
            return plaintext || client.secure();
        }

        @Override
        public List<String> mechanisms(Client client) {
            return allowsPlaintext(client) ? List.of("PLAIN", "LOGIN") : List.of();
        }

        @Override
        public SaslExchange begin(String mechanism, Client client) throws AuthenticationException {
            if (!mechanisms(client).contains(mechanism)) {
                throw new AuthenticationException(Reason.UNSUPPORTED, "no such mechanism");
            }
            return mechanism.equals("PLAIN") ? new Plain() : new TwoSteps();
        }

        @Override
        public Account password(String name, char[] password, Client client) throws AuthenticationException {
            if (down) {
                throw new AuthenticationException(Reason.TEMPORARY, "down");
            }
            if (!(name.equals("bob") || name.equals(BOB)) || !new String(password).equals("hungry")) {
                throw new AuthenticationException(Reason.FAILED, "no");
            }
            return new Account(BOB);
        }

        private final class Plain implements SaslExchange {
            @Override
            public Optional<byte[]> respond(Optional<byte[]> response) throws AuthenticationException {
                if (response.isEmpty()) {
                    return Optional.of(new byte[0]);
                }
                String[] parts = new String(response.get(), StandardCharsets.UTF_8).split("\0", -1);
                if (parts.length != 3) {
                    throw new AuthenticationException(Reason.MALFORMED, "not PLAIN");
                }
                password(parts[1], parts[2].toCharArray(), null);
                return Optional.empty();
            }

            @Override
            public Account account() {
                return new Account(BOB);
            }
        }

        private final class TwoSteps implements SaslExchange {
            private String name;

            @Override
            public Optional<byte[]> respond(Optional<byte[]> response) throws AuthenticationException {
                if (response.isEmpty()) {
                    return Optional.of("Username:".getBytes(StandardCharsets.US_ASCII));
                }
                String text = new String(response.get(), StandardCharsets.UTF_8);
                if (name == null) {
                    name = text;
                    return Optional.of("Password:".getBytes(StandardCharsets.US_ASCII));
                }
                password(name, text.toCharArray(), null);
                return Optional.empty();
            }

            @Override
            public Account account() {
                return new Account(BOB);
            }
        }
    }

    private static final class Names implements Directory {
        @Override
        public String hostname() {
            return "mail.hamburger.edu";
        }

        @Override
        public boolean isLocal(String domain) {
            return domain.equals("hamburger.edu");
        }

        @Override
        public Optional<Account> account(MailAddress address) {
            return Optional.empty();
        }

        @Override
        public List<MailAddress> alias(MailAddress address) {
            return List.of();
        }

        @Override
        public boolean accepts(MailAddress address) {
            return false;
        }
    }
}
