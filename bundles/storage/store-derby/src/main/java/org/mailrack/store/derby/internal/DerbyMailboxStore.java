package org.mailrack.store.derby.internal;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

import org.mailrack.api.mail.Registration;
import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.mailbox.UidSet.Range;
import org.mailrack.api.store.BackupPart;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.api.store.StoreException;
import org.mailrack.store.derby.internal.DiskRoom.Need;

/** Mailboxes in Derby. Alone on its database, so it has nobody to listen to. */
@Component(
        service = {MailboxStore.class, BackupPart.class},
        immediate = true,
        property = "store.name=derby")
public final class DerbyMailboxStore implements MailboxStore, BackupPart {

    /** Rows read at once for a visitor, so that a mailbox of any size needs bounded memory and no lock while it is visited. */
    private static final int CHUNK = 2000;

    private final Database database;
    private final DeliveryKeys keys;
    private final Forgetting forgetting;
    private final Graveyard graveyard;
    private final NewRows newRows = new NewRows();
    private final Thread sweeper;

    /** A store on an open database. */
    @Activate
    public DerbyMailboxStore(@Reference Database database) {
        this(database, new DeliveryKeys(database));
    }

    DerbyMailboxStore(Database database, DeliveryKeys keys) {
        this.database = database;
        this.keys = keys;
        this.forgetting = new Forgetting(keys);
        new Restored(database).adapt();
        this.graveyard = new Graveyard(database, keys);
        this.sweeper = new Thread(graveyard::sweep, "store-derby-sweeper");
        sweeper.setDaemon(true);
        sweeper.start();
    }

    @Deactivate
    void stop() throws InterruptedException {
        graveyard.stop();
        sweeper.join();
        forgetting.stop();
        keys.close();
    }

    @Override
    public String identity() {
        return database.run("read identity", tx -> {
            MailboxTable.lockCounters(tx);
            Optional<String> known = tx.first("SELECT name FROM store_identity", r -> r.getString(1));
            if (known.isPresent()) {
                return known.get();
            }
            String made = UUID.randomUUID().toString();
            tx.update("INSERT INTO store_identity VALUES (?)", made);
            return made;
        });
    }

    @Override
    public void references(References visitor) {
        try (NewRows.Listener listener = newRows.listen(visitor)) {
            long last = 0;
            List<MailboxInfo> chunk;
            do {
                chunk = mailboxes(last, CHUNK);
                for (MailboxInfo mailbox : chunk) {
                    references(mailbox.id(), listener);
                    last = mailbox.id();
                }
            } while (chunk.size() == CHUNK);
        }
    }

    private void references(long mailbox, NewRows.Listener listener) {
        long last = 0;
        List<MessageTable.Reference> chunk;
        do {
            long after = last;
            try {
                chunk = database.run("read references", tx -> {
                    MailboxTable.share(tx, mailbox);
                    return MessageTable.references(tx, mailbox, after, CHUNK);
                });
            } catch (StoreException e) {
                if (e.kind() == StoreException.Kind.NOT_FOUND) {
                    return; // deleted meanwhile
                }
                throw e;
            }
            listener.read(chunk);
            last = chunk.isEmpty() ? last : chunk.get(chunk.size() - 1).uid();
        } while (chunk.size() == CHUNK);
    }

    @Override
    public List<MailboxInfo> mailboxes(long after, int max) {
        return database.run("list mailboxes", tx -> MailboxTable.after(tx, after, max));
    }

    @Override
    public List<MailboxInfo> mailboxes(String account) {
        return database.run("list mailboxes", tx -> MailboxTable.ofAccount(tx, account)).stream()
                .map(MailboxTable.Row::info)
                .toList();
    }

    @Override
    public Optional<MailboxInfo> mailbox(long id) {
        return database.run("find mailbox", tx -> MailboxTable.find(tx, id)).map(MailboxTable.Row::info);
    }

    @Override
    public MailboxInfo create(String account, String name, Optional<String> specialUse) {
        // Not below the clock, so that a database restored from an old copy does not repeat what clients have seen.
        long leastValidity = Instant.now().getEpochSecond();
        return database.run(
                "create mailbox", Need.MORE, tx -> MailboxTable.create(tx, account, name, specialUse, leastValidity));
    }

    @Override
    public void delete(long id) {
        database.run("delete mailbox", tx -> {
            MailboxTable.lock(tx, id);
            MailboxTable.bury(tx, id);
            return null;
        });
        graveyard.sweep();
    }

