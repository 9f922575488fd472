package org.mailrack.directory.internal;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.DirectoryAdmin;
import org.mailrack.api.mail.AddressException;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.store.AccountStore;
import org.mailrack.api.store.StoreException;

/** Changes the directory. */
final class LocalAdmin implements DirectoryAdmin {

    /** The scheme under which a store keeps what {@link Argon2} writes. */
    static final String SCHEME = "argon2id";

    private static final int MAX_ALIAS_TARGETS = 1000;
    private static final Logger log = LoggerFactory.getLogger(LocalAdmin.class);

    private final AccountStore store;
    private final LocalDirectory directory;
    private final Hasher hasher;
    private final Supplier<Optional<Mailboxes>> mailboxes;

    LocalAdmin(AccountStore store, LocalDirectory directory, Hasher hasher, Supplier<Optional<Mailboxes>> mailboxes) {
        this.store = store;
        this.directory = directory;
        this.hasher = hasher;
        this.mailboxes = mailboxes;
    }

    @Override
    public List<String> domains() {
        return asked(store::domains);
    }

    @Override
    public void addDomain(String domain) {
        String name = domainName(domain);
        change("domain " + name, known -> {
            store.addDomain(name);
            known.domains().add(name);
        });
        log.info("domain added domain={}", name);
    }

    @Override
    public void removeDomain(String domain) {
        String name = domainName(domain);
        change("domain " + name, known -> {
            long accounts = store.accounts().stream()
                    .filter(account -> Known.domain(account).equals(name))
                    .count();
            if (accounts > 0) {
                throw new IllegalArgumentException("domain " + name + " has " + accounts
                        + (accounts == 1 ? " account: remove it first" : " accounts: remove them first"));
            }
            for (String alias : store.aliases().keySet()) {
                if (Known.domain(alias).equals(name)) {
                    store.setAlias(alias, List.of());
                    known.setAlias(alias, List.of());
                }
            }
            store.removeDomain(name);
            known.domains().remove(name);
        });
        log.info("domain removed domain={}", name);
    }

    @Override
    public List<Account> accounts() {
        return asked(store::accounts).stream().map(Account::new).toList();
    }

    @Override
    public Account addAccount(MailAddress address, char[] password) {
        String name = LocalDirectory.key(address);
        requireLocal(address);
        if (!directory.alias(address).isEmpty()) {
            throw new IllegalArgumentException(name + " is an alias: remove it first");
        }
        if (directory.account(address).isPresent()) {
            throw new IllegalArgumentException("account " + name + " is there already");
        }
        String hash = hash(password);
        change("account " + name, known -> {
            store.addAccount(name, Map.of(SCHEME, hash));
            known.addAccount(name);
        });
        log.info("account added account={}", name);
        return new Account(name);
    }

    @Override
    public void setPassword(MailAddress address, char[] password) {
        String name = LocalDirectory.key(address);
        String hash = hash(password);
        change("account " + name, known -> store.setCredentials(name, Map.of(SCHEME, hash)));
        log.info("password changed account={}", name);
    }

    @Override
    public void removeAccount(MailAddress address) {
        String name = LocalDirectory.key(address);
        if (asked(() -> store.credentials(name)).isEmpty()) {
            throw new IllegalArgumentException("there is no account " + name);
        }
        Optional<Mailboxes> service = mailboxes.get();
        // The mailboxes first: when that fails, the account is still there and the command can be given again.
        service.ifPresent(m -> asked(() -> {
            m.deleteAccount(name);
            return name;
        }));
        change("account " + name, known -> {
            store.removeAccount(name);
            known.removeAccount(name);
        });
        if (service.isEmpty()) {
            log.warn("account removed but not its mailboxes account={} reason=no mailbox service", name);
            return;
        }
        try {
            // A mail may have been delivered in between; the next owner of this name must not find it.
            service.get().deleteAccount(name);
        } catch (StoreException e) {
            log.warn("mailboxes may be left account={} reason={}", name, e.getMessage());
        }
        log.info("account removed account={}", name);
    }

    @Override
    public void setAlias(MailAddress address, List<MailAddress> targets) {
        String name = LocalDirectory.key(address);
        if (targets.isEmpty()) {
            if (directory.alias(address).isEmpty()) {
                throw new IllegalArgumentException("there is no alias " + name);
            }
        } else {
            requireLocal(address);
            if (directory.account(address).isPresent()) {
                throw new IllegalArgumentException(name + " is an account and cannot be an alias too");
            }
            if (targets.size() > MAX_ALIAS_TARGETS) {
                throw new IllegalArgumentException("an alias has at most " + MAX_ALIAS_TARGETS + " targets");
            }
            if (leadsTo(name, targets)) {
                throw new IllegalArgumentException("the alias " + name + " would lead back to itself");
            }
        }
        change("alias " + name, known -> {
            store.setAlias(name, targets.stream().map(MailAddress::toString).toList());
            known.setAlias(name, targets);
        });
        log.info("alias set alias={} targets={}", name, targets.size());
    }

    /** All aliases, from the store. */
    Map<String, List<String>> aliases() {
        return asked(store::aliases);
    }

    private boolean leadsTo(String name, List<MailAddress> targets) {
        Deque<MailAddress> open = new ArrayDeque<>(targets);
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            MailAddress next = open.pop();
            String key = LocalDirectory.key(next);
            if (key.equals(name)) {
                return true;
            }
            if (seen.add(key)) {
                directory.alias(next).forEach(open::push);
            }
        }
        return false;
    }

    private void requireLocal(MailAddress address) {
        if (!directory.isLocal(address.domain())) {
            throw new IllegalArgumentException(address.domain() + " is no local domain: add it first");
        }
    }

    private String hash(char[] password) {
        byte[] prepared = Passwords.prepare(password)
                .orElseThrow(() -> new IllegalArgumentException(
                        "a password has 1 to " + Passwords.MAX_OCTETS + " octets in UTF-8 and no control characters"));
        try {
            return hasher.hash(prepared)
                    .orElseThrow(() -> new IllegalArgumentException("too many passwords are being checked: try again"));
        } finally {
            Arrays.fill(prepared, (byte) 0);
        }
    }

    private static String domainName(String domain) {
        try {
            MailAddress checked = new MailAddress("postmaster", domain.toLowerCase(Locale.ROOT));
            if (!checked.domain().startsWith("[")) {
                return checked.domain();
            }
        } catch (AddressException e) {
            throw new IllegalArgumentException("not a domain name: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("not a domain name: an address literal");
    }

    private interface Change {
        void make(Known known);
    }

    private void change(String what, Change change) {
        try {
            directory.change(change::make);
        } catch (StoreException e) {
            throw switch (e.kind()) {
                case EXISTS -> new IllegalArgumentException(what + " is there already", e);
                case NOT_FOUND -> new IllegalArgumentException("there is no " + what, e);
                default -> unanswered(e);
            };
        }
    }

    private static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (StoreException e) {
            throw unanswered(e);
        }
    }

    private static IllegalArgumentException unanswered(StoreException e) {
        return new IllegalArgumentException("the store failed: " + e.getMessage(), e);
    }
}
