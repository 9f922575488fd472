package org.mailrack.mailbox.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.Registration;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.api.store.StoreException;

/**
 * The one live view of a mailbox. It is always whole up to its highest mod-sequence: a change that does not follow directly on
 * that, because other threads or processes were faster, is not applied but everything since then is read from the store. So it
 * does not matter in which order writers come here. Listeners are called outside the lock.
 */
final class LiveMailbox {

    private static final Logger log = LoggerFactory.getLogger(LiveMailbox.class);

    private final long id;
    private final MailboxStore store;
    private final Snapshots snapshots;
    private final Unsaved unsaved = new Unsaved();
    private final ReentrantLock lock = new ReentrantLock();
    private final FlagPool pool = new FlagPool();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile View view;
    /** Set when the store could not be read after a change: the next look at the view tries again. */
    private volatile boolean stale;

    private volatile boolean deleted;
    /** What {@link MailboxStore#recent} says, or less by messages that the view does not have; below 0 when it must be asked. */
    private long recent = -1;

    private final Object recentLock = new Object();

    /** Who uses it, guarded by {@link LiveMailboxes}. */
    int users;
    /** Octets that it is counted with, guarded by {@link LiveMailboxes}. */
    long accounted;

    LiveMailbox(long id, MailboxStore store, Snapshots snapshots) {
        this.id = id;
        this.store = store;
        this.snapshots = snapshots;
    }

    long id() {
        return id;
    }

    boolean deleted() {
        return deleted;
    }

    StoreException gone() {
        return new StoreException(StoreException.Kind.NOT_FOUND, "the mailbox was deleted");
    }

    /** Reads the mailbox unless that was done. */
    void load() {
        if (view != null) {
            return;
        }
        lock.lock();
        try {
            if (view == null) {
                MailboxInfo info = store.mailbox(id).orElseThrow(this::gone);
                Optional<View> saved = snapshots.read(info, pool).flatMap(this::bringForward);
                view = saved.isPresent() ? saved.get() : readRows(info);
            }
        } catch (StoreException e) {
            noteGone(e);
            throw e;
        } finally {
            lock.unlock();
        }
        snapshots.changed(this);
    }

    private View readRows(MailboxInfo info) {
        View.Builder rows = new View.Builder(pool);
        store.messages(id, rows);
        // The rows may be newer than the info: what changed meanwhile comes once more, which does no harm.
        View loaded = rows.build(info);
        MailboxStore.Changes since = store.changes(id, info.highestModSeq());
        View now = ViewChange.apply(loaded, since.info(), since.rows(), since.vanished(), pool);
        unsaved.add(now.size());
        return now;
    }

    /** A view from a snapshot with what changed since; empty when the mailbox never was as the snapshot has it. */
    private Optional<View> bringForward(View saved) {
        SnapshotCheck check = new SnapshotCheck(saved);
        MailboxStore.Changes since = store.changes(id, check.since());
        if (!check.holds(since)) {
            log.warn("snapshot is not of this mailbox's past, so it is not used mailbox={}", id);
            snapshots.forget(id);
            return Optional.empty();
        }
        View now = ViewChange.apply(saved, since.info(), since.rows(), since.vanished(), pool);
        unsaved.add(since.rows().size() + Math.abs((long) now.size() - saved.size()));
        return Optional.of(now);
    }

    private void noteGone(StoreException e) {
        if (e.kind() == StoreException.Kind.NOT_FOUND) {
            deleted = true;
        }
    }

    /** The newest view; null when it was never loaded. */
    View view() {
        if (stale && !deleted) {
            refresh();
        }
        return view;
    }

    /** The view as it is, without a look at the store. */
    View current() {
        return view;
    }

    Unsaved unsaved() {
        return unsaved;
    }

    boolean loaded() {
        return view != null;
    }

    /** Messages in the view, 0 before it is loaded. */
    int rows() {
        View now = view;
        return now == null ? 0 : now.size();
    }

    /** Octets of memory that the view takes. */
    long octets() {
        View now = view;
        return now == null ? 0 : now.memory();
    }

