package org.mailrack.directory.internal;

import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.mail.AddressException;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.store.AccountStore;
import org.mailrack.api.store.StoreException;

/** The directory, answered from memory. */
final class LocalDirectory implements Directory {

    private static final Logger log = LoggerFactory.getLogger(LocalDirectory.class);

    private final AccountStore store;
    private final LongSupplier nanoTime;
    private final Executor refresher;
    /** Held while the store is read or changed, so that an old reading never replaces a newer change. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile Settings settings;
    private volatile String hostname;
    private volatile Known known;
    private final AtomicLong readAt;

    /** @param refresher runs what reads the store anew, now and then */
    LocalDirectory(AccountStore store, Settings settings, LongSupplier nanoTime, Executor refresher) {
        this.store = store;
        this.nanoTime = nanoTime;
        this.refresher = refresher;
        settings(settings);
        known = Known.load(store);
        readAt = new AtomicLong(nanoTime.getAsLong());
    }

    void settings(Settings changed) {
        hostname = changed.hostname().isEmpty() ? HostName.find() : changed.hostname();
        settings = changed;
    }

    @Override
    public String hostname() {
        return hostname;
    }

    @Override
    public boolean isLocal(String domain) {
        return known().domains().contains(domain);
    }

    @Override
    public Optional<Account> account(MailAddress address) {
        String key = key(address);
        return known().accounts().contains(key) ? Optional.of(new Account(key)) : Optional.empty();
    }

    @Override
    public List<MailAddress> alias(MailAddress address) {
        return known().aliases().getOrDefault(key(address), List.of());
    }

    @Override
    public boolean accepts(MailAddress address) {
        Known now = known();
        if (!now.domains().contains(address.domain())) {
            return false;
        }
        String key = key(address);
        // RFC 5321 section 4.5.1: postmaster is there in every domain.
        return now.accounts().contains(key)
                || now.aliases().containsKey(key)
                || address.localPart().equalsIgnoreCase("postmaster");
    }

    /**
     * The account name that a login name means, whether there is such an account or not; empty when it can be none.
     */
    Optional<String> login(String name) {
        Known now = known();
        try {
            if (name.indexOf('@') >= 0) {
                return Optional.of(key(MailAddress.parse(name)));
            }
            String domain = settings.defaultDomain();
            if (domain.isEmpty() && now.domains().size() == 1) {
                domain = now.domains().stream().findFirst().orElse("");
            }
            String key = key(MailAddress.parse(name + '@' + (domain.isEmpty() ? "localhost" : domain)));
            if (!domain.isEmpty()) {
                return Optional.of(key);
            }
            List<String> candidates = now.withLocalPart(Known.localPart(key));
            return candidates.size() == 1 ? Optional.of(candidates.get(0)) : Optional.empty();
        } catch (AddressException e) {
            return Optional.empty();
        }
    }

    /** Changes the store and what is known of it. */
    void change(Consumer<Known> change) {
        lock.lock();
        try {
            change.accept(known);
        } finally {
            lock.unlock();
        }
    }

    private Known known() {
        int interval = settings.refreshInterval();
        long last = readAt.get();
        long now = nanoTime.getAsLong();
        if (interval > 0 && now - last >= TimeUnit.SECONDS.toNanos(interval) && readAt.compareAndSet(last, now)) {
            // Not here: who asks shall not wait for the store.
            refresher.execute(this::refresh);
        }
        return known;
    }

    private void refresh() {
        if (lock.tryLock()) {
            try {
                known = Known.load(store);
            } catch (StoreException e) {
                log.warn("directory not refreshed reason={}", e.getMessage());
            } finally {
                lock.unlock();
            }
        }
    }

    /** An address as accounts and aliases are kept: in lower case, and one spelling for what looks the same. */
    static String key(MailAddress address) {
        String key = address.key();
        return Normalizer.isNormalized(key, Normalizer.Form.NFC) ? key : Normalizer.normalize(key, Normalizer.Form.NFC);
    }
}
