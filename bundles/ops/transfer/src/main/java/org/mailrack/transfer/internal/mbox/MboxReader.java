package org.mailrack.transfer.internal.mbox;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;

import org.mailrack.transfer.internal.MailSource.Draft;
import org.mailrack.transfer.internal.MailSource.Receiver;

/** Reads the messages of one mbox file, in one pass and without holding a message. */
final class MboxReader {

    private final String where;
    private final ZoneId zone;
    private final boolean onlyOneQuote;
    private final Instant normally;
    private final Receiver receiver;
    private final LineReader lines;

    private Draft draft;
    private Instant date;
    private OwnFields own;
    /** In the header, and what was there of it. */
    private boolean header;

    private boolean inOwnField;
    private boolean fieldKept;
    /** An empty line that belongs to the message unless a separator follows. */
    private final byte[] held = new byte[2];

    private int heldLength;
    private long number;
    private long position;
    private long begun;

    /**
     * A reader.
     *
     * @param where what messages to the operator call the file
     * @param zone the zone of dates that do not say theirs
     * @param onlyOneQuote whether only {@code >From } is quoted (mboxo)
     * @param normally the date of a message whose line has none
     */
    MboxReader(String where, InputStream in, ZoneId zone, boolean onlyOneQuote, Instant normally, Receiver receiver) {
        this.where = where;
        this.zone = zone;
        this.onlyOneQuote = onlyOneQuote;
        this.normally = normally;
        this.receiver = receiver;
        this.lines = new LineReader(in);
    }

    void read() throws IOException, InterruptedException {
        boolean afterBlank = true;
        try {
            while (lines.next()) {
                boolean separator = afterBlank && lines.whole() && lines.startsWith(FromLine.START);
                Optional<Instant> found = separator ? FromLine.date(lines.text(), zone) : Optional.empty();
                if (separator && (found.isPresent() || number == 0)) {
                    end();
                    begin(found.orElse(normally));
                } else if (draft == null) {
                    if (!lines.blank()) {
                        throw new IOException("it is no mbox file: it does not begin with a line From SENDER DATE");
                    }
                } else {
                    line();
                }
                afterBlank = lines.blank();
                position += lines.length();
            }
            end();
        } finally {
            if (draft != null) {
                draft.close();
            }
        }
    }

    private void begin(Instant of) throws InterruptedException {
        draft = receiver.begin("");
        date = of;
        own = new OwnFields();
        header = true;
        inOwnField = false;
        fieldKept = false;
        heldLength = 0;
        begun = position;
        number++;
    }

    /** Where the message at hand is. */
    private String place() {
        return String.format(Locale.ROOT, "message %,d at octet %,d of %s", number, begun, where);
    }

    private void end() throws InterruptedException {
        if (draft == null) {
            return;
        }
        Draft ended = draft;
        draft = null;
        try (ended) {
            if (!(number == 1 && own.folderData())) {
                ended.end(place(), own.flags(), date);
            }
        }
    }

    private void line() {
        if (header && lines.first() && headerLine()) {
            return;
        }
        release();
        if (header && inOwnField) {
            return; // a further piece of a long line
        }
        if (lines.blank()) {
            heldLength = lines.length();
            System.arraycopy(lines.octets(), lines.offset(), held, 0, heldLength);
            return;
        }
        int quotes = lines.fromQuotes();
        int skip = quotes == 1 || quotes > 1 && !onlyOneQuote ? 1 : 0;
        draft.write(lines.octets(), lines.offset() + skip, lines.length() - skip);
    }

    /** Looks at a line of the header; whether it is no part of the message. */
    private boolean headerLine() {
        if (lines.blank()) {
            header = false;
            inOwnField = false;
            // A header of nothing but a program's own fields was put before a message that has none.
            return !fieldKept && own.any();
        }
        if (lines.continuation()) {
            if (inOwnField) {
                own.add(lines.text());
            }
            return inOwnField;
        }
        String name = lines.fieldName();
        if (name.isEmpty()) {
            inOwnField = false;
            // Some write a line such as ">From …" amid the fields.
            header = lines.fromQuotes() > 0;
            fieldKept |= header;
            return false;
        }
        inOwnField = OwnFields.are(name);
        if (inOwnField) {
            own.begin(name, lines.text());
        } else {
            fieldKept = true;
        }
        return inOwnField;
    }

    /** The empty line before was the message's. */
    private void release() {
        draft.write(held, 0, heldLength);
        heldLength = 0;
    }
}
