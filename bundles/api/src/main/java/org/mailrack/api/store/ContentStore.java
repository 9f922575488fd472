package org.mailrack.api.store;

import java.util.concurrent.CompletionStage;

import org.osgi.annotation.versioning.ProviderType;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;

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
}
