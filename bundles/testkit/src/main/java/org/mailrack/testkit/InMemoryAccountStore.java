package org.mailrack.testkit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

import org.mailrack.api.store.AccountStore;
import org.mailrack.api.store.StoreException;
import org.mailrack.api.store.StoreException.Kind;

/** An {@link AccountStore} that forgets everything with the process. Passes {@link AccountStoreContract}. */
public class InMemoryAccountStore implements AccountStore {

    private final TreeSet<String> domains = new TreeSet<>();
    private final TreeMap<String, Map<String, String>> accounts = new TreeMap<>();
    private final TreeMap<String, List<String>> aliases = new TreeMap<>();

    @Override
    public synchronized List<String> domains() {
        return List.copyOf(domains);
    }

    @Override
    public synchronized void addDomain(String domain) {
        if (!domains.add(domain)) {
            throw new StoreException(Kind.EXISTS, "domain " + domain + " exists");
        }
    }

    @Override
    public synchronized void removeDomain(String domain) {
        if (!domains.remove(domain)) {
            throw new StoreException(Kind.NOT_FOUND, "no domain " + domain);
        }
    }

    @Override
    public synchronized List<String> accounts() {
        return List.copyOf(accounts.keySet());
    }

    @Override
    public synchronized void addAccount(String name, Map<String, String> credentials) {
        if (accounts.putIfAbsent(name, Map.copyOf(credentials)) != null) {
            throw new StoreException(Kind.EXISTS, "account " + name + " exists");
        }
    }

    @Override
    public synchronized Optional<Map<String, String>> credentials(String name) {
        return Optional.ofNullable(accounts.get(name));
    }

    @Override
    public synchronized void setCredentials(String name, Map<String, String> credentials) {
        if (accounts.replace(name, Map.copyOf(credentials)) == null) {
            throw noAccount(name);
        }
    }

    @Override
    public synchronized void removeAccount(String name) {
        if (accounts.remove(name) == null) {
            throw noAccount(name);
        }
    }

    @Override
    public synchronized Map<String, List<String>> aliases() {
        return Map.copyOf(aliases);
    }

    @Override
    public synchronized void setAlias(String name, List<String> targets) {
        if (targets.isEmpty()) {
            aliases.remove(name);
        } else {
            aliases.put(name, List.copyOf(targets));
        }
    }

    private static StoreException noAccount(String name) {
        return new StoreException(Kind.NOT_FOUND, "no account " + name);
    }
}
