package org.mailrack.directory.internal;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.mailrack.api.directory.AuthenticationException;
import org.mailrack.api.directory.Authenticator.Client;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.testkit.InMemoryAccountStore;

/** A directory over a store in memory, with cheap hashes and a clock that the test moves. */
final class Rig {

    /** Counts how often credentials are asked for. */
    static final class CountingStore extends InMemoryAccountStore {
        final AtomicInteger credentialReads = new AtomicInteger();

        @Override
        public Optional<Map<String, String>> credentials(String name) {
            credentialReads.incrementAndGet();
            return super.credentials(name);
        }
    }

    final CountingStore store = new CountingStore();
    final AtomicLong clock = new AtomicLong();
    final Settings settings;
    final Hasher hasher;
    final LocalDirectory directory;
    final LocalAdmin admin;
    final LocalAuthenticator authenticator;
    Mailboxes mailboxes;

    Rig() {
        this(Map.of());
    }

    Rig(Map<String, Object> changed) {
        Map<String, Object> all = new HashMap<>(
                Map.of("hostname", "hamburger.edu", "argon2_memory", 32, "argon2_iterations", 1, "hash_wait", 0));
        all.putAll(changed);
        settings = Settings.of(config(all));
        hasher = new Hasher(settings);
        directory = new LocalDirectory(store, settings, clock::get, Runnable::run);
        admin = new LocalAdmin(store, directory, hasher, () -> Optional.ofNullable(mailboxes));
        authenticator = new LocalAuthenticator(store, directory, hasher, settings, clock::get);
    }

    /** The two domains and two people of the demo. */
    Rig demo() {
        admin.addDomain("crepes.fr");
        admin.addDomain("hamburger.edu");
        add("alice@crepes.fr", "pancake");
        add("bob@hamburger.edu", "hungry");
        return this;
    }

    void add(String address, String password) {
        admin.addAccount(MailAddress.parse(address), password.toCharArray());
    }

    void passSeconds(long seconds) {
        clock.addAndGet(seconds * 1_000_000_000L);
    }

    String login(String name, String password) throws AuthenticationException {
        return login(name, password, tls("192.0.2.1"));
    }

    String login(String name, String password, Client client) throws AuthenticationException {
        return authenticator.password(name, password.toCharArray(), client).name();
    }

    static Client tls(String address) {
        return new Client("s-1", "imap", new InetSocketAddress(address, 4711), true);
    }

    static Client plain(String address) {
        return new Client("s-1", "imap", new InetSocketAddress(address, 4711), false);
    }

    /** A configuration with defaults but for what is given. */
    static DirectoryConfig config(Map<String, Object> changed) {
        return (DirectoryConfig) Proxy.newProxyInstance(
                Rig.class.getClassLoader(), new Class<?>[] {DirectoryConfig.class}, (proxy, method, args) -> {
                    Object value = changed.getOrDefault(method.getName(), method.getDefaultValue());
                    if (value instanceof RuntimeException broken) {
                        throw broken;
                    }
                    return value;
                });
    }
}
