package org.mailrack.testkit;

import java.nio.ByteBuffer;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import org.mailrack.api.mail.Registration;
import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.api.store.StoreException;
import org.mailrack.api.store.StoreException.Kind;

/**
 * A {@link MailboxStore} that forgets everything with the process. Passes {@link MailboxStoreContract}. One lock guards it all;
 * no visitor is called under it.
 */
public class InMemoryMailboxStore implements MailboxStore {

    private final String identity = UUID.randomUUID().toString();
    private final Map<Long, InMemoryMailbox> mailboxes = new TreeMap<>();
    private final Map<String, Set<String>> subscriptions = new HashMap<>();
    private long lastId;
    private long lastUidValidity = System.currentTimeMillis() / 1000;

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public void references(References visitor) {
        List<MessageRow> rows;
        synchronized (this) {
            rows = mailboxes.values().stream()
                    .flatMap(m -> m.rows.values().stream())
                    .toList();
        }
        rows.forEach(row -> visitor.reference(row.content(), row.size()));
    }

    @Override
    public synchronized List<MailboxInfo> mailboxes(long after, int max) {
        return mailboxes.values().stream()
                .filter(m -> m.id > after)
                .limit(max)
                .map(InMemoryMailbox::info)
                .toList();
    }

    @Override
    public synchronized List<MailboxInfo> mailboxes(String account) {
        return mailboxes.values().stream()
                .filter(m -> m.account.equals(account))
                .map(InMemoryMailbox::info)
                .toList();
    }

    @Override
    public synchronized Optional<MailboxInfo> mailbox(long id) {
        return Optional.ofNullable(mailboxes.get(id)).map(InMemoryMailbox::info);
    }

    @Override
    public synchronized MailboxInfo create(String account, String name, Optional<String> specialUse) {
        if (mailboxes.values().stream().anyMatch(m -> m.account.equals(account) && m.name.equals(name))) {
            throw new StoreException(Kind.EXISTS, "mailbox " + name + " exists");
        }
        InMemoryMailbox made = new InMemoryMailbox(++lastId, account, name, ++lastUidValidity, specialUse);
        mailboxes.put(made.id, made);
        return made.info();
    }

    @Override
    public synchronized void delete(long id) {
        find(id);
        mailboxes.remove(id);
    }

    @Override
    public synchronized void rename(Map<Long, String> newNames) {
        Set<String> accounts = new HashSet<>();
        newNames.keySet().forEach(id -> accounts.add(find(id).account));
        if (accounts.size() > 1) {
            throw new IllegalArgumentException("mailboxes of more than one account");
        }
        Set<String> taken = new HashSet<>();
        mailboxes.values().stream()
                .filter(m -> accounts.contains(m.account) && !newNames.containsKey(m.id))
                .forEach(m -> taken.add(m.name));
        for (String name : newNames.values()) {
            if (!taken.add(name)) {
                throw new StoreException(Kind.EXISTS, "mailbox " + name + " exists");
            }
        }
        newNames.forEach((id, name) -> find(id).name = name);
    }

    @Override
    public synchronized Set<String> subscriptions(String account) {
        return Set.copyOf(subscriptions.getOrDefault(account, Set.of()));
    }

    @Override
    public synchronized void subscribe(String account, String name, boolean subscribed) {
        Set<String> names = subscriptions.computeIfAbsent(account, a -> new HashSet<>());
        if (subscribed) {
            names.add(name);
        } else {
            names.remove(name);
        }
    }

    @Override
    public synchronized void deleteAccount(String account) {
        mailboxes.values().removeIf(m -> m.account.equals(account));
        subscriptions.remove(account);
    }

    @Override
    public synchronized List<AppendResult> append(List<NewMessage> messages) {
        Map<Long, Long> wanted = new HashMap<>();
        for (NewMessage message : messages) {
            if (mailboxes.containsKey(message.mailbox())) {
                wanted.merge(message.mailbox(), 1L, Long::sum);
            }
        }
        wanted.forEach((id, count) -> find(id).checkRoom(count));
        Set<Long> changed = new HashSet<>();
        return messages.stream().map(m -> append(m, changed)).toList();
    }

    private AppendResult append(NewMessage message, Set<Long> changed) {
        InMemoryMailbox mailbox = mailboxes.get(message.mailbox());
        if (mailbox == null) {
            return new AppendResult(AppendResult.Status.NO_MAILBOX, Optional.empty());
        }
        if (message.deliveryKey().isPresent()
                && !mailbox.deliveryKeys.add(message.deliveryKey().get())) {
            return new AppendResult(AppendResult.Status.DUPLICATE, Optional.empty());
        }
        if (changed.add(mailbox.id)) {
            mailbox.modSeq++;
        }
        MessageRow row = mailbox.add(new MessageRow(
                0,
                0,
                message.flags(),
                message.size(),
                message.internalDate().truncatedTo(ChronoUnit.MILLIS),
                message.content()));
        return new AppendResult(AppendResult.Status.APPENDED, Optional.of(row));
    }

    @Override
    public synchronized Set<String> delivered(long mailbox, Collection<String> keys) {
        Set<String> used = new HashSet<>(keys);
        used.retainAll(find(mailbox).deliveryKeys);
        return used;
    }

