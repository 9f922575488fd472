package org.mailrack.mailbox.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mailbox.MailboxInfo;

/**
 * Decides when a view is worth a snapshot, and has it written by a thread of its own, which is there only while there is something to
 * write. That a snapshot is missing or old costs time, no more; so nothing here fails. Thread-safe.
 */
final class Snapshots {

    private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

    /** Views that may wait to be written; each keeps its memory. */
    private static final int WAITING = 16;
    /** A view that leaves memory is written when so many messages have changed since its last snapshot. */
    private static final int SOME = 100;
    /** One that stays is written when so many have, or one in a hundred: to read a change costs more than to read a message. */
    private static final int MANY = 500;

    private static final long CLOSE_SECONDS = 10;

    private final Optional<SnapshotFolder> folder;
    private final Supplier<ViewLimits> limits;
    private final ThreadPoolExecutor writer;
    /** Mailboxes whose snapshot is to be removed. */
    private final Set<Long> forgotten = ConcurrentHashMap.newKeySet();

    /** Snapshots in a folder, or none at all. */
    Snapshots(Optional<Path> folder, Supplier<ViewLimits> limits) {
        this.folder = folder.map(SnapshotFolder::new);
        this.limits = limits;
        writer = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), task -> {
            Thread thread = new Thread(task, "mailbox-snapshots");
            thread.setDaemon(true);
            thread.setPriority(Thread.MIN_PRIORITY);
            return thread;
        });
        writer.allowCoreThreadTimeOut(true);
    }

    /** A view as it was, for a mailbox as it is now. */
    Optional<View> read(MailboxInfo info, FlagPool pool) {
        return folder.flatMap(f -> f.read(info, pool));
    }

    /** Whether there is a view for a mailbox as it is now. */
    boolean has(MailboxInfo info) {
        return folder.flatMap(f -> f.head(info)).isPresent();
    }

    /** The counts of a view as it was, when nothing has changed since. */
    Optional<SnapshotHead.Counts> counts(MailboxInfo info) {
        return folder.flatMap(f -> f.head(info))
                .filter(head -> head.modSeq() == info.highestModSeq() && head.uidNext() == info.uidNext())
                .map(SnapshotHead::counts);
    }

    /**
     * Has mailboxes opened that were written last, before anybody asks: then what their clients need first after a restart is in
     * memory, and so are the database's plans and the code.
     *
     * @param otherwise done when there is no snapshot
     */
    void preload(LongConsumer open, Runnable otherwise) {
        if (folder.isEmpty() || limits.get().preloadOctets() == 0) {
            return;
        }
        writer.execute(() -> {
            try {
                List<Long> newest = folder.get().newest(limits.get().preloadOctets());
                for (long id : newest) {
                    if (!writer.isShutdown()) {
                        open.accept(id);
                    }
                }
                if (newest.isEmpty() && !writer.isShutdown()) {
                    otherwise.run();
                }
            } catch (IOException | RuntimeException e) {
                log.info("mailboxes not read in advance reason={}", e.toString());
            }
        });
    }

    /** A view is there or has changed. */
    void changed(LiveMailbox live) {
        if (live.unsaved().due(Math.max(MANY, live.rows() / 100), limits.get().snapshotInterval())) {
            later(live);
        }
    }

    /** A view leaves memory. */
    void leaves(LiveMailbox live) {
        if (live.unsaved().due(SOME, 0)) {
            later(live);
        }
    }

    private boolean worthIt(LiveMailbox live) {
        ViewLimits now = limits.get();
        return folder.isPresent() && now.maxSnapshotOctets() > 0 && live.rows() >= now.snapshotRows();
    }

    private void later(LiveMailbox live) {
        if (!worthIt(live) || !live.unsaved().queue()) {
            return;
        }
        try {
            writer.execute(() -> write(live));
        } catch (RejectedExecutionException e) {
            live.unsaved().unqueue();
        }
    }

    private void write(LiveMailbox live) {
        // First this, then the view: a change between the two counts twice, not never.
        long taken = live.unsaved().begin();
        View view = live.current();
        if (live.deleted()) {
            return;
        }
        try {
            if (!folder.orElseThrow().write(view, limits.get().maxSnapshotOctets())) {
                log.debug("no space for a snapshot mailbox={}", live.id());
            }
            if (live.deleted()) {
                // Deleted while it was written: then nobody else takes the file away.
                folder.orElseThrow().delete(live.id());
            }
        } catch (IOException e) {
            log.warn("snapshot not written mailbox={} reason={}", live.id(), e.toString());
            live.unsaved().failed(taken);
        }
    }

    /** A mailbox is no more, or never was as its snapshot has it. */
    void forget(long id) {
        if (folder.isEmpty()) {
            return;
        }
        forgotten.add(id);
        try {
            // After what waits to be written, which may be of this mailbox.
            writer.execute(this::removeForgotten);
        } catch (RejectedExecutionException e) {
            log.debug("snapshot is removed later mailbox={}", id);
        }
    }

    private void removeForgotten() {
        for (long id : forgotten) {
            forgotten.remove(id);
            try {
                folder.orElseThrow().delete(id);
            } catch (IOException e) {
                log.warn("snapshot not removed mailbox={} reason={}", id, e.toString());
            }
        }
    }

    /** Writes what is worth it, and stops. */
    void close(List<LiveMailbox> present) {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        removeForgotten();
        for (LiveMailbox live : present) {
            if (worthIt(live) && live.unsaved().due(1, 0)) {
                write(live);
            }
        }
    }
}
