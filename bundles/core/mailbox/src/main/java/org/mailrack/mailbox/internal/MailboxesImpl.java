package org.mailrack.mailbox.internal;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.MailboxCounts;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.api.store.StoreException;

/** All mailboxes, over any stores. Thread-safe. */
public final class MailboxesImpl implements Mailboxes, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(MailboxesImpl.class);

    private final MailboxStore store;
    private final ContentStore contents;
    private volatile MailboxLimits limits;
    private final Catalog catalog;
    private final Snapshots snapshots;
    private final LiveMailboxes live;
    private final MailboxFinder finder;
    private final MessageReader reader;
    private final Map<String, List<Runnable>> listeners = new ConcurrentHashMap<>();
    private final OutsideChanges outside;

    /** The mailboxes in these stores. */
    public MailboxesImpl(MailboxStore store, ContentStore contents, MailboxLimits limits) {
        this(store, contents, limits, Optional.empty());
    }

    /** The mailboxes in these stores, with snapshots of views in a folder. */
    public MailboxesImpl(
            MailboxStore store, ContentStore contents, MailboxLimits limits, Optional<Path> snapshotFolder) {
        this.store = store;
        this.contents = contents;
        this.limits = limits;
        catalog = new Catalog(store, () -> this.limits);
        snapshots = new Snapshots(snapshotFolder, () -> this.limits.views());
        live = new LiveMailboxes(store, snapshots, () -> this.limits.views());
        finder = new MailboxFinder(store, catalog, live, snapshots, () -> this.limits);
        reader = new MessageReader(store, contents, () -> this.limits);
        outside = new OutsideChanges(store, this::changedOutside);
        snapshots.preload(finder::preload, finder::warmUp);
    }

    /** Other limits from now on. */
    void limits(MailboxLimits newLimits) {
        limits = newLimits;
    }

    MailboxLimits limits() {
        return limits;
    }

    LiveMailboxes live() {
        return live;
    }

    MessageReader reader() {
        return reader;
    }

    @Override
    public List<MailboxInfo> list(String account) {
        return catalog.list(account);
    }

    @Override
    public Optional<MailboxInfo> find(String account, String name) {
        return MailboxNames.form(name, limits).flatMap(form -> catalog.find(account, form));
    }

    MailboxInfo get(String account, String name) {
        return find(account, name).orElseThrow(() -> Catalog.noMailbox(name));
    }

    @Override
    public MailboxCounts counts(String account, String name) {
        return finder.counts(account, name);
    }

    @Override
    public MailboxInfo create(String account, String name, Optional<String> specialUse) {
        MailboxNames.checkAttribute(specialUse);
        MailboxInfo made = catalog.create(account, MailboxNames.checked(name, limits), specialUse);
        log.info("mailbox made account={} mailbox={}", account, made.id());
        tell(account);
        return made;
    }

    @Override
    public void delete(String account, String name) {
        MailboxInfo info = get(account, name);
        if (info.name().equals(MailboxInfo.INBOX)) {
            throw new IllegalArgumentException("INBOX cannot be deleted");
        }
        store.delete(info.id());
        catalog.forget(account);
        live.deleted(info.id());
        reader.forget(info.id());
        log.info("mailbox deleted account={} mailbox={}", account, info.id());
        tell(account);
    }

    @Override
    public void rename(String account, String from, String to) {
        String target = MailboxNames.checked(to, limits);
        String source = MailboxNames.form(from, limits).orElseThrow(() -> Catalog.noMailbox(from));
        if (source.equals(MailboxInfo.INBOX)) {
            moveInbox(account, target);
        } else {
            for (long id : catalog.rename(account, source, target)) {
                live.ifPresent(id, LiveMailbox::refresh);
            }
        }
        tell(account);
    }

    /** INBOX stays, empty; the mailboxes below it stay where they are. */
    private void moveInbox(String account, String name) {
        MailboxInfo inbox = catalog.get(account, MailboxInfo.INBOX);
        MailboxInfo target = catalog.create(account, name, Optional.empty());
        try {
            moved(inbox.id(), target.id(), store.move(inbox.id(), UidSet.range(1, 0xffffffffL), target.id()));
        } catch (StoreException e) {
            store.delete(target.id());
            throw e;
        }
    }

    /** Takes what was moved or copied into the views, first where it is new, so that nobody sees it nowhere. */
    void moved(long from, long to, MailboxStore.Copied copied) {
        if (from == to && copied.sourceModSeq() > 0) {
            live.ifPresent(from, m -> m.changed(copied.rows(), copied.source(), copied.sourceModSeq()));
            return;
        }
        appended(to, copied.rows());
        if (copied.sourceModSeq() > 0) {
            live.ifPresent(from, m -> m.changed(List.of(), copied.source(), copied.sourceModSeq()));
        }
    }

    /** Takes new rows into the view, if the mailbox has one. */
    private void appended(long id, List<MessageRow> rows) {
        long modSeq = rows.stream().mapToLong(MessageRow::modSeq).max().orElse(0);
        live.ifPresent(id, m -> m.changed(rows, UidSet.EMPTY, modSeq));
    }

    @Override
    public Set<String> subscriptions(String account) {
        return catalog.subscriptions(account);
    }

    @Override
    public void subscribe(String account, String name, boolean subscribed) {
        catalog.subscribe(account, MailboxNames.checked(name, limits), subscribed);
        tell(account);
    }

    @Override
    public Mailbox open(String account, String name) {
        return new MailboxHandle(this, store, finder.acquire(account, name));
    }

    @Override
    public ContentWriter create() {
        return contents.create();
    }

    @Override
    public Appended append(String account, String name, ContentWriter content, Flags flags, Instant internalDate) {
        return append(account, name, List.of(new NewMessage(content, flags, internalDate)))
                .get(0);
    }

    @Override
    public List<Appended> append(String account, String name, List<NewMessage> messages) {
        MailboxInfo target;
        List<MailboxStore.NewMessage> rows;
        try {
            target = get(account, name);
            messages.forEach(m -> Keywords.check(m.flags(), limits));
            rows = commit(target.id(), messages);
        } finally {
            // Does nothing to those that were committed.
            messages.forEach(m -> m.content().close());
        }
        List<MessageRow> made = new ArrayList<>(rows.size());
        for (MailboxStore.AppendResult result : store.append(rows)) {
            made.add(result.row().orElseThrow(() -> Catalog.noMailbox(name)));
        }
        appended(target.id(), made);
        tell(account);
        return made.stream()
                .map(row -> new Appended(target.uidValidity(), row.uid(), row.modSeq()))
                .toList();
    }

    /** Makes all contents durable, together. */
    private List<MailboxStore.NewMessage> commit(long mailbox, List<NewMessage> messages) {
        return Commits.all(contents, messages.stream().map(NewMessage::content).toList(), (i, ref, size) -> {
            NewMessage message = messages.get(i);
            return new MailboxStore.NewMessage(
                    mailbox, ref, size, message.flags(), Times.stored(message.internalDate()), Optional.empty());
        });
    }

    @Override
    public List<Delivered> deliver(List<ToDeliver> batch) {
        Delivered[] results = new Delivered[batch.size()];
        List<Integer> todo = new ArrayList<>();
        for (int i = 0; i < results.length; i++) {
            todo.add(i);
        }
        // A mailbox that we remember may be gone: then the second round makes it.
        for (int round = 0; round < 2 && !todo.isEmpty(); round++) {
            todo = deliver(batch, todo, results);
        }
        return List.of(results);
    }

    /** Delivers some of the batch; returns those whose mailbox was not there. */
    private List<Integer> deliver(List<ToDeliver> batch, List<Integer> todo, Delivered[] results) {
        List<Integer> asked = new ArrayList<>(todo.size());
        List<MailboxInfo> targets = new ArrayList<>(todo.size());
        List<MailboxStore.NewMessage> messages = new ArrayList<>(todo.size());
        for (int i : todo) {
            ToDeliver mail = batch.get(i);
            results[i] = new Delivered(Delivered.Status.NO_MAILBOX, Optional.empty());
            target(mail).ifPresent(target -> {
                asked.add(i);
                targets.add(target);
                messages.add(new MailboxStore.NewMessage(
                        target.id(),
                        mail.content(),
                        mail.size(),
                        mail.flags(),
                        Times.stored(mail.internalDate()),
                        Optional.of(mail.deliveryKey())));
            });
        }
        List<Integer> again = new ArrayList<>();
        if (messages.isEmpty()) {
            return again;
        }
        List<MailboxStore.AppendResult> stored = store.append(messages);
        Map<Long, List<MessageRow>> rows = new LinkedHashMap<>();
        Set<String> accounts = new HashSet<>();
        for (int j = 0; j < stored.size(); j++) {
            int i = asked.get(j);
            MailboxInfo target = targets.get(j);
            switch (stored.get(j).status()) {
                case APPENDED -> {
                    MessageRow row = stored.get(j).row().orElseThrow();
                    rows.computeIfAbsent(target.id(), id -> new ArrayList<>()).add(row);
                    accounts.add(target.account());
                    Appended appended = new Appended(target.uidValidity(), row.uid(), row.modSeq());
                    results[i] = new Delivered(Delivered.Status.APPENDED, Optional.of(appended));
                }
                case DUPLICATE -> results[i] = new Delivered(Delivered.Status.DUPLICATE, Optional.empty());
                case NO_MAILBOX -> {
                    catalog.forgetAccount(target.account());
                    again.add(i);
                }
            }
        }
        rows.forEach(this::appended);
        accounts.forEach(this::tell);
        return again;
    }

    private Optional<MailboxInfo> target(ToDeliver mail) {
        try {
            Keywords.check(mail.flags(), limits);
            return Optional.of(catalog.target(mail.account(), MailboxNames.checked(mail.name(), limits)));
        } catch (IllegalArgumentException e) {
            log.warn("delivery has no mailbox account={} reason={}", mail.account(), e.getMessage());
            return Optional.empty();
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.NOT_FOUND) {
                throw e;
            }
            return Optional.empty();
        }
    }

    @Override
    public Set<String> delivered(String account, String name, Collection<String> keys) {
        Optional<MailboxInfo> target = find(account, name);
        try {
            return target.isEmpty() ? Set.of() : store.delivered(target.get().id(), keys);
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.NOT_FOUND) {
                return Set.of(); // deleted just now
            }
            throw e;
        }
    }

    @Override
    public void deleteAccount(String account) {
        List<MailboxInfo> gone = store.mailboxes(account);
        store.deleteAccount(account);
        catalog.forgetAccount(account);
        gone.forEach(info -> {
            live.deleted(info.id());
            reader.forget(info.id());
        });
        log.info("mailboxes of account deleted account={} mailboxes={}", account, gone.size());
        tell(account);
    }

    @Override
    public Registration listen(String account, Runnable listener) {
        Runnable own = listener::run;
        listeners.compute(account, (a, list) -> {
            List<Runnable> all = list == null ? new CopyOnWriteArrayList<>() : list;
            all.add(own);
            return all;
        });
        return () -> listeners.computeIfPresent(account, (a, list) -> {
            list.remove(own);
            return list.isEmpty() ? null : list;
        });
    }

    /** Tells that something of the account has changed. */
    void tell(String account) {
        List<Runnable> told = listeners.get(account);
        if (told != null) {
            Listeners.call(told);
        }
    }

    /** Another process has changed a mailbox, or made or deleted it. */
    private void changedOutside(long id) {
        catalog.forgetAll();
        live.ifPresent(id, m -> {
            m.forgetRecent();
            m.refresh();
        });
        if (!listeners.isEmpty()) {
            Optional<MailboxInfo> info = store.mailbox(id);
            if (info.isPresent()) {
                tell(info.get().account());
            } else {
                // Nobody can say whose it was.
                new HashMap<>(listeners).keySet().forEach(this::tell);
            }
        }
    }

    /** Stops hearing of other processes and writes what waits to be cached, and the views. */
    @Override
    public void close() {
        outside.close();
        live.present().forEach(m -> reader.flush(m.id()));
        snapshots.close(live.present());
    }
}
