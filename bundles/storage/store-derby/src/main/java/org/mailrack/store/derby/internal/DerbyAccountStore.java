package org.mailrack.store.derby.internal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import org.mailrack.api.store.AccountStore;
import org.mailrack.api.store.StoreException;
import org.mailrack.api.store.StoreException.Kind;
import org.mailrack.store.derby.internal.DiskRoom.Need;

/** Domains, accounts and aliases in Derby. */
@Component(service = AccountStore.class, immediate = true, property = "store.name=derby")
public final class DerbyAccountStore implements AccountStore {

    private final Database database;

    /** Two texts of a row; the second may be null. */
    private record Pair(String first, String second) {}

    /** A store on an open database. */
    @Activate
    public DerbyAccountStore(@Reference Database database) {
        this.database = database;
    }

    @Override
    public List<String> domains() {
        return names("list domains", "SELECT name FROM domains");
    }

    @Override
    public void addDomain(String domain) {
        database.run("add domain " + domain, Need.LITTLE, tx -> tx.update("INSERT INTO domains VALUES (?)", domain));
    }

    @Override
    public void removeDomain(String domain) {
        database.run("remove domain " + domain, tx -> {
            found("domain " + domain, tx.update("DELETE FROM domains WHERE name = ?", domain));
            return null;
        });
    }

    @Override
    public List<String> accounts() {
        return names("list accounts", "SELECT name FROM accounts");
    }

    @Override
    public void addAccount(String name, Map<String, String> credentials) {
        database.run("add account " + name, Need.LITTLE, tx -> {
            tx.update("INSERT INTO accounts VALUES (?, 0)", name);
            insert(tx, name, credentials);
            return null;
        });
    }

    @Override
    public Optional<Map<String, String>> credentials(String name) {
        // The lock on the account keeps those out who would replace the credentials meanwhile.
        List<Pair> rows = database.run(
                "read account",
                tx -> tx.list(
                        "SELECT c.scheme, c.credential FROM accounts a LEFT JOIN credentials c ON c.account = a.name"
                                + " WHERE a.name = ? WITH RS",
                        r -> new Pair(r.getString(1), r.getString(2)),
                        name));
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> credentials = new HashMap<>();
        rows.stream().filter(row -> row.first != null).forEach(row -> credentials.put(row.first, row.second));
        return Optional.of(Map.copyOf(credentials));
    }

    @Override
    public void setCredentials(String name, Map<String, String> credentials) {
        database.run("set credentials of " + name, Need.LITTLE, tx -> {
            found("account " + name, tx.update("UPDATE accounts SET changes = changes + 1 WHERE name = ?", name));
            tx.update("DELETE FROM credentials WHERE account = ?", name);
            insert(tx, name, credentials);
            return null;
        });
    }

    @Override
    public void removeAccount(String name) {
        database.run("remove account " + name, tx -> {
            found("account " + name, tx.update("DELETE FROM accounts WHERE name = ?", name));
            tx.update("DELETE FROM credentials WHERE account = ?", name);
            return null;
        });
    }

    @Override
    public Map<String, List<String>> aliases() {
        List<Pair> rows = database.run(
                "list aliases",
                tx -> tx.list(
                        "SELECT name, target FROM aliases ORDER BY name, place WITH RS",
                        r -> new Pair(r.getString(1), r.getString(2))));
        Map<String, List<String>> aliases = new HashMap<>();
        rows.forEach(row ->
                aliases.computeIfAbsent(row.first, name -> new ArrayList<>()).add(row.second));
        aliases.replaceAll((name, targets) -> List.copyOf(targets));
        return Map.copyOf(aliases);
    }

    @Override
    public void setAlias(String name, List<String> targets) {
        database.run("set alias " + name, Need.LITTLE, tx -> {
            MailboxTable.lockCounters(tx);
            tx.update("DELETE FROM aliases WHERE name = ?", name);
            List<Object[]> rows = new ArrayList<>();
            for (String target : targets) {
                rows.add(new Object[] {name, rows.size(), target});
            }
            tx.batch("INSERT INTO aliases VALUES (?, ?, ?)", rows);
            return null;
        });
    }

    /** Sorted here, because the database may collate in another way. */
    private List<String> names(String what, String sql) {
        return database.run(what, tx -> tx.list(sql, r -> r.getString(1))).stream()
                .sorted()
                .toList();
    }

    private static void insert(Tx tx, String account, Map<String, String> credentials) throws SQLException {
        tx.batch(
                "INSERT INTO credentials VALUES (?, ?, ?)",
                credentials.entrySet().stream()
                        .map(e -> new Object[] {account, e.getKey(), e.getValue()})
                        .toList());
    }

    private static void found(String what, int rows) {
        if (rows == 0) {
            throw new StoreException(Kind.NOT_FOUND, "no " + what);
        }
    }
}
