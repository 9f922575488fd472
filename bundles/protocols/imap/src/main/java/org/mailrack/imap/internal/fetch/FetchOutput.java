package org.mailrack.imap.internal.fetch;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.MimePart;
import org.mailrack.api.store.StoreException;
import org.mailrack.imap.internal.codec.Encoder;
import org.mailrack.imap.internal.codec.ImapDates;
import org.mailrack.imap.internal.fetch.FetchItem.Kind;
import org.mailrack.imap.internal.fetch.FetchItem.Section;
import org.mailrack.imap.internal.fetch.FetchItem.Simple;
import org.mailrack.imap.internal.session.Command.Updates;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.LazyOutput;
import org.mailrack.imap.internal.session.Messages;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.SelectedMailbox;

/**
 * The answer to a FETCH. Goes through the messages in batches, so that {@code \Seen} is set with one change per batch, and only
 * of messages that are about to be sent.
 */
public final class FetchOutput extends LazyOutput {

    private static final Logger log = LoggerFactory.getLogger(FetchOutput.class);
    private static final int BATCH = 64;
    private static final int FLUSH = 8 * 1024;
    /** A message's line that the view answers is hardly longer. */
    private static final int LINE = 256;
    /** What the view answers; a batch of such messages is larger, for it costs next to nothing. */
    private static final Set<FetchItem> COLUMNS = Set.of(Simple.UID, Simple.FLAGS, Simple.INTERNALDATE, Simple.SIZE);

    private static final int COLUMNS_BATCH = 1024;

    private final ImapSession session;
    private final SelectedMailbox selected;
    private final Mailbox mailbox;
    private final MailboxView known;
    private final BitSet messages;
    private final List<FetchItem> items;
    private final Updates updates;
    private final String tag;
    private final Response done;
    private final boolean tellsFlags;
    private final boolean marksSeen;
    /** Whether the view alone answers, so that no object is made for a message. */
    private final boolean fromView;

    private final Deque<Piece> ready = new ArrayDeque<>();
    private final Encoder small = new Encoder(FLUSH + LINE);
    private final BitSet seenNow = new BitSet();
    private MailboxView now;
    private int at;
    private int batchEnd;
    private boolean ended;
    private Response failure;

    /**
     * An answer to the command at hand.
     *
     * @param done its end when nothing fails
     */
    public FetchOutput(ImapSession session, BitSet messages, List<FetchItem> items, Updates updates, Response done) {
        this.done = done;
        this.session = session;
        this.selected = session.selected();
        this.mailbox = selected.mailbox();
        this.known = selected.known();
        this.now = known;
        this.messages = messages;
        this.items = items;
        this.updates = updates;
        this.tag = session.tag();
        this.tellsFlags = items.contains(Simple.FLAGS);
        this.marksSeen = !selected.readOnly()
                && items.stream().anyMatch(item -> item instanceof Section section && section.marksSeen());
        this.fromView = COLUMNS.containsAll(items);
        this.at = messages.nextSetBit(0);
    }

    @Override
    protected Piece next() {
        while (ready.isEmpty() && !ended) {
            if (at < 0) {
                ended = true;
                session.end(small, tag, failure == null ? done : failure, updates);
                flushSmall();
            } else {
                if (at >= batchEnd) {
                    beginBatch();
                }
                message(at);
                at = messages.nextSetBit(at + 1);
            }
        }
        return ready.poll();
    }

    private void flushSmall() {
        if (small.length() > 0) {
            ready.add(new Octets(small.take()));
        }
    }

    private void beginBatch() {
        int first = at;
        int last = at;
        int size = fromView ? COLUMNS_BATCH : BATCH;
        for (int n = 0, i = at; n < size && i >= 0; n++, i = messages.nextSetBit(i + 1)) {
            last = i;
        }
        batchEnd = last + 1;
        seenNow.clear();
        try {
            now = mailbox.view();
            if (marksSeen) {
                markSeen();
            }
            // A message whose turn comes later is told by its own answer.
            selected.tellFlags(small, now, (i, j) -> i >= first && messages.get(i) && (tellsFlags || seenNow.get(i)));
        } catch (StoreException e) {
            // The messages can still be read; the mailbox being gone is told at the end.
            log.debug(
                    "imap fetch cannot mark session={} reason={}",
                    session.connection().id(),
                    e.getMessage());
        }
    }

    private void markSeen() {
        for (int i = at; i >= 0 && i < batchEnd; i = messages.nextSetBit(i + 1)) {
            int j = now.indexOf(known.uid(i));
            if (j >= 0 && !now.flags(j).has(Flags.SEEN)) {
                seenNow.set(i);
            }
        }
        if (!seenNow.isEmpty()) {
            FlagChange seen = new FlagChange(FlagChange.Kind.ADD, new Flags(Flags.SEEN, List.of()));
            mailbox.changeFlags(Messages.uids(seenNow, known), seen, OptionalLong.empty());
            now = mailbox.view();
        }
    }

