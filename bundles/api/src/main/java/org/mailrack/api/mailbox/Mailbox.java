package org.mailrack.api.mailbox;

import java.util.OptionalLong;

import org.osgi.annotation.versioning.ProviderType;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.Registration;

/**
 * A handle of an open mailbox; all handles of one mailbox share one live view. Every change is durable when its call returns,
 * and in the view by then. Methods throw {@link org.mailrack.api.store.StoreException}, NOT_FOUND once the mailbox is deleted.
 * Thread-safe.
 */
@ProviderType
public interface Mailbox extends AutoCloseable {

    /** The newest view. */
    MailboxView view();

    /**
     * Calls the listener, from any thread and soon, after the view has changed or the mailbox was deleted. Several changes may
     * be told by one call; the listener must return at once.
     */
    Registration listen(Runnable listener);

    /** Whether the mailbox was deleted since it was opened. */
    boolean deleted();

    /**
     * The first UID that no session was told of, and claims all present ones for the caller: messages from it on are
     * {@code \Recent} in the caller's session only (RFC 3501 section 2.3.2).
     */
    long claimRecent();

    /**
     * Changes flags.
     *
     * @param unchangedSince if given, messages with a greater mod-sequence are left alone and reported (RFC 7162 section 3.1.3)
     */
    FlagResult changeFlags(UidSet uids, FlagChange change, OptionalLong unchangedSince);

    /** Removes messages; returns those that were there. */
    UidSet expunge(UidSet uids);

    /** Copies messages; NOT_FOUND when the target does not exist. */
    CopyResult copy(UidSet uids, String targetMailbox);

    /** Moves messages in one step (RFC 6851); NOT_FOUND when the target does not exist. */
    CopyResult move(UidSet uids, String targetMailbox);

    /** Finds messages of a view, as UIDs. May read contents, so it can take long. */
    UidSet search(MailboxView view, SearchTerm term);

    /** A message's octets; DAMAGED when they cannot be read. */
    Content content(ContentRef ref);

    /** A message's MIME structure with the offsets of its parts. Never fails on broken MIME: it says what is there. */
    MimePart structure(MessageRow row);

    /** A message's header as an envelope. Never fails on a broken header. */
    MessageEnvelope envelope(MessageRow row);

    @Override
    void close();

    /**
     * What a change of flags did.
     *
     * @param changed messages that have new flags; the view has them
     * @param modified messages left alone because of {@code unchangedSince}
     */
    record FlagResult(UidSet changed, UidSet modified) {}

    /**
     * What COPYUID tells (RFC 4315 section 3).
     *
     * @param uidValidity of the target
     * @param source UIDs copied
     * @param target UIDs made, the smallest of them for the smallest of {@code source}, and so on
     */
    record CopyResult(long uidValidity, UidSet source, UidSet target) {}
}
