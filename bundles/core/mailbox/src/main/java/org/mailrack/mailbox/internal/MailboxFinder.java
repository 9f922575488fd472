package org.mailrack.mailbox.internal;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mailbox.MailboxCounts;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.store.MailboxStore;

/** Finds live mailboxes by their names. For one that is in memory the store is not asked. Thread-safe. */
final class MailboxFinder {

    private static final Logger log = LoggerFactory.getLogger(MailboxFinder.class);

    /** Mailboxes that are looked at to find a small one. */
    private static final int FEW = 200;
    /** Rows that such a mailbox has at most. */
    private static final int FEW_ROWS = 2000;

    private final MailboxStore store;
    private final Catalog catalog;
    private final LiveMailboxes live;
    private final Snapshots snapshots;
    private final Supplier<MailboxLimits> limits;

    MailboxFinder(
            MailboxStore store,
            Catalog catalog,
            LiveMailboxes live,
            Snapshots snapshots,
            Supplier<MailboxLimits> limits) {
        this.store = store;
        this.catalog = catalog;
        this.live = live;
        this.snapshots = snapshots;
        this.limits = limits;
    }

    /** The live mailbox of that name, to be released. */
    LiveMailbox acquire(String account, String name) {
        return inMemory(account, name)
                .orElseGet(() -> live.acquire(info(account, name).id()));
    }

    private Optional<LiveMailbox> inMemory(String account, String name) {
        return MailboxNames.form(name, limits.get()).flatMap(form -> catalog.seen(account, form)
                .flatMap(id -> live.acquireLoaded(
                        id, info -> info.name().equals(form) && info.account().equals(account))));
    }

    private MailboxInfo info(String account, String name) {
        return MailboxNames.form(name, limits.get())
                .flatMap(form -> catalog.find(account, form))
                .orElseThrow(() -> Catalog.noMailbox(name));
    }

    /** What STATUS tells. */
    MailboxCounts counts(String account, String name) {
        Optional<LiveMailbox> found = inMemory(account, name);
        if (found.isEmpty()) {
            MailboxInfo info = info(account, name);
            Optional<MailboxCounts> saved = savedCounts(info);
            if (saved.isPresent()) {
                return saved.get();
            }
            found = Optional.of(live.acquire(info.id()));
        }
        LiveMailbox mailbox = found.get();
        try {
            View view = mailbox.view();
            long mark = mailbox.recent();
            int firstRecent = view.indexOf(mark);
            int recent = view.size() - (firstRecent < 0 ? -firstRecent - 1 : firstRecent);
            return new MailboxCounts(view.info(), view.size(), view.unseen(), view.deleted(), view.octets(), recent);
        } finally {
            live.release(mailbox);
        }
    }

    /** The counts of a mailbox that has not changed since its snapshot, without its view. */
    private Optional<MailboxCounts> savedCounts(MailboxInfo info) {
        return snapshots.counts(info).flatMap(counts -> {
            long mark = store.recent(info.id());
            if (mark > counts.firstUid() && mark <= counts.lastUid()) {
                return Optional.empty();
            }
            int recent = mark > counts.lastUid() ? 0 : counts.rows();
            return Optional.of(
                    new MailboxCounts(info, counts.rows(), counts.unseen(), counts.deleted(), counts.octets(), recent));
        });
    }

    /** Opens a mailbox in advance, unless that meant to read all of its rows. */
    void preload(long id) {
        Optional<MailboxInfo> info = store.mailbox(id).filter(snapshots::has);
        if (info.isEmpty()) {
            log.debug("mailbox not read in advance mailbox={}", id);
            return;
        }
        LiveMailbox mailbox = live.acquire(id);
        try {
            mailbox.recent();
            catalog.find(info.get().account(), info.get().name());
        } finally {
            live.release(mailbox);
        }
    }

    /**
     * Opens a small mailbox in advance, whosever it is: the first one that is opened costs a hundred times as much as the next, for
     * code and database plans. Changes nothing.
     */
    void warmUp() {
        List<MailboxInfo> some = store.mailboxes(0, FEW);
        Optional<MailboxInfo> found = some.stream()
                .filter(info -> info.uidNext() > 1 && info.uidNext() <= FEW_ROWS)
                .findFirst()
                .or(() -> some.stream().filter(info -> info.uidNext() <= 1).findFirst());
        if (found.isEmpty()) {
            return;
        }
        LiveMailbox mailbox = live.acquire(found.get().id());
        try {
            mailbox.recent();
            store.mailboxes(found.get().account());
            store.mailbox(mailbox.id());
        } finally {
            live.release(mailbox);
        }
    }
}
