package org.mailrack.api.store;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import org.osgi.annotation.versioning.ProviderType;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;

/**
 * Keeps mailboxes and message rows. UIDs and mod-sequences are allocated here, in the transaction of the change, and only grow.
 * Every change is durable when its call returns, all of it or nothing. Thread-safe; every method may throw
 * {@link StoreException}, NOT_FOUND when the mailbox is not there.
 */
@ProviderType
public interface MailboxStore extends ContentHolder {

    /**
     * A name that this store was given when it was made, and no other store: 1 to 64 letters, digits or hyphens. Who finds other
     * messages under the same roof, as after a loss of the database, sees it by this.
     */
    String identity();

    /** The account's mailboxes, in no order. */
    List<MailboxInfo> mailboxes(String account);

    /** Mailboxes of all accounts whose id is greater than one, in ascending order of ids, at most so many. */
    List<MailboxInfo> mailboxes(long after, int max);

    /** A mailbox as it stands. */
    Optional<MailboxInfo> mailbox(long id);

    /**
     * Makes a mailbox; EXISTS when the name is taken. Its UIDVALIDITY is greater than that of any mailbox of this name before.
     */
    MailboxInfo create(String account, String name, Optional<String> specialUse);

    /** Deletes a mailbox with its messages. */
    void delete(long id);

    /** Renames mailboxes of one account in one step; EXISTS when a new name is taken. Ids, UIDs and UIDVALIDITY stay. */
    void rename(Map<Long, String> newNames);

    /** The names that an account has subscribed. */
    Set<String> subscriptions(String account);

    /** Subscribes or unsubscribes a name. */
    void subscribe(String account, String name, boolean subscribed);

    /** Removes mailboxes, messages and subscriptions of an account. */
    void deleteAccount(String account);

    /**
     * Appends messages to any mailboxes, in the order given, in one transaction. A mailbox that is not there, or a delivery that
     * was done before, is told in its result and does not hinder the others.
     */
    List<AppendResult> append(List<NewMessage> messages);

    /** Those of the delivery keys that were used in a mailbox before and are not forgotten. */
    Set<String> delivered(long mailbox, Collection<String> keys);

    /** Forgets delivery keys; they may then be delivered again. After a crash some of the last moments may be known again. */
    void forgetDeliveries(Collection<String> keys);

    /** Gives every message of a mailbox to the visitor, in ascending UID order. */
    void messages(long mailbox, Consumer<MessageRow> visitor);

    /** What changed in a mailbox after a mod-sequence. */
    Changes changes(long mailbox, long sinceModSeq);

    /**
     * Changes flags of those messages that are there. A message whose flags stay the same keeps its mod-sequence.
     *
     * @param unchangedSince if given, messages with a greater mod-sequence are left alone and reported
     */
    FlagResult changeFlags(long mailbox, UidSet uids, FlagChange change, OptionalLong unchangedSince);

    /** Removes those messages that are there. */
    Expunged expunge(long mailbox, UidSet uids);

    /** Copies messages in UID order, with flags and internal dates. */
    Copied copy(long mailbox, UidSet uids, long target);

    /** Moves messages in UID order in one step. */
    Copied move(long mailbox, UidSet uids, long target);

    /** Sets the mailbox's mark of told messages to its next UID and returns what it was before; 1 at first. */
    long claimRecent(long mailbox);

    /** The mark that {@link #claimRecent} sets, as it stands. */
    long recent(long mailbox);

    /** Cached details of messages, by UID, as {@link #putDetails} gave them; absent when there are none. */
    Map<Long, ByteBuffer> details(long mailbox, UidSet uids);

    /** Caches details of messages; need not be durable, and messages that are gone are passed over. */
    void putDetails(long mailbox, Map<Long, ByteBuffer> details);

    /** Calls the listener with the id of each mailbox that another process has changed. A store that is alone never calls. */
    Registration listen(LongConsumer listener);

    /**
     * A message to append.
     *
     * @param mailbox where
     * @param content its content, already durable
     * @param size octets of the content
     * @param flags its flags
     * @param internalDate its internal date
     * @param deliveryKey if given, the message is appended only if this key was not used in this mailbox before
     */
    record NewMessage(
            long mailbox,
            ContentRef content,
            long size,
            Flags flags,
            Instant internalDate,
            Optional<String> deliveryKey) {}

    /** What became of a message to append; the row is present when it was appended. */
    record AppendResult(Status status, Optional<MessageRow> row) {
        /** What became of it. */
        public enum Status {
            APPENDED,
            /** Its delivery key was used before. */
            DUPLICATE,
            /** Its mailbox is not there. */
            NO_MAILBOX
        }
    }

    /**
     * What changed.
     *
     * @param info the mailbox now
     * @param rows messages that are new or have new flags, in UID order
     * @param vanished messages that were removed; may name some that were removed earlier
     */
    record Changes(MailboxInfo info, List<MessageRow> rows, UidSet vanished) {}

    /** What a change of flags did: rows that changed, with new flags and mod-sequence, and UIDs left alone. */
    record FlagResult(List<MessageRow> changed, UidSet modified) {}

    /** What was removed and the mailbox's mod-sequence for it. */
    record Expunged(UidSet uids, long modSeq) {}

    /**
     * What was copied or moved.
     *
     * @param source UIDs in the source, ascending
     * @param rows the rows in the target, in the same order
     * @param sourceModSeq the source's mod-sequence after a move; 0 for a copy
     */
    record Copied(UidSet source, List<MessageRow> rows, long sourceModSeq) {}
}
