package org.mailrack.directory.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.AuthenticationException;
import org.mailrack.api.directory.AuthenticationException.Reason;
import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.directory.SaslExchange;
import org.mailrack.api.store.AccountStore;
import org.mailrack.api.store.StoreException;

/** Checks passwords against the account store. */
final class LocalAuthenticator implements Authenticator {

    private static final Logger log = LoggerFactory.getLogger(LocalAuthenticator.class);
    /** No account has this name, since no domain is empty. */
    private static final String NOBODY = "nobody@";

    private final AccountStore store;
    private final LocalDirectory directory;
    private final Hasher hasher;
    private final VerifierCache verifiers;
    private final FailureTable byName;
    private final FailureTable byClient;
    private volatile Settings settings;

    LocalAuthenticator(
            AccountStore store, LocalDirectory directory, Hasher hasher, Settings settings, LongSupplier nanoTime) {
        this.store = store;
        this.directory = directory;
        this.hasher = hasher;
        this.settings = settings;
        this.verifiers = new VerifierCache(settings.verifierLifetime(), settings.verifierMax(), nanoTime);
        this.byName = new FailureTable(settings.nameFailures(), nanoTime);
        this.byClient = new FailureTable(settings.clientFailures(), nanoTime);
    }

    void settings(Settings changed) {
        settings = changed;
        verifiers.limits(changed.verifierLifetime(), changed.verifierMax());
        byName.limits(changed.nameFailures());
        byClient.limits(changed.clientFailures());
    }

    @Override
    public boolean allowsPlaintext(Client client) {
        return client.secure() || settings.plaintextLoopback() && isLoopback(client.remote());
    }

    @Override
    public List<String> mechanisms(Client client) {
        return allowsPlaintext(client) ? List.of(SaslPlain.NAME, SaslLogin.NAME) : List.of();
    }

    @Override
    public SaslExchange begin(String mechanism, Client client) throws AuthenticationException {
        if (mechanisms(client).contains(mechanism)) {
            switch (mechanism) {
                case SaslPlain.NAME:
                    return new SaslPlain(this, client);
                case SaslLogin.NAME:
                    return new SaslLogin(this, client);
                default:
                    break;
            }
        }
        throw new AuthenticationException(Reason.UNSUPPORTED, "Authentication mechanism not supported");
    }

    @Override
    public Account password(String name, char[] password, Client client) throws AuthenticationException {
        return check("", name, password, client);
    }

    /** Checks a password; an authorization identity that is not empty must mean the same account. */
    Account check(String authorizeAs, String name, char[] password, Client client) throws AuthenticationException {
        if (!allowsPlaintext(client)) {
            throw new AuthenticationException(Reason.PRIVACY_REQUIRED, "Encryption is required before a password");
        }
        String clientKey = clientKey(client.remote());
        String nameKey = clientKey + ' ' + directory.login(name).orElseGet(() -> LogText.of(name));
        if (byName.refuses(nameKey) || byClient.refuses(clientKey)) {
            log.info(
                    "login refused session={} protocol={} account={} client={} reason=too many failures",
                    client.session(),
                    client.protocol(),
                    LogText.of(name),
                    address(client));
            throw new AuthenticationException(Reason.TEMPORARY, "Too many failed logins, try again later");
        }
        Optional<Account> account = verify(name, password).filter(found -> mayActAs(found, authorizeAs));
        if (account.isEmpty()) {
            long refused = Math.max(byName.failed(nameKey), byClient.failed(clientKey));
            log.info(
                    "login failed session={} protocol={} account={} client={}{}",
                    client.session(),
                    client.protocol(),
                    LogText.of(name),
                    address(client),
                    refused > 0 ? " refused=" + refused + "s" : "");
            throw new AuthenticationException(Reason.FAILED, "Authentication failed");
        }
        byName.succeeded(nameKey);
        log.info(
                "login session={} protocol={} account={} client={} tls={}",
                client.session(),
                client.protocol(),
                account.get().name(),
                address(client),
                client.secure());
        return account.get();
    }

    /** The account, if name and password fit; takes the time of one hash whether there is such an account or not. */
    private Optional<Account> verify(String name, char[] password) throws AuthenticationException {
        Optional<byte[]> prepared = Passwords.prepare(password);
        byte[] octets = prepared.orElseGet(() -> new byte[0]);
        try {
            Optional<String> account = directory.login(name);
            // The store is asked for a name that can be none, too, because that takes time.
            String key = account.orElse(NOBODY);
            Optional<String> stored = storedHash(key);
            boolean possible = prepared.isPresent() && stored.isPresent();
            if (verifiers.knows(key, stored.orElse(""), octets) && possible) {
                return account.map(Account::new);
            }
            Optional<Argon2.Hash> hash = stored.flatMap(Argon2.Hash::parse);
            if (stored.isPresent() && hash.isEmpty()) {
                log.warn("stored password hash is damaged account={}", key);
            }
            boolean matches = hasher.matches(hash.orElseGet(hasher::dummy), octets)
                    .orElseThrow(
                            () -> new AuthenticationException(Reason.TEMPORARY, "Too many logins, try again later"));
            if (!matches || !possible || hash.isEmpty()) {
                return Optional.empty();
            }
            verifiers.remember(key, stored.get(), octets);
            return account.map(Account::new);
        } catch (StoreException e) {
            log.warn("login not checked account={} reason={}", LogText.of(name), e.getMessage());
            throw new AuthenticationException(Reason.TEMPORARY, "Authentication is not possible now, try again later");
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    private Optional<String> storedHash(String account) {
        return store.credentials(account).map((Map<String, String> c) -> c.get(LocalAdmin.SCHEME));
    }

    /** RFC 4616 section 2: nobody acts for another here. */
    private boolean mayActAs(Account account, String authorizeAs) {
        return authorizeAs.isEmpty()
                || directory.login(authorizeAs).filter(account.name()::equals).isPresent();
    }

    private static boolean isLoopback(InetSocketAddress remote) {
        return remote.getAddress() != null && remote.getAddress().isLoopbackAddress();
    }

    /** A client for the counters: an IPv6 client owns a whole /64, so that is one client. */
    static String clientKey(InetSocketAddress remote) {
        InetAddress address = remote.getAddress();
        if (address == null) {
            return "unknown";
        }
        byte[] octets = address.getAddress();
        if (octets.length == 16) {
            StringBuilder prefix = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                prefix.append(Character.forDigit(octets[i] >> 4 & 15, 16))
                        .append(Character.forDigit(octets[i] & 15, 16));
            }
            return prefix.toString();
        }
        return address.getHostAddress();
    }

    private static String address(Client client) {
        InetAddress address = client.remote().getAddress();
        return address == null ? "unknown" : address.getHostAddress();
    }
}
