package org.mailrack.api.mail;

import java.nio.ByteBuffer;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A content in the making. It is held in memory up to a small limit of the store and streams to a file beyond. Not durable
 * before it is committed; closing one that was not committed throws it away. Used by one thread at a time.
 */
@ProviderType
public interface ContentWriter extends AutoCloseable {

    /**
     * Appends octets; the buffer may be used again after the call.
     *
     * @throws org.mailrack.api.store.StoreException NO_SPACE or UNAVAILABLE; the writer can then only be closed
     */
    void write(ByteBuffer data);

    /** Octets so far, with what {@link #replaceHead} changed. */
    long length();

    /** What was written so far, to be read before it is committed; valid until the next change, commit or close. */
    Content content();

    /**
     * Replaces the first octets, such as the header section by an edited one, without copying the rest.
     *
     * @param oldLength how many of the present octets go; 0 to put the new ones before all others
     * @param head what comes in their place
     */
    void replaceHead(long oldLength, ByteBuffer head);

    /** Throws the content away unless it was committed. */
    @Override
    void close();
}