    @Override
    public void rename(Map<Long, String> newNames) {
        database.run("rename mailbox", Need.LITTLE, tx -> {
            Map<Long, MailboxTable.Row> rows = MailboxTable.lockAll(tx, newNames.keySet());
            if (rows.values().stream().map(r -> r.info().account()).distinct().count() > 1) {
                throw new IllegalArgumentException("mailboxes of more than one account");
            }
            // Names are free before new ones are given, so that two mailboxes can change theirs.
            for (long id : rows.keySet()) {
                tx.update("UPDATE mailboxes SET name = NULL WHERE id = ?", id);
            }
            for (long id : rows.keySet()) {
                tx.update("UPDATE mailboxes SET name = ? WHERE id = ?", newNames.get(id), id);
            }
            return null;
        });
    }

    @Override
    public Set<String> subscriptions(String account) {
        return Set.copyOf(database.run(
                "list subscriptions",
                tx -> tx.list(
                        "SELECT name FROM subscriptions --DERBY-PROPERTIES constraint=SUBSCRIPTIONS_PK\n WHERE account = ?",
                        r -> r.getString(1),
                        account)));
    }

    @Override
    public void subscribe(String account, String name, boolean subscribed) {
        database.run("subscribe", Need.LITTLE, tx -> {
            MailboxTable.lockCounters(tx);
            tx.update("DELETE FROM subscriptions WHERE account = ? AND name = ?", account, name);
            if (subscribed) {
                tx.update("INSERT INTO subscriptions VALUES (?, ?)", account, name);
            }
            return null;
        });
    }

    @Override
    public void deleteAccount(String account) {
        database.run("delete mailboxes of account", tx -> {
            List<Long> ids = MailboxTable.ofAccount(tx, account).stream()
                    .map(MailboxTable.Row::id)
                    .toList();
            for (long id : MailboxTable.lockPresent(tx, ids).keySet()) {
                MailboxTable.bury(tx, id);
            }
            tx.update("DELETE FROM subscriptions WHERE account = ?", account);
            return null;
        });
        graveyard.sweep();
    }

    @Override
    public List<AppendResult> append(List<NewMessage> messages) {
        DeliveryKeys.Noting deliveries = keys.noting();
        try {
            List<AppendResult> results = database.run("append", Need.MORE, tx -> {
                List<AppendResult> appended = Appending.append(tx, messages, deliveries);
                newRows.inserted(appended);
                return appended;
            });
            deliveries.committed();
            return results;
        } finally {
            deliveries.over();
        }
    }

    @Override
    public Set<String> delivered(long mailbox, Collection<String> asked) {
        return database.run("find deliveries", tx -> {
            MailboxTable.share(tx, mailbox);
            Set<String> used = new HashSet<>();
            for (String key : new TreeSet<>(asked)) {
                if (keys.used(tx, mailbox, key)) {
                    used.add(key);
                }
            }
            return used;
        });
    }

    @Override
    public void forgetDeliveries(Collection<String> forgotten) {
        forgetting.forget(forgotten);
    }

    @Override
    public void messages(long mailbox, Consumer<MessageRow> visitor) {
        long last = 0;
        List<MessageRow> chunk;
        do {
            long after = last;
            chunk = database.run("read mailbox", tx -> {
                MailboxTable.share(tx, mailbox);
                return MessageTable.after(tx, mailbox, after, CHUNK);
            });
            chunk.forEach(visitor);
            last = chunk.isEmpty() ? last : chunk.get(chunk.size() - 1).uid();
        } while (chunk.size() == CHUNK);
    }

    @Override
    public Changes changes(long mailbox, long sinceModSeq) {
        return database.run("read changes", tx -> {
            MailboxTable.Row row = MailboxTable.share(tx, mailbox);
            return new Changes(
                    row.info(),
                    List.copyOf(MessageTable.changedSince(tx, mailbox, sinceModSeq)),
                    VanishedTable.since(tx, row, sinceModSeq));
        });
    }

    @Override
    public FlagResult changeFlags(long mailbox, UidSet uids, FlagChange change, OptionalLong unchangedSince) {
        return database.run("change flags", Need.LITTLE, tx -> {
            MailboxTable.Row row = MailboxTable.lock(tx, mailbox);
            return new FlagChanging(tx, row, change, unchangedSince).run(uids);
        });
    }

    @Override
    public Expunged expunge(long mailbox, UidSet uids) {
        return database.run("expunge", tx -> {
            MailboxTable.Row row = MailboxTable.lock(tx, mailbox);
            List<Long> present = new ArrayList<>();
            List<Range> runs = new ArrayList<>();
            for (Range window : MessageTable.windows(uids, row.info().uidNext())) {
                List<Long> found = MessageTable.uids(tx, mailbox, window);
                runs.addAll(MessageTable.runs(found, uid -> uid, uids::contains, (a, b) -> true));
                found.stream().filter(uids::contains).forEach(present::add);
            }
            if (present.isEmpty()) {
                return new Expunged(UidSet.EMPTY, row.info().highestModSeq());
            }
            MailboxTable.Row after = MailboxTable.advance(tx, row, 0);
            remove(tx, after, runs);
            return new Expunged(UidSet.of(present), after.info().highestModSeq());
        });
    }

