package org.mailrack.api.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What one bundle adds to a backup that is taken while mail flows: data that cannot be copied file by file. All parts are begun in
 * the order of their kinds, then written in that order, and each is closed when it was written.
 *
 * <p>So a backup is true to itself. What the rows of mailboxes refer to was stored before them, and is copied after them. The queue
 * is taken as it stands when the contents begin: a mail in it that is delivered before the rows are copied is in both, and the key of
 * that delivery, which the store does not forget from the begin of its part on, keeps the restored queue from delivering it again.
 */
@ConsumerType
public interface BackupPart {

    /** What a part is, in the order in which parts are begun and written. */
    enum Kind {
        /** Rows of mailboxes. */
        MAILBOXES,
        /** Anything else; it may refer to contents. */
        OTHER,
        /** Contents and the queue's journal. */
        CONTENTS
    }

    /** What it is; no backup is made without a part for mailboxes and one for contents. */
    Kind kind();

    /** Files and folders directly below the data folder that are this part's affair, so that nobody else copies them. */
    Set<String> names();

    /** Begins: from now on, what is needed for a true copy is kept until it is closed. */
    Copy begin();

    /** A copy in the making. */
    interface Copy extends AutoCloseable {

        /**
         * Writes it so that a new instance can use it as it stands; called once.
         *
         * @param data a folder that becomes the data folder of an instance; it may contain what other parts wrote
         * @throws StoreException when the data cannot be read
         */
        void write(Path data) throws IOException;

        @Override
        void close();
    }
}
