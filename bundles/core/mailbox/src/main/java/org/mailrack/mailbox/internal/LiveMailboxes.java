package org.mailrack.mailbox.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.mailrack.api.store.MailboxStore;

/** The live mailboxes by id: those in use, and the last used others as far as the limits let them stay. Thread-safe. */
final class LiveMailboxes {

    private final MailboxStore store;
    private final Supplier<MailboxLimits> limits;
    private final Map<Long, LiveMailbox> all = new HashMap<>();
    /** Those without users with their rows, longest unused first. */
    private final Map<LiveMailbox, Integer> idle = new LinkedHashMap<>();

    private long idleRows;

    LiveMailboxes(MailboxStore store, Supplier<MailboxLimits> limits) {
        this.store = store;
        this.limits = limits;
    }

    /** A loaded live mailbox, to be released. */
    LiveMailbox acquire(long id) {
        LiveMailbox live;
        synchronized (this) {
            live = use(all.computeIfAbsent(id, i -> new LiveMailbox(i, store)));
        }
        try {
            live.load();
            if (live.deleted()) {
                throw live.gone();
            }
            return live;
        } catch (RuntimeException | Error e) {
            release(live);
            throw e;
        }
    }

    private LiveMailbox use(LiveMailbox live) {
        if (live.users++ == 0) {
            Integer rows = idle.remove(live);
            idleRows -= rows == null ? 0 : rows;
        }
        return live;
    }

    void release(LiveMailbox live) {
        synchronized (this) {
            if (--live.users > 0 || all.get(live.id()) != live) {
                return;
            }
            if (live.deleted() || !live.loaded()) {
                all.remove(live.id());
                return;
            }
            int rows = live.rows();
            idle.put(live, rows);
            idleRows += rows;
            Iterator<Map.Entry<LiveMailbox, Integer>> oldest = idle.entrySet().iterator();
            while (idle.size() > limits.get().maxIdleViews()
                    || idleRows > limits.get().maxIdleRows()) {
                Map.Entry<LiveMailbox, Integer> next = oldest.next();
                idleRows -= next.getValue();
                all.remove(next.getKey().id());
                oldest.remove();
            }
        }
    }

    /** Calls the action with the live mailbox if there is one. */
    void ifPresent(long id, Consumer<LiveMailbox> action) {
        Optional<LiveMailbox> found;
        synchronized (this) {
            found = Optional.ofNullable(all.get(id)).map(this::use);
        }
        if (found.isPresent()) {
            try {
                action.accept(found.get());
            } finally {
                release(found.get());
            }
        }
    }

    /** The mailbox is no more. */
    void deleted(long id) {
        LiveMailbox live;
        synchronized (this) {
            live = all.remove(id);
            Integer rows = live == null ? null : idle.remove(live);
            idleRows -= rows == null ? 0 : rows;
        }
        if (live != null) {
            live.markDeleted();
        }
    }

    /** Those that are there now. */
    synchronized List<LiveMailbox> present() {
        return new ArrayList<>(all.values());
    }

    /** How many are there that nobody uses. */
    synchronized int idle() {
        return idle.size();
    }
}
