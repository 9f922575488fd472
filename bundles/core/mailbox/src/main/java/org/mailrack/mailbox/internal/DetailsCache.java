package org.mailrack.mailbox.internal;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.api.store.StoreException;
import org.mailrack.mailbox.internal.DetailsCodec.Details;

/**
 * Details of messages, the last used in memory and all in the store. Asks the store for many at once, those of the messages after
 * the one that is wanted too, and gives it many at once. Thread-safe.
 */
final class DetailsCache {

    private static final Logger log = LoggerFactory.getLogger(DetailsCache.class);

    /** Messages asked for or given at once. */
    private static final int BATCH = 64;

    private record Key(long mailbox, long uid) {}

    private record Entry(Details details, int octets) {}

    /** What a mailbox waits to give to the store, and which UIDs the store was asked for last. */
    private static final class Pending {
        private final Map<Long, ByteBuffer> written = new HashMap<>();
        private UidSet asked = UidSet.EMPTY;
    }

    private final MailboxStore store;
    private final Supplier<MailboxLimits> limits;
    private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Long, Pending> pending = new HashMap<>();
    private long octets;

    DetailsCache(MailboxStore store, Supplier<MailboxLimits> limits) {
        this.store = store;
        this.limits = limits;
    }

    /** The details if anyone has them. */
    Optional<Details> get(long mailbox, View view, long uid) {
        int index = view.indexOf(uid);
        UidSet wanted;
        synchronized (this) {
            Entry entry = entries.get(new Key(mailbox, uid));
            if (entry != null) {
                return Optional.of(entry.details());
            }
            Pending state = pending.computeIfAbsent(mailbox, id -> new Pending());
            if (index < 0 || state.asked.contains(uid)) {
                return Optional.empty();
            }
            wanted = UidSet.range(uid, view.uid(Math.min(view.size(), index + BATCH) - 1));
            state.asked = wanted;
        }
        try {
            store.details(mailbox, wanted).forEach((found, written) -> {
                int at = view.indexOf(found);
                if (at >= 0) {
                    int length = written.remaining();
                    DetailsCodec.read(written, view.messageSize(at)).ifPresent(d -> keep(mailbox, found, d, length));
                }
            });
        } catch (StoreException e) {
            log.debug("details not read mailbox={} reason={}", mailbox, e.getMessage());
        }
        synchronized (this) {
            return Optional.ofNullable(entries.get(new Key(mailbox, uid))).map(Entry::details);
        }
    }

    /** Takes in details that were made from the message. */
    void put(long mailbox, long uid, Details details) {
        ByteBuffer written = DetailsCodec.write(details);
        keep(mailbox, uid, details, written.remaining());
        if (written.remaining() > limits.get().maxDetails()) {
            return;
        }
        boolean full;
        synchronized (this) {
            Pending state = pending.computeIfAbsent(mailbox, id -> new Pending());
            state.written.put(uid, written);
            full = state.written.size() >= BATCH;
        }
        if (full) {
            flush(mailbox);
        }
    }

    private synchronized void keep(long mailbox, long uid, Details details, int length) {
        Entry before = entries.put(new Key(mailbox, uid), new Entry(details, length));
        octets += length - (before == null ? 0 : before.octets());
        Iterator<Entry> oldest = entries.values().iterator();
        while (octets > limits.get().maxCachedOctets() && entries.size() > 1) {
            octets -= oldest.next().octets();
            oldest.remove();
        }
    }

    /** Gives the store what waits. */
    void flush(long mailbox) {
        Pending state;
        synchronized (this) {
            state = pending.remove(mailbox);
        }
        if (state != null && !state.written.isEmpty()) {
            try {
                store.putDetails(mailbox, state.written);
            } catch (StoreException e) {
                // They can be made again.
                log.debug("details not kept mailbox={} reason={}", mailbox, e.getMessage());
            }
        }
    }

    /** The mailbox is no more. */
    synchronized void forget(long mailbox) {
        pending.remove(mailbox);
        entries.entrySet().removeIf(entry -> {
            boolean gone = entry.getKey().mailbox() == mailbox;
            octets -= gone ? entry.getValue().octets() : 0;
            return gone;
        });
    }
}
