package org.mailrack.pop3.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.mailbox.UidSet;

/**
 * The messages of one session: INBOX as it was at the login, with the client's marks. Indexes count from 0, message numbers from
 * 1. Used by one thread at a time.
 */
final class Maildrop implements AutoCloseable {

    private final Mailbox mailbox;
    private final MailboxView view;
    private final BitSet deleted = new BitSet();
    private final BitSet retrieved = new BitSet();
    private final long allOctets;
    private long deletedOctets;

    Maildrop(Mailbox mailbox) {
        this.mailbox = mailbox;
        this.view = mailbox.view();
        long octets = 0;
        for (int i = 0; i < view.size(); i++) {
            octets += view.messageSize(i);
        }
        this.allOctets = octets;
    }

    /** How many messages there were, deleted or not. */
    int size() {
        return view.size();
    }

    /** How many messages are not marked as deleted. */
    int count() {
        return view.size() - deleted.cardinality();
    }

    /** Octets of those messages. */
    long octets() {
        return allOctets - deletedOctets;
    }

    int deletedCount() {
        return deleted.cardinality();
    }

    int retrievedCount() {
        return retrieved.cardinality();
    }

    /** The index that a message number means, unless there is none or it is marked as deleted. */
    OptionalInt index(String number) {
        // A number of messages has no more digits.
        if (number.isEmpty() || number.length() > 9 || !number.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalInt.empty();
        }
        int index = Integer.parseInt(number) - 1;
        return index >= 0 && index < view.size() && !deleted.get(index) ? OptionalInt.of(index) : OptionalInt.empty();
    }

    boolean isDeleted(int index) {
        return deleted.get(index);
    }

    long messageSize(int index) {
        return view.messageSize(index);
    }

    /** RFC 1939 section 7: the same in every session, never used again for another message, at most 70 characters. */
    String uniqueId(int index) {
        return view.info().uidValidity() + "." + view.uid(index);
    }

    /** Opens a message; the caller closes it. */
    InputStream open(int index) throws IOException {
        return content(index).open();
    }

    Content content(int index) {
        return mailbox.content(view.row(index).content());
    }

    /** Whether there is an octet above 127 in a message's header. */
    boolean hasUtf8Header(int index) throws IOException {
        try (InputStream message = open(index)) {
            byte[] block = new byte[4096];
            boolean lineStart = true;
            for (int count = message.read(block); count >= 0; count = message.read(block)) {
                for (int i = 0; i < count; i++) {
                    if (block[i] < 0) {
                        return true;
                    }
                    if (block[i] == '\n') {
                        if (lineStart) {
                            return false;
                        }
                        lineStart = true;
                    } else if (block[i] != '\r') {
                        lineStart = false;
                    }
                }
            }
            return false;
        }
    }

    void markRetrieved(int index) {
        retrieved.set(index);
    }

    void markDeleted(int index) {
        deleted.set(index);
        deletedOctets += view.messageSize(index);
    }

    void reset() {
        deleted.clear();
        deletedOctets = 0;
    }

    /** The UPDATE state: removes the deleted messages. */
    void removeDeleted() {
        if (!deleted.isEmpty()) {
            mailbox.expunge(uids(deleted));
        }
    }

    /** Marks what was retrieved and stays as seen. */
    void markSeen() {
        BitSet unseen = (BitSet) retrieved.clone();
        unseen.andNot(deleted);
        unseen.stream()
                .filter(i -> view.flags(i).has(Flags.SEEN))
                .boxed()
                .toList()
                .forEach(unseen::clear);
        if (!unseen.isEmpty()) {
            mailbox.changeFlags(
                    uids(unseen), new FlagChange(FlagChange.Kind.ADD, Flags.of("\\Seen")), OptionalLong.empty());
        }
    }

    private UidSet uids(BitSet indexes) {
        return UidSet.of(indexes.stream().mapToLong(view::uid).toArray());
    }

    @Override
    public void close() {
        mailbox.close();
    }
}
