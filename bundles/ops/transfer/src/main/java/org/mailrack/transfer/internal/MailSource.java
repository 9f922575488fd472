package org.mailrack.transfer.internal;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import org.mailrack.api.mailbox.Flags;

/** Another program's store of mail, as an import reads it. */
public interface MailSource {

    /** Its folders, INBOX first. */
    List<Folder> folders() throws IOException;

    /** The names that are subscribed there. */
    Set<String> subscriptions() throws IOException;

    /** A folder of messages. */
    interface Folder {

        /** Its name as a mailbox of ours has it. */
        String name();

        /** Where it is, for messages to the operator. */
        String where();

        /** Gives every message to the receiver, in the order in which they were put there. */
        void read(Receiver receiver) throws IOException, InterruptedException;
    }

    /** Takes the messages of a folder, one after the other. */
    interface Receiver {

        /**
         * Begins a message.
         *
         * @param identity what tells the message from an equal one and stays the same when the folder is read again; empty when
         *     there is nothing of the kind
         */
        Draft begin(String identity) throws InterruptedException;

        /** Something is passed over; the rest is not. */
        void skipped(String where, String why);
    }

    /** A message that is being read; one that was not ended is thrown away when it is closed. */
    interface Draft extends AutoCloseable {

        /** Adds octets, with whatever line ends. */
        void write(byte[] octets, int offset, int count);

        /**
         * Ends the message.
         *
         * @param where where it was, should it be passed over
         */
        void end(String where, Flags flags, Instant date) throws InterruptedException;

        @Override
        void close();
    }
}