    @Override
    public synchronized void forgetDeliveries(Collection<String> keys) {
        mailboxes.values().forEach(m -> m.deliveryKeys.removeAll(Set.copyOf(keys)));
    }

    @Override
    public void messages(long mailbox, Consumer<MessageRow> visitor) {
        List<MessageRow> rows;
        synchronized (this) {
            rows = List.copyOf(find(mailbox).rows.values());
        }
        rows.forEach(visitor);
    }

    @Override
    public synchronized Changes changes(long mailbox, long sinceModSeq) {
        InMemoryMailbox found = find(mailbox);
        List<MessageRow> rows = found.rows.values().stream()
                .filter(r -> r.modSeq() > sinceModSeq)
                .toList();
        return new Changes(found.info(), rows, found.vanishedSince(sinceModSeq));
    }

    @Override
    public synchronized FlagResult changeFlags(
            long mailbox, UidSet uids, FlagChange change, OptionalLong unchangedSince) {
        InMemoryMailbox found = find(mailbox);
        List<Long> modified = new ArrayList<>();
        List<MessageRow> changed = new ArrayList<>();
        for (MessageRow row : found.select(uids)) {
            if (unchangedSince.isPresent() && row.modSeq() > unchangedSince.getAsLong()) {
                modified.add(row.uid());
                continue;
            }
            Flags after = keepSpelling(row.flags(), change.applyTo(row.flags()));
            if (!after.equals(row.flags())) {
                changed.add(new MessageRow(
                        row.uid(), found.modSeq + 1, after, row.size(), row.internalDate(), row.content()));
            }
        }
        if (!changed.isEmpty()) {
            found.modSeq++;
            changed.forEach(row -> found.rows.put(row.uid(), row));
        }
        return new FlagResult(List.copyOf(changed), UidSet.of(modified));
    }

    /** Keywords keep the case they were first written in. */
    private static Flags keepSpelling(Flags before, Flags after) {
        List<String> keywords = after.keywords().stream()
                .map(k -> before.keywords().stream()
                        .filter(k::equalsIgnoreCase)
                        .findFirst()
                        .orElse(k))
                .toList();
        return new Flags(after.bits(), keywords);
    }

    @Override
    public synchronized Expunged expunge(long mailbox, UidSet uids) {
        InMemoryMailbox found = find(mailbox);
        UidSet present = uidsOf(found.select(uids));
        if (!present.isEmpty()) {
            found.modSeq++;
            found.remove(present);
        }
        return new Expunged(present, found.modSeq);
    }

    @Override
    public synchronized Copied copy(long mailbox, UidSet uids, long target) {
        InMemoryMailbox from = find(mailbox);
        InMemoryMailbox to = find(target);
        List<MessageRow> rows = from.select(uids);
        return new Copied(uidsOf(rows), addAll(to, rows), 0);
    }

    @Override
    public synchronized Copied move(long mailbox, UidSet uids, long target) {
        InMemoryMailbox from = find(mailbox);
        InMemoryMailbox to = find(target);
        List<MessageRow> rows = from.select(uids);
        UidSet source = uidsOf(rows);
        List<MessageRow> added = addAll(to, rows);
        if (!source.isEmpty()) {
            if (from != to) {
                from.modSeq++;
            }
            from.remove(source);
        }
        return new Copied(source, added, from.modSeq);
    }

    private static List<MessageRow> addAll(InMemoryMailbox to, List<MessageRow> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        to.checkRoom(rows.size());
        to.modSeq++;
        return rows.stream().map(to::add).toList();
    }

    private static UidSet uidsOf(List<MessageRow> rows) {
        return UidSet.of(rows.stream().mapToLong(MessageRow::uid).toArray());
    }

    @Override
    public synchronized long claimRecent(long mailbox) {
        InMemoryMailbox found = find(mailbox);
        long before = found.recent;
        found.recent = found.uidNext;
        return before;
    }

    @Override
    public synchronized long recent(long mailbox) {
        return find(mailbox).recent;
    }

    @Override
    public synchronized Map<Long, ByteBuffer> details(long mailbox, UidSet uids) {
        InMemoryMailbox found = find(mailbox);
        Map<Long, ByteBuffer> details = new HashMap<>();
        for (MessageRow row : found.select(uids)) {
            ByteBuffer detail = found.details.get(row.uid());
            if (detail != null) {
                details.put(row.uid(), detail.duplicate());
            }
        }
        return details;
    }

    @Override
    public synchronized void putDetails(long mailbox, Map<Long, ByteBuffer> details) {
        InMemoryMailbox found = find(mailbox);
        details.forEach((uid, detail) -> {
            if (found.rows.containsKey(uid)) {
                byte[] copy = new byte[detail.remaining()];
                detail.duplicate().get(copy);
                found.details.put(uid, ByteBuffer.wrap(copy).asReadOnlyBuffer());
            }
        });
    }

    @Override
    public Registration listen(LongConsumer listener) {
        return () -> {};
    }

    private InMemoryMailbox find(long id) {
        InMemoryMailbox mailbox = mailboxes.get(id);
        if (mailbox == null) {
            throw new StoreException(Kind.NOT_FOUND, "no mailbox " + id);
        }
        return mailbox;
    }
}
