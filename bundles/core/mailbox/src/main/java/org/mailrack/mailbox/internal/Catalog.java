package org.mailrack.mailbox.internal;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.api.store.StoreException;

/**
 * Names and the mailboxes behind them. Makes the mailboxes of an account that is new. Names come in here in their stored form.
 * Thread-safe, also beside other processes on the same store: where two make the same mailbox, the second finds it.
 */
final class Catalog {

    private static final Logger log = LoggerFactory.getLogger(Catalog.class);
    private static final String INBOX = MailboxInfo.INBOX;
    private static final int KNOWN = 10_000;

    /** Where a delivery goes; its numbers may be old, id and UIDVALIDITY never change. */
    private record Key(String account, String name) {}

    private final MailboxStore store;
    private final Supplier<MailboxLimits> limits;
    /** Accounts that have their INBOX. */
    private final Set<String> provided = Collections.newSetFromMap(lru());

    private final Map<Key, MailboxInfo> targets = lru();
    /** Where a name was seen last: to be asked for again by id, which costs less than all of the account's names. */
    private final Map<Key, Long> seen = lru();
    /** One lock for all of an account's names. */
    private final Object[] locks = new Object[64];

    Catalog(MailboxStore store, Supplier<MailboxLimits> limits) {
        this.store = store;
        this.limits = limits;
        Arrays.setAll(locks, i -> new Object());
    }

