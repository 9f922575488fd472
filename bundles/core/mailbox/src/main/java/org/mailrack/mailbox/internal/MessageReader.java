package org.mailrack.mailbox.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.MessageEnvelope;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.MimePart;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.api.store.StoreException;
import org.mailrack.mailbox.internal.DetailsCodec.Details;

/** Looks into messages. Thread-safe. */
final class MessageReader {

    private final ContentStore contents;
    private final Supplier<MailboxLimits> limits;
    private final DetailsCache cache;

    MessageReader(MailboxStore store, ContentStore contents, Supplier<MailboxLimits> limits) {
        this.contents = contents;
        this.limits = limits;
        cache = new DetailsCache(store, limits);
    }

    /** A content; DAMAGED also when it is not there, for NOT_FOUND would mean the mailbox. */
    Content content(ContentRef ref) {
        try {
            return contents.open(ref);
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.NOT_FOUND) {
                throw new StoreException(StoreException.Kind.DAMAGED, "the message's content is missing", e);
            }
            throw e;
        }
    }

    MimePart structure(LiveMailbox mailbox, MessageRow row) {
        Optional<MimePart> known =
                cache.get(mailbox.id(), mailbox.view(), row.uid()).flatMap(Details::structure);
        if (known.isPresent()) {
            return known.get();
        }
        MimePart root =
                read(row.content(), in -> MimeScanner.scan(in, limits.get().mime()));
        cache.put(mailbox.id(), row.uid(), Details.of(root));
        return root;
    }

    MessageEnvelope envelope(LiveMailbox mailbox, MessageRow row) {
        Optional<Details> known = cache.get(mailbox.id(), mailbox.view(), row.uid());
        if (known.isPresent()) {
            return known.get().envelope();
        }
        MessageEnvelope envelope =
                read(row.content(), in -> MimeScanner.envelope(in, limits.get().mime()));
        cache.put(mailbox.id(), row.uid(), new Details(envelope, Optional.empty()));
        return envelope;
    }

    /** Reads something out of a stream. */
    interface Reading<T> {
        T read(InputStream in) throws IOException;
    }

    <T> T read(ContentRef ref, Reading<T> reading) {
        Content content = content(ref);
        return read(content, 0, content.length(), reading);
    }

    /** Reads out of a part of a content; DAMAGED when that fails. */
    static <T> T read(Content content, long offset, long count, Reading<T> reading) {
        try (InputStream in = content.open(offset, count)) {
            return reading.read(in);
        } catch (IOException e) {
            throw new StoreException(StoreException.Kind.DAMAGED, "the message cannot be read", e);
        }
    }

    void flush(long mailbox) {
        cache.flush(mailbox);
    }

    void forget(long mailbox) {
        cache.forget(mailbox);
    }
}
