package org.mailrack.api.store;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import org.osgi.annotation.versioning.ProviderType;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;

/**
 * The log in which a spool keeps its state: entries in the order of their appending, one of them together with a content in a
 * single record, so that accepting a mail costs one write. What an entry means is the spool's affair. One spool uses it at a
 * time. Thread-safe.
 */
@ProviderType
public interface SpoolJournal {

    /**
     * Appends an entry together with a content as one record; completes when it is durable. The content can then be opened by
     * the {@link ContentStore} of the same backend. Completes exceptionally with a {@link StoreException}, and neither is kept.
     */
    CompletionStage<ContentRef> append(ByteBuffer entry, ContentWriter content);

    /** Appends an entry; completes when it is durable. Completes exceptionally with a {@link StoreException}. */
    CompletionStage<Void> append(ByteBuffer entry);

    /**
     * Appends an entry that nobody waits for: it may be written with the next that comes, and is durable some tens of milliseconds
     * later if none does. Else like {@link #append(ByteBuffer)}; the order of entries is that of the calls.
     */
    default CompletionStage<Void> appendSoon(ByteBuffer entry) {
        return append(entry);
    }

    /** Calls the visitor with every entry since the last checkpoint, that one's first, in the order of appending. */
    void replay(Visitor visitor);

    /**
     * Replaces every entry appended before this call by the given ones; completes when that is durable. Contents stay. After a
     * crash either the old entries or the new ones are replayed, never a mixture and never none.
     */
    CompletionStage<Void> checkpoint(List<ByteBuffer> entries);

    /** Takes the entries of a replay. */
    @FunctionalInterface
    interface Visitor {
        /**
         * One entry.
         *
         * @param entry its octets, valid during the call
         * @param content the content appended with it
         */
        void entry(ByteBuffer entry, Optional<ContentRef> content);
    }
}