    private static <K, V> Map<K, V> lru() {
        return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > KNOWN;
            }
        });
    }

    private Object lock(String account) {
        return locks[Math.floorMod(account.hashCode(), locks.length)];
    }

    /** The account's mailboxes in order. */
    List<MailboxInfo> list(String account) {
        provide(account);
        return store.mailboxes(account).stream().sorted(MailboxNames::compare).toList();
    }

    Optional<MailboxInfo> find(String account, String name) {
        provide(account);
        Key key = new Key(account, name);
        Long id = seen.get(key);
        if (id != null) {
            Optional<MailboxInfo> info = store.mailbox(id)
                    .filter(found ->
                            found.name().equals(name) && found.account().equals(account));
            if (info.isPresent()) {
                return info;
            }
        }
        List<MailboxInfo> all = store.mailboxes(account);
        if (all.size() < KNOWN) {
            all.forEach(info -> seen.put(new Key(account, info.name()), info.id()));
        }
        return all.stream().filter(info -> info.name().equals(name)).findFirst();
    }

    /** Where a name was seen last; the mailbox may have another name by now, or be no more. */
    Optional<Long> seen(String account, String name) {
        return Optional.ofNullable(seen.get(new Key(account, name)));
    }

    MailboxInfo get(String account, String name) {
        return find(account, name).orElseThrow(() -> noMailbox(name));
    }

    static StoreException noMailbox(String name) {
        return new StoreException(StoreException.Kind.NOT_FOUND, "there is no mailbox " + name);
    }

    /** A mailbox for deliveries, made when missing. */
    MailboxInfo target(String account, String name) {
        Key key = new Key(account, name);
        MailboxInfo known = targets.get(key);
        if (known == null) {
            // Under the lock, so that no rename comes between the look and the note.
            synchronized (lock(account)) {
                known = find(account, name).orElseGet(() -> ensure(account, name, Optional.empty()));
                targets.put(key, known);
            }
        }
        return known;
    }

    /** Something about the account's names has changed. */
    void forget(String account) {
        synchronized (targets) {
            targets.keySet().removeIf(key -> key.account().equals(account));
        }
    }

    /** Something has changed, nobody knows where. */
    void forgetAll() {
        targets.clear();
        provided.clear();
    }

    /** Forgets that the account was ever seen. */
    void forgetAccount(String account) {
        provided.remove(account);
        forget(account);
    }

    /**
     * Makes the mailboxes of a new account. INBOX comes last and says that the others are there: so a crash in between makes
     * nothing missing, and what a user deletes does not come again.
     */
    void provide(String account) {
        if (provided.contains(account)) {
            return;
        }
        synchronized (lock(account)) {
            if (store.mailboxes(account).stream().noneMatch(info -> info.name().equals(INBOX))) {
                limits.get().autocreated().forEach((name, attribute) -> {
                    Optional<String> form = MailboxNames.form(name, limits.get());
                    if (form.isEmpty()) {
                        log.warn("setting autocreate has a name that no mailbox can have name={}", name);
                    } else if (!form.get().equals(INBOX)) {
                        ensure(account, form.get(), Optional.of(attribute).filter(a -> !a.isEmpty()));
                        store.subscribe(account, form.get(), true);
                    }
                });
                store.subscribe(account, INBOX, true);
                ensure(account, INBOX, Optional.empty());
                log.info("mailboxes made account={}", account);
            }
            provided.add(account);
        }
    }

    /** Makes a mailbox and those above it, or finds it when it is there. */
    private MailboxInfo ensure(String account, String name, Optional<String> specialUse) {
        try {
            return make(account, name, specialUse);
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.EXISTS) {
                throw e;
            }
            return store.mailboxes(account).stream()
                    .filter(info -> info.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> noMailbox(name));
        }
    }

    /** Makes a mailbox and those above it that are missing. */
    MailboxInfo create(String account, String name, Optional<String> specialUse) {
        provide(account);
        synchronized (lock(account)) {
            return make(account, name, specialUse);
        }
    }

    private MailboxInfo make(String account, String name, Optional<String> specialUse) {
        Set<String> names = names(account);
        if (names.contains(name)) {
            throw exists(name);
        }
        makeParents(account, name, names, 1);
        return store.create(account, name, specialUse);
    }

    private Set<String> names(String account) {
        return store.mailboxes(account).stream().map(MailboxInfo::name).collect(Collectors.toSet());
    }

    static StoreException exists(String name) {
        return new StoreException(StoreException.Kind.EXISTS, "there is a mailbox " + name);
    }

    /** Makes what is missing above a name, from the top; room must be there for that and {@code more}. */
    private void makeParents(String account, String name, Set<String> names, int more) {
        ArrayDeque<String> missing = new ArrayDeque<>();
        for (Optional<String> above = MailboxNames.parent(name);
                above.isPresent();
                above = MailboxNames.parent(above.get())) {
            if (!names.contains(above.get())) {
                missing.addFirst(above.get());
            }
        }
        if (names.size() + missing.size() + more > limits.get().maxMailboxes()) {
            throw new StoreException(
                    StoreException.Kind.NO_SPACE,
                    "an account has at most " + limits.get().maxMailboxes() + " mailboxes");
        }
        for (String above : missing) {
            try {
                store.create(account, above, Optional.empty());
            } catch (StoreException e) {
                if (e.kind() != StoreException.Kind.EXISTS) {
                    throw e;
                }
            }
        }
    }

    /**
     * Renames a mailbox with those below it (RFC 9051 section 6.3.6), not INBOX.
     *
     * @return the mailboxes that have new names
     */
    Set<Long> rename(String account, String from, String to) {
        provide(account);
        synchronized (lock(account)) {
            List<MailboxInfo> present = store.mailboxes(account);
            Set<String> names = present.stream().map(MailboxInfo::name).collect(Collectors.toSet());
            if (!names.contains(from)) {
                throw noMailbox(from);
            }
            if (names.contains(to)) {
                throw exists(to);
            }
            if (MailboxNames.isBelow(to, from)) {
                throw new IllegalArgumentException("a mailbox cannot be moved below itself");
            }
            Map<Long, String> renamed = new HashMap<>();
            for (MailboxInfo info : present) {
                if (info.name().equals(from) || MailboxNames.isBelow(info.name(), from)) {
                    String name = to + info.name().substring(from.length());
                    renamed.put(info.id(), MailboxNames.checked(name, limits.get()));
                }
            }
            makeParents(account, to, names, 0);
            store.rename(renamed);
            forget(account);
            return renamed.keySet();
        }
    }

    Set<String> subscriptions(String account) {
        provide(account);
        return store.subscriptions(account);
    }

    void subscribe(String account, String name, boolean subscribed) {
        provide(account);
        synchronized (lock(account)) {
            if (subscribed) {
                Set<String> present = store.subscriptions(account);
                int max = limits.get().maxSubscriptions();
                if (!present.contains(name) && present.size() >= max) {
                    throw new StoreException(
                            StoreException.Kind.NO_SPACE, "an account has at most " + max + " subscriptions");
                }
            }
            store.subscribe(account, name, subscribed);
        }
    }
}
