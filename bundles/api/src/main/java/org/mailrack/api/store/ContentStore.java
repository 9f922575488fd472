package org.mailrack.api.store;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

import org.osgi.annotation.versioning.ProviderType;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Registration;

/** Keeps the octets of messages, each written once and never changed. Thread-safe. */
@ProviderType
public interface ContentStore {

    /**
     * Begins a content.
     *
     * @throws StoreException NO_SPACE or UNAVAILABLE
     */
    ContentWriter create();

    /**
     * Makes a content durable: the stage completes after it was forced to disk, together with those of others who wait at the
     * same time. Completes exceptionally with a {@link StoreException}; the content is then not kept. The writer is used up.
     */
    CompletionStage<ContentRef> commit(ContentWriter writer);

    /**
     * Finds a content.
     *
     * @throws StoreException NOT_FOUND when there is none, DAMAGED when its record is broken
     */
    Content open(ContentRef ref);

    /**
     * Keeps everything as it is on disk, so that it can be copied: until the registration is closed, contents may come but none is
     * removed or moved. Waits for a step of a {@linkplain ContentSurvey#reclaim reclaiming} that is under way, which then ends.
     */
    Registration hold();

    /**
     * Begins a survey. One at a time can {@linkplain ContentSurvey#reclaim reclaim}; UNAVAILABLE is said to others.
     *
     * @throws IllegalArgumentException when {@link ContentSurvey.Options#from} was not said by this store
     */
    ContentSurvey survey(ContentSurvey.Options options);

    /** The {@linkplain MailboxStore#identity() mailbox store} to whose messages these contents belong; empty when nobody has said so. */
    Optional<String> owner();

    /** Says to whose messages these contents belong; durable when the call returns. */
    void claim(String owner);
}
