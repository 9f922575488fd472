package org.mailrack.transfer.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MessageRow;

/** A store of mail for another program, as an export writes it. */
public interface MailTarget {

    /**
     * Begins a folder.
     *
     * @param keywords those of its messages, the most frequent first
     * @throws IllegalArgumentException when the format has no place for a folder of that name
     */
    Folder folder(MailboxInfo mailbox, List<String> keywords) throws IOException;

    /** Notes what is subscribed; the end of the export. */
    void subscriptions(Set<String> names) throws IOException;

    /** A folder that is being written; closing it completes it. */
    interface Folder extends AutoCloseable {

        /**
         * Adds a message.
         *
         * @param octets its content with CRLF line ends
         * @throws Damaged if its octets cannot be read; then nothing of it is in the folder
         */
        void add(MessageRow row, InputStream octets) throws IOException;

        /** Keywords of the mailbox that the format has no room for. */
        List<String> leftOut();

        @Override
        void close() throws IOException;
    }

    /** The message cannot be read, which is no fault of the target. */
    final class Damaged extends IOException {
        private static final long serialVersionUID = 1L;

        public Damaged(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
