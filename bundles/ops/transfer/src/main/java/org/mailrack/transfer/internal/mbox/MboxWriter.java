package org.mailrack.transfer.internal.mbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.transfer.internal.MailTarget;

/** Writes the messages of a folder to an mbox file (mboxrd). A message whose octets end in an error is cut off again. */
final class MboxWriter implements MailTarget.Folder {

    /** What is looked at for the sender. */
    private static final int PEEK = 16 * 1024;

    private static final Pattern RETURN_PATH = Pattern.compile("(?i)Return-Path:[ \\t]*<([!-~]{1,320})>.*");
    private static final String NOBODY = "MAILER-DAEMON";

    /** A folder that is only there for those below it. */
    static final class Nothing implements MailTarget.Folder {

        @Override
        public void add(MessageRow row, InputStream octets) {
            throw new IllegalStateException("a message in an empty folder");
        }

        @Override
        public List<String> leftOut() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    private final SeekableByteChannel channel;
    private final MailboxInfo mailbox;
    private final List<String> keywords;
    private final ByteBuffer block = ByteBuffer.allocate(64 * 1024);
    private boolean any;

    MboxWriter(SeekableByteChannel channel, MailboxInfo mailbox, List<String> keywords) {
        this.channel = channel;
        this.mailbox = mailbox;
        this.keywords = keywords;
    }

    @Override
    public void add(MessageRow row, InputStream octets) throws IOException {
        long start = channel.position() + block.position();
        boolean done = false;
        try {
            PeekedInput input = new PeekedInput(octets, PEEK);
            text(FromLine.of(sender(input.head()), row.internalDate()) + '\n');
            message(row, new LineReader(input));
            any = true;
            done = true;
        } finally {
            if (!done) {
                undo(start);
            }
        }
    }

    private void undo(long start) throws IOException {
        flush();
        channel.truncate(start);
        channel.position(start);
    }

    /** The sender by {@code Return-Path}, which delivery puts at the top (RFC 5321 section 4.4). */
    static String sender(byte[] head) {
        return new String(head, StandardCharsets.ISO_8859_1)
                .lines()
                .takeWhile(line -> !line.isEmpty())
                .map(RETURN_PATH::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(path -> path.group(1))
                .orElse(NOBODY);
    }

    private void message(MessageRow row, LineReader lines) throws IOException {
        boolean header = true;
        boolean left = false;
        boolean fields = false;
        boolean ended = true;
        while (lines.next()) {
            if (header && lines.first()) {
                String name = lines.fieldName();
                boolean more = lines.continuation() && fields;
                if (name.isEmpty() && !more) {
                    own(row, !fields);
                    header = false;
                } else if (!more) {
                    // A stranger's Status would mean something else here.
                    left = OwnFields.are(name);
                    fields = true;
                }
            }
            if (!header || !left) {
                line(lines);
                ended = lines.last();
            }
        }
        if (!ended) {
            put('\n');
        }
        if (header) {
            own(row, !fields);
        }
        put('\n');
    }

    /** A line as it is, less the CR of its end, and quoted if it looks as a separator does. */
    private void line(LineReader lines) throws IOException {
        if (lines.fromQuotes() >= 0) {
            put('>');
        }
        put(lines.octets(), lines.offset(), lines.textLength());
        if (lines.last()) {
            put('\n');
        }
    }

    /**
     * Writes our fields at the end of the header.
     *
     * @param alone whether the message has no header, so that they need an end of their own
     */
    private void own(MessageRow row, boolean alone) throws IOException {
        Flags flags = row.flags();
        StringBuilder fields = new StringBuilder();
        if (!any) {
            // Of the folder, in its first message. Dovecot knows no keyword that comes before it.
            fields.append(
                    String.format(Locale.ROOT, "X-IMAPbase: %d %010d", mailbox.uidValidity(), mailbox.uidNext() - 1));
            keywords.forEach(keyword -> fields.append(' ').append(keyword));
            fields.append('\n');
        }
        fields.append("Status: ").append(OwnFields.status(flags)).append('\n');
        if (!OwnFields.moreStatus(flags).isEmpty()) {
            fields.append("X-Status: ").append(OwnFields.moreStatus(flags)).append('\n');
        }
        if (!flags.keywords().isEmpty()) {
            fields.append("X-Keywords: ")
                    .append(String.join(" ", flags.keywords()))
                    .append('\n');
        }
        fields.append("X-UID: ").append(row.uid()).append('\n');
        text(fields + (alone ? "\n" : ""));
    }

    @Override
    public List<String> leftOut() {
        return List.of();
    }

    private void text(String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        put(octets, 0, octets.length);
    }

    private void put(char c) throws IOException {
        if (!block.hasRemaining()) {
            flush();
        }
        block.put((byte) c);
    }

    private void put(byte[] octets, int offset, int count) throws IOException {
        if (block.remaining() < count) {
            flush();
        }
        block.put(octets, offset, count);
    }

    private void flush() throws IOException {
        block.flip();
        while (block.hasRemaining()) {
            channel.write(block);
        }
        block.clear();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            flush();
            if (channel instanceof FileChannel file) {
                file.force(true);
            }
        }
    }
}
