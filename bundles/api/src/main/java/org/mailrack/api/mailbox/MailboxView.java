package org.mailrack.api.mailbox;

import java.time.Instant;
import java.util.List;
import java.util.function.IntConsumer;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A mailbox as it was at one moment: messages in ascending UID order, addressed by an index from 0, which is the IMAP sequence
 * number less one. Immutable, compact and shared: a session keeps the view that its client knows, and compares it with a newer
 * one to find what to tell.
 */
@ProviderType
public interface MailboxView {

    /** The mailbox at that moment. */
    MailboxInfo info();

    /** How many messages. */
    int size();

    /** How many messages without {@code \Seen}. */
    int unseen();

    long uid(int index);

    long modSeq(int index);

    Flags flags(int index);

    /** Octets of the message. */
    long messageSize(int index);

    Instant internalDate(int index);

    /** All of one message's row. */
    MessageRow row(int index);

    /** The index of a UID, or if it is not there {@code -(index of the next greater) - 1}, as a binary search gives it. */
    int indexOf(long uid);

    /** The index of the first message without {@code \Seen}, or -1. */
    int firstUnseen();

    /** Every keyword that a message of the mailbox has. */
    List<String> keywords();

    /** Visits, in ascending order, the indexes of messages whose mod-sequence is greater; cheap when few changed. */
    void changedSince(long modSeq, IntConsumer visitor);
}
