package org.mailrack.smtp.internal;

import java.nio.ByteBuffer;

import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.store.StoreException;

/**
 * Takes the data of one message and streams it into a content. After the first fault the content is thrown away, and the data
 * is read on to its end and forgotten, so that the client hears of the fault where it listens.
 */
final class MessageReceiver implements DataDecoder.Sink, AutoCloseable {

    private static final long SMALL = 128 * 1024;

    private final MailId id;
    private final ContentWriter writer;
    private final DataDecoder decoder;
    private final HeadCollector head;
    private final long maxSize;
    private long size;
    private Reply fault;

    MessageReceiver(MailId id, ContentWriter writer, SmtpSettings settings) {
        this.id = id;
        this.writer = writer;
        this.decoder = new DataDecoder(settings.normaliseNewlines(), settings.maxTextLine());
        this.head = new HeadCollector(settings.maxHeaderSize());
        this.maxSize = settings.maxMessageSize();
    }

    /** Whether so little came that it is in memory. */
    boolean small() {
        return size <= SMALL;
    }

    /** Reads on; true when the data has ended. */
    boolean receive(ByteBuffer in) {
        return decoder.decode(in, this);
    }

    @Override
    public void data(ByteBuffer octets) {
        size += octets.remaining();
        if (fault != null) {
            return;
        }
        if (size > maxSize) {
            fail(Replies.TOO_BIG);
        } else if (!head.add(octets)) {
            fail(Replies.HEADER_TOO_BIG);
        } else {
            try {
                writer.write(octets);
            } catch (StoreException e) {
                fail(storeFailure(e));
            }
        }
    }

    @Override
    public void fault(DataDecoder.Fault found) {
        if (fault == null) {
            fail(
                    switch (found) {
                        case BARE_NEWLINE -> Replies.BARE_NEWLINE;
                        case NUL -> Replies.NUL;
                        case LINE_TOO_LONG -> Replies.TEXT_LINE_TOO_LONG;
                    });
        }
    }

    private void fail(Reply reply) {
        fault = reply;
        writer.close();
    }

    /** What a client is told of a failure of the store. */
    static Reply storeFailure(StoreException e) {
        return e.kind() == StoreException.Kind.NO_SPACE ? Replies.NO_SPACE : Replies.TEMPORARY;
    }

    /** What is wrong with the message, or null. */
    Reply fault() {
        return fault;
    }

    MailId id() {
        return id;
    }

    ContentWriter writer() {
        return writer;
    }

    MessageHead head() {
        return head.finish();
    }

    /** Throws the message away. */
    @Override
    public void close() {
        if (fault == null) {
            fail(Replies.TEMPORARY);
        }
    }
}
