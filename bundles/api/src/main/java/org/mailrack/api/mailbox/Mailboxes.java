package org.mailrack.api.mailbox;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.osgi.annotation.versioning.ProviderType;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Registration;

/**
 * All mailboxes. An account gets its INBOX and the usual special-use mailboxes when it is first looked at. Methods throw
 * {@link org.mailrack.api.store.StoreException}. Thread-safe.
 */
@ProviderType
public interface Mailboxes {

    /** The account's mailboxes, sorted by name, INBOX first. */
    List<MailboxInfo> list(String account);

    /** Finds a mailbox; INBOX in any case. */
    Optional<MailboxInfo> find(String account, String name);

    /** What STATUS tells; answered from the live view. NOT_FOUND when there is no such mailbox. */
    MailboxCounts counts(String account, String name);

    /**
     * Makes a mailbox and those above it that are missing; EXISTS when it is there.
     *
     * @throws IllegalArgumentException when the name is no mailbox name: an empty level, a control character, too long or too
     *     deep
     */
    MailboxInfo create(String account, String name, Optional<String> specialUse);

    /** Deletes a mailbox with its messages, not those below it; IllegalArgumentException for INBOX. */
    void delete(String account, String name);

    /** Renames a mailbox and those below it. Renaming INBOX moves its messages and leaves it empty (RFC 9051 section 6.3.6). */
    void rename(String account, String from, String to);

    /** The names that are subscribed, whether they exist or not. */
    Set<String> subscriptions(String account);

    /** Subscribes or unsubscribes a name. */
    void subscribe(String account, String name, boolean subscribed);

    /** Opens a mailbox; NOT_FOUND when there is none. Close the handle when done. */
    Mailbox open(String account, String name);

    /** Begins a content to be appended. */
    ContentWriter create();

    /**
     * Appends a message (IMAP APPEND, JMAP import). Content and row are forced to disk when it returns. The writer is used up.
     */
    Appended append(String account, String name, ContentWriter content, Flags flags, Instant internalDate);

    /**
     * Appends several messages of one client's command to one mailbox, all or none (RFC 3502).
     */
    List<Appended> append(String account, String name, List<NewMessage> messages);

    /**
     * Appends messages whose contents are durable already, as a delivery does, in the order given and in one transaction. A
     * mailbox that is missing is made. The rows are forced to disk and in the live views when it returns. What cannot be
     * appended is told in its result and does not hinder the others.
     */
    List<Delivered> deliver(List<ToDeliver> batch);

    /**
     * Those of the delivery keys that were used in a mailbox before, so that who delivers many contents need not make durable what
     * is there already; none when there is no such mailbox.
     */
    Set<String> delivered(String account, String name, Collection<String> keys);

    /** Removes everything that belongs to an account. */
    void deleteAccount(String account);

    /** Calls the listener after a mailbox of the account was made, renamed, deleted, subscribed, or changed in its counts. */
    Registration listen(String account, Runnable listener);

    /** A message to append. */
    record NewMessage(ContentWriter content, Flags flags, Instant internalDate) {}

    /** What APPENDUID tells. */
    record Appended(long uidValidity, long uid, long modSeq) {}

    /**
     * A message to deliver.
     *
     * @param account whose mailbox
     * @param name the mailbox's full name; INBOX in any case
     * @param content its content, already durable
     * @param size octets of the content
     * @param flags its flags
     * @param internalDate its internal date
     * @param deliveryKey the message is appended only if this key was not used in this mailbox before
     */
    record ToDeliver(
            String account,
            String name,
            ContentRef content,
            long size,
            Flags flags,
            Instant internalDate,
            String deliveryKey) {}

    /**
     * What became of a message to deliver.
     *
     * @param status what became of it
     * @param appended where it is, present when it was appended now
     */
    record Delivered(Status status, Optional<Appended> appended) {
        /** What became of it. */
        public enum Status {
            APPENDED,
            /** It is there already: its delivery key was used before. */
            DUPLICATE,
            /** The name is no mailbox name, or the mailbox was deleted at that moment. */
            NO_MAILBOX
        }
    }
}
