package org.mailrack.api.mailbox;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.mail.ContentWriter;
import org.osgi.annotation.versioning.ProviderType;

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

    /** Removes everything that belongs to an account. */
    void deleteAccount(String account);

    /** Calls the listener after a mailbox of the account was made, renamed, deleted, subscribed, or changed in its counts. */
    Registration listen(String account, Runnable listener);

    /** A message to append. */
    record NewMessage(ContentWriter content, Flags flags, Instant internalDate) {}

    /** What APPENDUID tells. */
    record Appended(long uidValidity, long uid, long modSeq) {}
}
