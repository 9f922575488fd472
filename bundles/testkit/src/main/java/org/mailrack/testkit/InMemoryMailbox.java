package org.mailrack.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.StoreException;

/** One mailbox of {@link InMemoryMailboxStore}, which guards it by its lock. */
final class InMemoryMailbox {

    /** The greatest UID there can be (RFC 9051 section 2.3.1.1: 32 bits). */
    private static final long MAX_UID = 0xffff_ffffL;
    /** Ranges of removed UIDs that are kept with their mod-sequence. */
    private static final int MAX_VANISHED = 1000;

    final long id;
    final String account;
    private final long uidValidity;
    private final Optional<String> specialUse;
    final TreeMap<Long, MessageRow> rows = new TreeMap<>();
    final Map<Long, ByteBuffer> details = new HashMap<>();
    final Set<String> deliveryKeys = new HashSet<>();
    private final Deque<Vanished> vanished = new ArrayDeque<>();

    String name;
    long uidNext = 1;
    long modSeq = 1;
    long recent = 1;
    private int vanishedRanges;
    private long vanishedFloor;

    private record Vanished(long modSeq, UidSet uids) {}

    InMemoryMailbox(long id, String account, String name, long uidValidity, Optional<String> specialUse) {
        this.id = id;
        this.account = account;
        this.name = name;
        this.uidValidity = uidValidity;
        this.specialUse = specialUse;
    }

    MailboxInfo info() {
        return new MailboxInfo(id, account, name, uidValidity, uidNext, modSeq, specialUse);
    }

    void checkRoom(long messages) {
        if (messages > MAX_UID - uidNext + 1) {
            throw new StoreException(StoreException.Kind.NO_SPACE, "mailbox " + id + " has used up its UIDs");
        }
    }

    /** Adds a message with the next UID and the mailbox's mod-sequence as it stands. */
    MessageRow add(MessageRow message) {
        MessageRow row = new MessageRow(
                uidNext++, modSeq, message.flags(), message.size(), message.internalDate(), message.content());
        rows.put(row.uid(), row);
        return row;
    }

    /** The messages of a set that are there, in UID order. */
    List<MessageRow> select(UidSet uids) {
        List<MessageRow> found = new ArrayList<>();
        for (UidSet.Range range : uids.ranges()) {
            found.addAll(rows.subMap(range.first(), true, range.last(), true).values());
        }
        return found;
    }

    /** Removes messages that are there, with the mailbox's mod-sequence as it stands. */
    void remove(UidSet uids) {
        uids.stream().forEach(uid -> {
            rows.remove(uid);
            details.remove(uid);
        });
        vanished.addLast(new Vanished(modSeq, uids));
        vanishedRanges += uids.ranges().size();
        while (vanishedRanges > MAX_VANISHED) {
            Vanished oldest = vanished.removeFirst();
            vanishedRanges -= oldest.uids.ranges().size();
            vanishedFloor = oldest.modSeq;
        }
    }

    /** What vanished after a mod-sequence; beyond what is remembered, every UID that was given and is not there. */
    UidSet vanishedSince(long since) {
        List<UidSet.Range> ranges = new ArrayList<>();
        if (since < vanishedFloor) {
            long next = 1;
            for (long uid : rows.keySet()) {
                addGap(ranges, next, uid);
                next = uid + 1;
            }
            addGap(ranges, next, uidNext);
        } else {
            vanished.stream()
                    .filter(v -> v.modSeq > since)
                    .map(v -> v.uids.ranges())
                    .forEach(ranges::addAll);
        }
        return UidSet.ofRanges(ranges);
    }

    private static void addGap(Collection<UidSet.Range> into, long from, long before) {
        if (from < before) {
            into.add(new UidSet.Range(from, before - 1));
        }
    }
}