    /**
     * Takes in a change that the store has made. Never fails: the change is done, and a store that cannot be read now is asked
     * again later.
     *
     * @param rows new or changed rows
     * @param vanished removed messages
     * @param modSeq the highest mod-sequence of the change
     */
    void changed(List<MessageRow> rows, UidSet vanished, long modSeq) {
        if (rows.isEmpty() && vanished.isEmpty()) {
            return;
        }
        boolean news = false;
        lock.lock();
        try {
            View now = view;
            // A view that is not there yet will be read from the store after this change.
            if (now != null && now.info().highestModSeq() < modSeq) {
                if (!stale && follows(now.info().highestModSeq(), rows, modSeq)) {
                    List<MessageRow> sorted = new ArrayList<>(rows);
                    sorted.sort(Comparator.comparingLong(MessageRow::uid));
                    view = ViewChange.apply(now, after(now.info(), sorted, modSeq), sorted, vanished, pool);
                } else {
                    readChanges(now);
                }
                news = view != now;
            }
        } finally {
            lock.unlock();
        }
        if (news) {
            unsaved.add(rows.size() + vanished.size());
            tell();
            snapshots.changed(this);
        }
    }

    /** Whether the change holds every mod-sequence after {@code last}, so that no other change came between. */
    private static boolean follows(long last, List<MessageRow> rows, long modSeq) {
        if (modSeq == last + 1) {
            return rows.stream().allMatch(row -> row.modSeq() == modSeq);
        }
        // An append to several messages may have numbered them one by one.
        long next = last;
        for (MessageRow row : rows) {
            if (row.modSeq() != next && row.modSeq() != next + 1) {
                return false;
            }
            next = row.modSeq();
            if (next == last) {
                return false;
            }
        }
        return next == modSeq;
    }

    private static MailboxInfo after(MailboxInfo info, List<MessageRow> rows, long modSeq) {
        long uidNext = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).uid() + 1;
        return new MailboxInfo(
                info.id(),
                info.account(),
                info.name(),
                info.uidValidity(),
                Math.max(info.uidNext(), uidNext),
                modSeq,
                info.specialUse());
    }

    /** Reads what changed since the view, if it was ever read. */
    void refresh() {
        boolean news;
        lock.lock();
        try {
            View before = view;
            if (before == null || deleted) {
                return;
            }
            readChanges(before);
            news = view != before || deleted;
        } finally {
            lock.unlock();
        }
        if (news) {
            tell();
            snapshots.changed(this);
        }
    }

    private void readChanges(View now) {
        try {
            MailboxStore.Changes since = store.changes(id, now.info().highestModSeq());
            unsaved.add(since.rows().size() + since.vanished().size());
            view = ViewChange.apply(now, since.info(), since.rows(), since.vanished(), pool);
            stale = false;
        } catch (StoreException e) {
            noteGone(e);
            if (!deleted) {
                stale = true;
                log.warn("mailbox view is behind mailbox={} reason={}", id, e.getMessage());
            }
        }
    }

    /** The mark of told messages. */
    long recent() {
        synchronized (recentLock) {
            if (recent < 0) {
                recent = store.recent(id);
            }
            return recent;
        }
    }

    /** Another process may have moved the mark. */
    void forgetRecent() {
        synchronized (recentLock) {
            recent = -1;
        }
    }

    /** Sets the mark of told messages after all that are there, and returns what it was before. */
    long claimRecent() {
        synchronized (recentLock) {
            long next = view().info().uidNext();
            if (recent >= next) {
                // All that the caller can see was claimed before.
                return recent;
            }
            recent = -1;
            try {
                long before = store.claimRecent(id);
                recent = Math.max(before, next);
                return before;
            } catch (StoreException e) {
                if (!e.passes()) {
                    throw e;
                }
                // A mark that cannot be written keeps nobody from reading; then nothing is new.
                log.debug("mark of told messages not set mailbox={} reason={}", id, e.getMessage());
                return view().info().uidNext();
            }
        }
    }

    void markDeleted() {
        if (!deleted) {
            deleted = true;
            tell();
        }
    }

    Registration listen(Runnable listener) {
        // A wrapper of its own, so that a listener registered twice can be taken away once.
        Runnable own = listener::run;
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    private void tell() {
        Listeners.call(listeners);
    }
}
