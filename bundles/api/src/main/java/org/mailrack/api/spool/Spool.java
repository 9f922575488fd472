package org.mailrack.api.spool;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import org.osgi.annotation.versioning.ProviderType;

import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.store.ContentHolder;

/** The durable queue of accepted mail. Thread-safe. */
@ProviderType
public interface Spool extends ContentHolder {

    /** A new name for a mail, also for one that may never be accepted. */
    MailId newId();

    /** Begins the content of a mail; a {@link org.mailrack.api.store.StoreException} says why it cannot. */
    ContentWriter create();

    /**
     * Accepts a mail. When the stage completes, envelope and content are forced to disk, and only then may a protocol say so.
     * Completes exceptionally with a {@link org.mailrack.api.store.StoreException} and keeps nothing when that fails. The
     * writer is used up.
     */
    CompletionStage<SpooledMail> accept(MailId id, Envelope envelope, ContentWriter content);

    /**
     * Takes mails that are due, oldest first. Each is leased to the caller and not given out again until it is settled, given
     * back, or the spool restarts.
     */
    List<SpooledMail> take(int max);

    /**
     * Records the new state of leased mails and ends their leases; a finished one leaves the spool. Completes when the record is
     * durable.
     */
    CompletionStage<Void> settle(Collection<SpooledMail> mails);

    /**
     * Like {@link #settle}, for ends that would do no harm if they were lost and came again: the record may wait some tens of
     * milliseconds to be forced to disk together with the next mail.
     */
    default CompletionStage<Void> settleSoon(Collection<SpooledMail> mails) {
        return settle(mails);
    }

    /** When the next mail is due that is not leased or held; empty when there is none. */
    Optional<Instant> nextDue();

    /** Calls the listener, from any thread and soon, whenever mail may have become due earlier than before. */
    Registration listen(Runnable listener);

    /** Up to {@code max} mails in the order of their ids, from the first whose id is greater than {@code after} if given. */
    List<SpooledMail> list(Optional<MailId> after, int max);

    /** Finds a mail. */
    Optional<SpooledMail> find(MailId id);

    /** How many mails are in the spool. */
    int size();

    /** Makes mails due now and releases held ones; returns how many. Leased ones are left as they are. */
    int retryNow(Collection<MailId> ids);

    /** Holds mails with a reason until they are released; returns how many. Leased ones are left as they are. */
    int hold(Collection<MailId> ids, String reason);

    /** Removes mails without a word to anyone; returns how many. Leased ones are left as they are. */
    int remove(Collection<MailId> ids);
}
