package org.mailrack.transfer.internal.mbox;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

import org.mailrack.api.mailbox.Flags;
import org.mailrack.transfer.internal.MailSource;

/** Any octets as an mbox file, and as the line between two messages. */
class MboxFuzzTest {

    @FuzzTest
    void file(FuzzedDataProvider data) throws Exception {
        boolean onlyOneQuote = data.consumeBoolean();
        byte[] rest = data.consumeRemainingAsBytes();
        check(rest, onlyOneQuote);
        ByteArrayOutputStream begun = new ByteArrayOutputStream();
        begun.writeBytes("From alice@crepes.fr Sun Jun  1 12:00:00 2025\n".getBytes(StandardCharsets.US_ASCII));
        begun.writeBytes(rest);
        check(begun.toByteArray(), onlyOneQuote);
    }

    @FuzzTest
    void separator(FuzzedDataProvider data) {
        FromLine.date(FromLine.START + data.consumeRemainingAsAsciiString(), ZoneOffset.UTC);
        FromLine.date(FromLine.START + data.consumeRemainingAsString(), ZoneOffset.UTC);
    }

    private static void check(byte[] file, boolean onlyOneQuote) throws Exception {
        Messages atOnce = new Messages();
        Messages slowly = new Messages();
        atOnce.read(new ByteArrayInputStream(file), onlyOneQuote);
        slowly.read(new Slow(file), onlyOneQuote);
        if (!atOnce.told.equals(slowly.told)) {
            throw new AssertionError("the blocks in which a file is read matter");
        }
        if (atOnce.octets > file.length) {
            throw new AssertionError("messages have more octets than the file");
        }
        if (atOnce.open != 0) {
            throw new AssertionError(atOnce.open + " drafts were left open");
        }
    }

    /** Gives an octet at a time. */
    private static final class Slow extends FilterInputStream {

        Slow(byte[] octets) {
            super(new ByteArrayInputStream(octets));
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return super.read(into, offset, Math.min(1, length));
        }
    }

    private static final class Messages implements MailSource.Receiver {

        private final List<String> told = new ArrayList<>();
        private long octets;
        private int open;

        void read(InputStream in, boolean onlyOneQuote) throws InterruptedException {
            try {
                new MboxReader("f", in, ZoneOffset.UTC, onlyOneQuote, Instant.EPOCH, this).read();
            } catch (IOException e) {
                // Of octets in memory, only the reader says this: it is no mbox file.
                told.add(e.getMessage());
            }
        }

        @Override
        public MailSource.Draft begin(String identity) {
            open++;
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            return new MailSource.Draft() {
                @Override
                public void write(byte[] from, int offset, int count) {
                    text.write(from, offset, count);
                    octets += count;
                }

                @Override
                public void end(String where, Flags flags, Instant date) {
                    told.add(where + ' ' + flags + ' ' + date + ' ' + text.toString(StandardCharsets.ISO_8859_1));
                }

                @Override
                public void close() {
                    open--;
                }
            };
        }

        @Override
        public void skipped(String where, String why) {
            throw new AssertionError(where + why);
        }
    }
}
