package org.mailrack.directory.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.AddressException;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.store.AccountStore;

/** What the store holds, in memory, without credentials. Our own changes are made here too; those of others come by a new one. */
final class Known {

    private static final Logger log = LoggerFactory.getLogger(Known.class);

    private final Set<String> domains = ConcurrentHashMap.newKeySet();
    private final Set<String> accounts = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<String, List<MailAddress>> aliases = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, List<String>> byLocalPart = new ConcurrentHashMap<>();

    static Known load(AccountStore store) {
        Known known = new Known();
        known.domains.addAll(store.domains());
        store.accounts().forEach(known::addAccount);
        for (Map.Entry<String, List<String>> alias : store.aliases().entrySet()) {
            List<MailAddress> targets = new ArrayList<>();
            for (String target : alias.getValue()) {
                try {
                    targets.add(MailAddress.parse(target));
                } catch (AddressException e) {
                    log.warn("alias target ignored alias={} reason={}", alias.getKey(), e.getMessage());
                }
            }
            known.setAlias(alias.getKey(), targets);
        }
        return known;
    }

    Set<String> domains() {
        return domains;
    }

    Set<String> accounts() {
        return accounts;
    }

    Map<String, List<MailAddress>> aliases() {
        return aliases;
    }

    /** The accounts with that local part in any domain. */
    List<String> withLocalPart(String localPart) {
        return byLocalPart.getOrDefault(localPart, List.of());
    }

    void addAccount(String name) {
        if (accounts.add(name)) {
            byLocalPart.compute(localPart(name), (part, others) -> {
                List<String> all = new ArrayList<>(others == null ? List.of() : others);
                all.add(name);
                return List.copyOf(all);
            });
        }
    }

    void removeAccount(String name) {
        if (accounts.remove(name)) {
            byLocalPart.computeIfPresent(localPart(name), (part, all) -> {
                List<String> others = all.stream().filter(a -> !a.equals(name)).toList();
                return others.isEmpty() ? null : others;
            });
        }
    }

    void setAlias(String name, List<MailAddress> targets) {
        if (targets.isEmpty()) {
            aliases.remove(name);
        } else {
            aliases.put(name, List.copyOf(targets));
        }
    }

    static String localPart(String address) {
        return address.substring(0, address.lastIndexOf('@'));
    }

    static String domain(String address) {
        return address.substring(address.lastIndexOf('@') + 1);
    }
}
