package org.mailrack.mailbox.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.api.store.StoreException;

/**
 * The live mailboxes by id: those in use, and the last used others as far as the limits let them stay. Thread-safe.
 *
 * <p>All views together have an allowance of memory. Beyond it those go that nobody uses, longest unused first; when those in use
 * alone take more, no further mailbox is read until there are fewer.
 */
final class LiveMailboxes {

    private final MailboxStore store;
    private final Snapshots snapshots;
    private final Supplier<ViewLimits> limits;
    private final Map<Long, LiveMailbox> all = new HashMap<>();
    /** Those without users, longest unused first. */
    private final Set<LiveMailbox> idle = new LinkedHashSet<>();
    /** Octets of all views, as they were when their mailbox was last taken or released. */
    private long octets;

    LiveMailboxes(MailboxStore store, Snapshots snapshots, Supplier<ViewLimits> limits) {
        this.store = store;
        this.snapshots = snapshots;
        this.limits = limits;
    }

    /** A loaded live mailbox, to be released. */
    LiveMailbox acquire(long id) {
        LiveMailbox live;
        synchronized (this) {
            live = use(all.computeIfAbsent(id, i -> new LiveMailbox(i, store, snapshots)));
        }
        try {
            if (!live.loaded()) {
                makeRoom();
                live.load();
                synchronized (this) {
                    account(live);
                    trim();
                }
            }
            if (live.deleted()) {
                throw live.gone();
            }
            return live;
        } catch (RuntimeException | Error e) {
            release(live);
            throw e;
        }
    }

    /** A loaded live mailbox, to be released, if there is one and it is still that mailbox. */
    Optional<LiveMailbox> acquireLoaded(long id, Predicate<MailboxInfo> that) {
        LiveMailbox live;
        synchronized (this) {
            live = all.get(id);
            if (live == null || !live.loaded() || live.deleted()) {
                return Optional.empty();
            }
            use(live);
        }
        if (!live.deleted() && that.test(live.view().info())) {
            return Optional.of(live);
        }
        release(live);
        return Optional.empty();
    }

    private LiveMailbox use(LiveMailbox live) {
        if (live.users++ == 0) {
            idle.remove(live);
        }
        return live;
    }

    /** Refuses to read one more mailbox while those in use take all that views may take. */
    private synchronized void makeRoom() {
        trim();
        if (octets >= limits.get().maxOctets()) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE, "the mailboxes that are open take all memory that they may");
        }
    }

    /** Counts a mailbox as large as it is now. */
    private void account(LiveMailbox live) {
        if (all.get(live.id()) == live) {
            octets += live.octets() - live.accounted;
            live.accounted = live.octets();
        }
    }

    private void trim() {
        ViewLimits now = limits.get();
        Iterator<LiveMailbox> oldest = idle.iterator();
        while (oldest.hasNext() && (idle.size() > now.maxIdle() || octets > now.maxOctets())) {
            LiveMailbox next = oldest.next();
            oldest.remove();
            remove(next);
            snapshots.leaves(next);
        }
    }

    private void remove(LiveMailbox live) {
        if (all.remove(live.id(), live)) {
            octets -= live.accounted;
            live.accounted = 0;
        }
    }

    void release(LiveMailbox live) {
        synchronized (this) {
            account(live);
            if (--live.users == 0 && all.get(live.id()) == live) {
                if (live.deleted() || !live.loaded()) {
                    remove(live);
                } else {
                    idle.add(live);
                }
            }
            trim();
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
            live = all.get(id);
            if (live != null) {
                idle.remove(live);
                remove(live);
            }
        }
        if (live != null) {
            live.markDeleted();
        }
        snapshots.forget(id);
    }

    /** Those that are there now. */
    synchronized List<LiveMailbox> present() {
        return new ArrayList<>(all.values());
    }

    /** How many are there that nobody uses. */
    synchronized int idle() {
        return idle.size();
    }

    /** Octets of memory that all views take. */
    synchronized long octets() {
        return octets;
    }
}