    private void remove(Tx tx, MailboxTable.Row mailbox, List<Range> runs) throws SQLException {
        for (Range run : runs) {
            MessageTable.delete(tx, mailbox.id(), run);
        }
        DetailsTable.remove(tx, mailbox.id(), runs);
        VanishedTable.add(tx, mailbox, runs, database.settings().maxVanished());
    }

    @Override
    public Copied copy(long mailbox, UidSet uids, long target) {
        return transfer("copy", mailbox, uids, target, false);
    }

    @Override
    public Copied move(long mailbox, UidSet uids, long target) {
        return transfer("move", mailbox, uids, target, true);
    }

    private Copied transfer(String what, long mailbox, UidSet uids, long target, boolean move) {
        return database.run(what, move ? Need.LITTLE : Need.MORE, tx -> {
            Map<Long, MailboxTable.Row> locked = MailboxTable.lockAll(tx, List.of(mailbox, target));
            MailboxTable.Row from = locked.get(mailbox);
            MailboxTable.Row to = locked.get(target);
            List<MessageRow> rows =
                    MessageTable.rows(tx, mailbox, uids, from.info().uidNext());
            if (rows.isEmpty()) {
                return new Copied(UidSet.EMPTY, List.of(), move ? from.info().highestModSeq() : 0);
            }
            // Both counters before any message, and in the order of the locks.
            MailboxTable.Row toAfter = null;
            MailboxTable.Row fromAfter = from;
            for (MailboxTable.Row row : locked.values()) {
                if (row == to) {
                    toAfter = MailboxTable.advance(tx, to, rows.size());
                } else if (move) {
                    fromAfter = MailboxTable.advance(tx, from, 0);
                }
            }
            if (from == to) {
                fromAfter = toAfter;
            }
            List<MessageRow> copies =
                    renumber(rows, to.info().uidNext(), toAfter.info().highestModSeq());
            MessageTable.insert(tx, target, copies);
            newRows.copied(copies);
            UidSet source = UidSet.of(rows.stream().mapToLong(MessageRow::uid).toArray());
            if (move) {
                remove(tx, fromAfter, source.ranges());
            }
            return new Copied(source, copies, move ? fromAfter.info().highestModSeq() : 0);
        });
    }

    private static List<MessageRow> renumber(List<MessageRow> rows, long firstUid, long modSeq) {
        List<MessageRow> renumbered = new ArrayList<>(rows.size());
        for (MessageRow row : rows) {
            renumbered.add(new MessageRow(
                    firstUid + renumbered.size(), modSeq, row.flags(), row.size(), row.internalDate(), row.content()));
        }
        return List.copyOf(renumbered);
    }

    @Override
    public long claimRecent(long mailbox) {
        return database.run("claim recent", Need.LITTLE, tx -> {
            MailboxTable.Row row = MailboxTable.lock(tx, mailbox);
            if (row.recent() != row.info().uidNext()) {
                tx.update(
                        "UPDATE mailboxes SET recent = ? WHERE id = ?",
                        row.info().uidNext(),
                        mailbox);
            }
            return row.recent();
        });
    }

    @Override
    public long recent(long mailbox) {
        return database.run("find mailbox", tx -> MailboxTable.find(tx, mailbox))
                .orElseThrow(() -> MailboxTable.missing(mailbox))
                .recent();
    }

    @Override
    public Map<Long, ByteBuffer> details(long mailbox, UidSet uids) {
        return database.run("read details", tx -> {
            MailboxTable.Row row = MailboxTable.share(tx, mailbox);
            return DetailsTable.find(tx, mailbox, uids, row.info().uidNext());
        });
    }

    @Override
    public void putDetails(long mailbox, Map<Long, ByteBuffer> details) {
        database.run("cache details", Need.MORE, tx -> {
            MailboxTable.lock(tx, mailbox);
            DetailsTable.put(tx, mailbox, details, database.settings().maxDetailsSize());
            return null;
        });
    }

    @Override
    public Registration listen(LongConsumer listener) {
        return () -> {};
    }

    @Override
    public Kind kind() {
        return Kind.MAILBOXES;
    }

    @Override
    public Set<String> names() {
        return Set.of("db", "db.reserve", Restored.MARK);
    }

    @Override
    public Copy begin() {
        // The contents may say by this name whose they are, and they are copied later.
        identity();
        return new DatabaseCopy(database, forgetting.hold());
    }
}
