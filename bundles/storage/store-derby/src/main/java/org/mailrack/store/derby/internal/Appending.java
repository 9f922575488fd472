package org.mailrack.store.derby.internal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.store.MailboxStore.AppendResult;
import org.mailrack.api.store.MailboxStore.AppendResult.Status;
import org.mailrack.api.store.MailboxStore.NewMessage;

/** One batch of messages to append: all locks first, then one update per mailbox, then the rows. */
final class Appending {

    private final Tx tx;
    private final DeliveryKeys.Noting deliveries;
    private final List<NewMessage> messages;
    private final Map<Long, MailboxTable.Row> mailboxes;
    private final Map<Long, Set<String>> usedKeys = new HashMap<>();

    private Appending(Tx tx, List<NewMessage> messages, DeliveryKeys.Noting deliveries) throws SQLException {
        this.tx = tx;
        this.deliveries = deliveries;
        this.messages = messages;
        this.mailboxes = MailboxTable.lockPresent(
                tx, messages.stream().map(NewMessage::mailbox).toList());
    }

    static List<AppendResult> append(Tx tx, List<NewMessage> messages, DeliveryKeys.Noting deliveries)
            throws SQLException {
        return new Appending(tx, messages, deliveries).append();
    }

    private List<AppendResult> append() throws SQLException {
        List<Status> statuses = new ArrayList<>();
        Map<Long, Integer> counts = new TreeMap<>();
        for (NewMessage message : messages) {
            Status status = status(message);
            statuses.add(status);
            if (status == Status.APPENDED) {
                counts.merge(message.mailbox(), 1, Integer::sum);
            }
        }
        Map<Long, Long> nextUids = new HashMap<>();
        Map<Long, Long> modSeqs = new HashMap<>();
        for (Map.Entry<Long, Integer> count : counts.entrySet()) {
            MailboxTable.Row before = mailboxes.get(count.getKey());
            nextUids.put(before.id(), before.info().uidNext());
            modSeqs.put(
                    before.id(),
                    MailboxTable.advance(tx, before, count.getValue()).info().highestModSeq());
        }
        Map<Long, List<MessageRow>> rows = new TreeMap<>();
        List<DeliveryUse> keys = new ArrayList<>();
        List<AppendResult> results = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            NewMessage message = messages.get(i);
            if (statuses.get(i) != Status.APPENDED) {
                results.add(new AppendResult(statuses.get(i), Optional.empty()));
                continue;
            }
            long mailbox = message.mailbox();
            MessageRow row = new MessageRow(
                    nextUids.merge(mailbox, 1L, Long::sum) - 1,
                    modSeqs.get(mailbox),
                    message.flags(),
                    message.size(),
                    MessageTable.stored(message.internalDate()),
                    message.content());
            rows.computeIfAbsent(mailbox, m -> new ArrayList<>()).add(row);
            message.deliveryKey().ifPresent(key -> keys.add(new DeliveryUse(mailbox, key)));
            results.add(new AppendResult(Status.APPENDED, Optional.of(row)));
        }
        for (Map.Entry<Long, List<MessageRow>> each : rows.entrySet()) {
            MessageTable.insert(tx, each.getKey(), each.getValue());
        }
        deliveries.note(tx, keys);
        return results;
    }

    private Status status(NewMessage message) throws SQLException {
        if (!mailboxes.containsKey(message.mailbox())) {
            return Status.NO_MAILBOX;
        }
        if (message.deliveryKey().isEmpty()) {
            return Status.APPENDED;
        }
        String key = message.deliveryKey().get();
        boolean used = !usedKeys.computeIfAbsent(message.mailbox(), m -> new HashSet<>())
                        .add(key)
                || deliveries.used(tx, message.mailbox(), key);
        return used ? Status.DUPLICATE : Status.APPENDED;
    }
}