    /** Makes the answer for one message, all of it or, when the message is gone, nothing. */
    private void message(int index) {
        if (fromView) {
            small.raw("* ").number(index + 1L).raw(" FETCH (");
            for (int k = 0; k < items.size(); k++) {
                column(k == 0 ? small : small.raw(' '), (Simple) items.get(k), index);
            }
            small.raw(")\r\n");
            if (small.length() > FLUSH) {
                flushSmall();
            }
            return;
        }
        Answer answer = new Answer(index);
        try {
            answer.write();
        } catch (IOException | RuntimeException e) {
            answer.drop();
            failed(index, e);
            return;
        }
        if (answer.pieces.isEmpty()) {
            small.append(answer.text);
            if (small.length() > FLUSH) {
                flushSmall();
            }
        } else {
            flushSmall();
            ready.addAll(answer.pieces);
            ready.add(new Octets(answer.text.take()));
        }
    }

    /** Writes an item that the view answers. */
    private void column(Encoder text, Simple item, int index) {
        switch (item) {
            case FLAGS -> {
                int current = now == known ? index : now.indexOf(known.uid(index));
                selected.flags(text, current < 0 ? known.flags(index) : now.flags(current), known.uid(index));
            }
            case UID -> text.raw("UID ").number(known.uid(index));
            case INTERNALDATE ->
                text.raw("INTERNALDATE \"")
                        .raw(ImapDates.format(known.internalDate(index)))
                        .raw('"');
            case SIZE -> text.raw("RFC822.SIZE ").number(known.messageSize(index));
            default -> throw new IllegalStateException();
        }
    }

    private void failed(int index, Exception e) {
        boolean gone = e instanceof StoreException s && s.kind() == StoreException.Kind.NOT_FOUND
                || now.indexOf(known.uid(index)) < 0;
        if (gone) {
            failure =
                    failure == null ? Response.no("EXPUNGEISSUED", "Some of the messages are there no more") : failure;
            return;
        }
        log.warn(
                "imap message unreadable session={} uid={} reason={}",
                session.connection().id(),
                known.uid(index),
                e.getMessage());
        failure = e instanceof StoreException s && s.kind() == StoreException.Kind.UNAVAILABLE
                ? Response.no("UNAVAILABLE", "Some of the messages cannot be read now")
                : Response.no("CORRUPTION", "Some of the messages cannot be read");
    }

    /** The answer for one message. */
    private final class Answer {
        private final int index;
        private final MessageRow row;
        private final Encoder text = new Encoder();
        private final List<Piece> pieces = new ArrayList<>();
        private Content content;
        private MimePart structure;

        Answer(int index) {
            this.index = index;
            this.row = known.row(index);
        }

        void write() throws IOException {
            text.raw("* ").number(index + 1L).raw(" FETCH (");
            boolean first = true;
            for (FetchItem item : items) {
                if (!first) {
                    text.raw(' ');
                }
                first = false;
                if (item instanceof Section section) {
                    section(section);
                } else {
                    simple((Simple) item);
                }
            }
            if (seenNow.get(index) && !tellsFlags) {
                text.raw(' ');
                simple(Simple.FLAGS);
            }
            text.raw(')').crlf();
        }

        private void simple(Simple item) {
            switch (item) {
                case ENVELOPE -> Structures.envelope(text.raw("ENVELOPE "), mailbox.envelope(row));
                case BODY -> Structures.body(text.raw("BODY "), structure(), false);
                case BODYSTRUCTURE -> Structures.body(text.raw("BODYSTRUCTURE "), structure(), true);
                default -> column(text, item, index);
            }
        }

        private void section(Section section) throws IOException {
            if (content == null) {
                content = mailbox.content(row.content());
            }
            text.raw(section.label());
            if (section.offset() >= 0) {
                text.raw('<').number(section.offset()).raw('>');
            }
            text.raw(' ');
            Sections.Span found =
                    Sections.find(section, content.length(), section.needsStructure() ? structure() : null);
            if (found == null) {
                text.nil();
            } else if (section.kind() == Kind.FIELDS || section.kind() == Kind.FIELDS_NOT) {
                byte[] fields = Sections.fields(
                        section, content, found, session.limits().header());
                Sections.Span span = new Sections.Span(0, fields.length).partial(section);
                text.literal(span.count()).raw(fields, (int) span.offset(), (int) span.count());
            } else {
                range(found.partial(section));
            }
        }

        private void range(Sections.Span span) throws IOException {
            text.literal(span.count());
            if (span.count() > 0) {
                Range range = new Range(content, span.offset(), span.count());
                boolean first = pieces.isEmpty();
                pieces.add(new Octets(text.take()));
                pieces.add(range);
                if (first) {
                    // Now, while nothing of this message was promised yet.
                    range.open();
                }
            }
        }

        private MimePart structure() {
            if (structure == null) {
                structure = mailbox.structure(row);
            }
            return structure;
        }

        void drop() {
            for (Piece piece : pieces) {
                if (piece instanceof Range range) {
                    try {
                        range.close();
                    } catch (IOException e) {
                        log.debug(
                                "imap content not closed session={}",
                                session.connection().id(),
                                e);
                    }
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        super.close();
        for (Piece piece : ready) {
            if (piece instanceof Range range) {
                range.close();
            }
        }
        ready.clear();
    }
}
