package org.mailrack.store.derby.internal;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.store.StoreException;

/**
 * The keys of deliveries that were done. Nearly all are forgotten within a moment, when the queue has noted the delivery too;
 * therefore those of one transaction share a row, which a later transaction removes when none of them is needed, and questions are
 * answered from memory. Beyond a limit the oldest move to {@link DeliveryTable}, a row each, where they may stay for good.
 *
 * <p>Who asks about a mailbox holds its row, as did whoever noted a delivery to it: that transaction is over, and where nobody
 * knows whether it was committed, the row of its keys tells. Thread-safe.
 */
final class DeliveryKeys {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryKeys.class);
    private static final int MOST_IN_MEMORY = 20_000;
    /** Rows that one transaction removes on the way. */
    private static final int REMOVED_AT_ONCE = 100;

    private static final String FIND = "SELECT 1 FROM delivery_batches WHERE id = ?";
    private static final String REMOVE = "DELETE FROM delivery_batches WHERE id = ?";

    /** The keys of a row. */
    private static final class Batch {
        private final long id;
        private final List<DeliveryUse> uses;
        /** How many of them are needed. */
        private int live;
        /** Whether its transaction still runs. */
        private boolean running = true;
        /** Whether it is known to be in the database. */
        private boolean committed;

        private Batch(long id, List<DeliveryUse> uses) {
            this.id = id;
            this.uses = uses;
            this.live = uses.size();
        }
    }

    private final Database database;
    private final int most;

    /** Guarded by this, as all below. Which batch has a key, by mailbox. */
    private final Map<String, Map<Long, Batch>> known = new HashMap<>();

    private final Map<Long, Batch> batches = new LinkedHashMap<>();
    /** Keys in memory that the table may have too, for another mailbox. */
    private final Set<String> split = new HashSet<>();
    /** Batches that move to the table at this moment. */
    private final Set<Batch> moving = new HashSet<>();
    /** Batches none of whose keys is needed. */
    private final Deque<Long> dead = new ArrayDeque<>();

    /** Keys of all batches that are needed. */
    private int needed;

    private long lastId;
    /** Whether the table may have rows. */
    private boolean tableUsed;

    DeliveryKeys(Database database) {
        this(database, MOST_IN_MEMORY);
    }

    /** @param most keys that are kept in memory */
    DeliveryKeys(Database database, int most) {
        this.database = database;
        this.most = most;
        List<Batch> found = database.run("read delivery keys", tx -> {
            tableUsed = DeliveryTable.any(tx);
            List<Batch> all = tx.list(
                    "SELECT id, uses FROM delivery_batches ORDER BY id",
                    r -> new Batch(r.getLong(1), DeliveryUse.decode(r.getBytes(2))));
            for (Batch batch : tableUsed ? all : List.<Batch>of()) {
                for (DeliveryUse use : batch.uses) {
                    if (!DeliveryTable.mailboxes(tx, use.key()).isEmpty()) {
                        split.add(use.key());
                    }
                }
            }
            return all;
        });
        for (Batch batch : found) {
            batch.running = false;
            batch.committed = true;
            add(batch);
        }
    }

    /** Whether a delivery was done; the caller holds the row of the mailbox. */
    boolean used(Tx tx, long mailbox, String key) throws SQLException {
        return noting().used(tx, mailbox, key);
    }

    /** Empty when the table has to be asked. */
    private Optional<Boolean> fromMemory(Tx tx, long mailbox, String key) throws SQLException {
        Batch batch;
        synchronized (this) {
            batch = known.getOrDefault(key, Map.of()).get(mailbox);
            if (batch == null || batch.committed) {
                return batch == null && tableUsed ? Optional.empty() : Optional.of(batch != null);
            }
        }
        return verify(tx, batch) ? Optional.of(true) : Optional.empty();
    }

    /** Finds out whether a batch is in the database whose transaction is over. */
    private boolean verify(Tx tx, Batch batch) throws SQLException {
        boolean present = tx.first(FIND, r -> true, batch.id).isPresent();
        synchronized (this) {
            batch.committed |= present;
            if (!present) {
                batch.uses.forEach(use -> remove(use, batch));
                drop(batch);
            }
        }
        return present;
    }

    /** Forgets keys in all mailboxes. */
    void forget(Collection<String> keys) {
        List<String> elsewhere = new ArrayList<>();
        synchronized (this) {
            for (String key : keys) {
                Map<Long, Batch> uses = known.remove(key);
                if (uses != null) {
                    uses.values().forEach(this::unneeded);
                }
                boolean inMemoryOnly = uses != null
                        && !split.remove(key)
                        && uses.values().stream().noneMatch(moving::contains);
                if (tableUsed && !inMemoryOnly) {
                    elsewhere.add(key);
                }
            }
        }
        if (!elsewhere.isEmpty()) {
            database.run("forget deliveries", tx -> {
                DeliveryTable.forget(tx, elsewhere);
                return null;
            });
        }
    }

    /** Forgets those of a mailbox that are in memory. */
    synchronized void forgetMailbox(long mailbox) {
        for (Batch batch : List.copyOf(batches.values())) {
            batch.uses.stream().filter(use -> use.mailbox() == mailbox).forEach(use -> {
                if (remove(use, batch)) {
                    unneeded(batch);
                }
            });
        }
    }

    /** Forgets for good what was forgotten in memory. After a crash instead, some keys of the last moments are known again. */
    synchronized void close() {
        List<Object[]> shortened = new ArrayList<>();
        for (Batch batch : batches.values()) {
            if (batch.live < batch.uses.size()) {
                List<DeliveryUse> left = batch.uses.stream()
                        .filter(use -> known.getOrDefault(use.key(), Map.of()).get(use.mailbox()) == batch)
                        .toList();
                shortened.add(new Object[] {DeliveryUse.encode(left), batch.id});
            }
        }
        if (dead.isEmpty() && shortened.isEmpty()) {
            return;
        }
        try {
            database.run("forget deliveries", DiskRoom.Need.LITTLE, tx -> {
                removeRows(tx, dead);
                tx.batch("UPDATE delivery_batches SET uses = ? WHERE id = ?", shortened);
                return null;
            });
        } catch (StoreException e) {
            LOG.debug("delivery keys stay reason=\"{}\"", e.getMessage());
        }
    }

    /** What one append notes, however often its transaction is tried. */
    Noting noting() {
        return new Noting();
    }

    private synchronized void add(Batch batch) {
        lastId = Math.max(lastId, batch.id);
        keep(batch);
        batch.uses.forEach(
                use -> known.computeIfAbsent(use.key(), k -> new HashMap<>(2)).put(use.mailbox(), batch));
    }

    private void keep(Batch batch) {
        batches.put(batch.id, batch);
        needed += batch.live;
    }

    private void drop(Batch batch) {
        if (batches.remove(batch.id) != null) {
            needed -= batch.live;
        }
    }

    private boolean remove(DeliveryUse use, Batch batch) {
        Map<Long, Batch> uses = known.get(use.key());
        if (uses == null || !uses.remove(use.mailbox(), batch)) {
            return false;
        }
        if (uses.isEmpty()) {
            known.remove(use.key());
            split.remove(use.key());
        }
        return true;
    }

    private void unneeded(Batch batch) {
        batch.live--;
        if (batches.containsKey(batch.id)) {
            needed--;
        }
        if (batch.live == 0) {
            drop(batch);
            dead.add(batch.id);
        }
    }

    private static void removeRows(Tx tx, Collection<Long> ids) throws SQLException {
        tx.batch(REMOVE, ids.stream().map(id -> new Object[] {id}).toList());
    }

    /** The batches of one append. */
    final class Noting {

        /** Keys that the table has for some mailbox. */
        private final Set<String> inTable = new HashSet<>();

        private List<Batch> added = List.of();
        private List<Long> removed = List.of();
        private List<Batch> moved = List.of();

        /** Whether a delivery was done before; the caller holds the row of the mailbox. */
        boolean used(Tx tx, long mailbox, String key) throws SQLException {
            Optional<Boolean> answer = fromMemory(tx, mailbox, key);
            if (answer.isPresent()) {
                return answer.get();
            }
            List<Long> mailboxes = DeliveryTable.mailboxes(tx, key);
            if (!mailboxes.isEmpty()) {
                inTable.add(key);
            }
            return mailboxes.contains(mailbox);
        }

        /** Notes deliveries; the caller holds the rows of their mailboxes, and has changed them. */
        void note(Tx tx, List<DeliveryUse> uses) throws SQLException {
            over();
            if (uses.isEmpty()) {
                return;
            }
            added = new ArrayList<>();
            removed = new ArrayList<>();
            moved = new ArrayList<>();
            List<Batch> unsure = new ArrayList<>();
            synchronized (DeliveryKeys.this) {
                uses.stream().map(DeliveryUse::key).filter(inTable::contains).forEach(split::add);
                for (List<DeliveryUse> row : DeliveryUse.rows(uses)) {
                    Batch batch = new Batch(lastId + 1, row);
                    add(batch);
                    added.add(batch);
                }
                while (!dead.isEmpty() && removed.size() < REMOVED_AT_ONCE) {
                    removed.add(dead.poll());
                }
                takeOldest(unsure);
            }
            for (Batch batch : unsure) {
                verify(tx, batch);
            }
            tx.batch(
                    "INSERT INTO delivery_batches VALUES (?, ?)",
                    added.stream()
                            .map(batch -> new Object[] {batch.id, DeliveryUse.encode(batch.uses)})
                            .toList());
            removeRows(tx, removed);
            move(tx);
        }

        /** Takes batches out of memory until the rest is not too much. */
        private void takeOldest(List<Batch> unsure) {
            int wanted = needed - most;
            for (Batch oldest : wanted > 0 ? List.copyOf(batches.values()) : List.<Batch>of()) {
                if (oldest.running) {
                    continue;
                }
                if (wanted <= 0) {
                    break;
                }
                wanted -= oldest.live;
                if (oldest.committed) {
                    drop(oldest);
                    moved.add(oldest);
                    moving.add(oldest);
                    tableUsed = true;
                } else {
                    unsure.add(oldest);
                }
            }
        }

        private void move(Tx tx) throws SQLException {
            List<Object[]> rows = new ArrayList<>();
            for (Batch batch : moved) {
                for (DeliveryUse use : batch.uses) {
                    synchronized (DeliveryKeys.this) {
                        Map<Long, Batch> all = known.getOrDefault(use.key(), Map.of());
                        if (all.get(use.mailbox()) == batch) {
                            if (all.size() > 1) {
                                split.add(use.key());
                            }
                            rows.add(new Object[] {use.key(), use.mailbox()});
                        }
                    }
                }
            }
            DeliveryTable.insert(tx, rows);
            removeRows(tx, moved.stream().map(batch -> batch.id).toList());
        }

        /** The transaction was committed. */
        void committed() {
            synchronized (DeliveryKeys.this) {
                added.forEach(batch -> {
                    batch.committed = true;
                    batch.running = false;
                });
                moved.forEach(batch -> {
                    moving.remove(batch);
                    batch.uses.forEach(use -> remove(use, batch));
                });
            }
            added = List.of();
            removed = List.of();
            moved = List.of();
        }

        /** The transaction is over; unless it was committed, nobody may know what became of it. */
        void over() {
            synchronized (DeliveryKeys.this) {
                added.forEach(batch -> batch.running = false);
                dead.addAll(removed);
                for (Batch batch : moved) {
                    moving.remove(batch);
                    if (batch.live > 0) {
                        batch.committed = false;
                        keep(batch);
                    }
                }
            }
            added = List.of();
            removed = List.of();
            moved = List.of();
        }
    }
}
