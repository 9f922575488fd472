package org.mailrack.api.store;

import org.osgi.annotation.versioning.ConsumerType;

import org.mailrack.api.mail.ContentRef;

/**
 * Whoever keeps references to contents, and so keeps the contents. {@link MailboxStore} and
 * {@link org.mailrack.api.spool.Spool} do; a bundle that keeps references of its own registers one of these, or its contents are
 * taken for dead.
 */
@ConsumerType
public interface ContentHolder {

    /**
     * Names every content that is referred to, in memory that is bounded. A content that is referred to from the begin of this
     * call to its end, by the same reference or by others in turn, is named at least once; one that is new, or that goes meanwhile,
     * may be named or not, and any may be named more than once.
     *
     * @param visitor called by one thread at a time, perhaps not always this one; when it throws, this call fails
     * @throws StoreException when not all could be named
     */
    void references(References visitor);

    /** Takes references. */
    @FunctionalInterface
    interface References {
        /**
         * One reference.
         *
         * @param content what is referred to
         * @param size octets that it has, as the holder believes
         */
        void reference(ContentRef content, long size);
    }
}
