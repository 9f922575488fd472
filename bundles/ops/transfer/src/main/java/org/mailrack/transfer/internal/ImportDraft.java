package org.mailrack.transfer.internal;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;

import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mailbox.Flags;

/**
 * A message on its way in. Its line ends become CRLF, as every content has them, and NUL becomes 128, because no IMAP literal could
 * give it back (RFC 9051 section 4.3); Dovecot, too, shows it so.
 */
final class ImportDraft implements MailSource.Draft {

    /** What an import does with a message that was read. */
    interface Sink {
        void take(ImportDraft draft, String where, Flags flags, Instant date) throws InterruptedException;
    }

    private final Sink sink;
    private final ContentWriter writer;
    private final long maxSize;
    private final MessageDigest digest;
    private final boolean named;
    private final byte[] block = new byte[8 * 1024];
    private int used;
    private boolean afterCr;
    private long size;
    private boolean over;

    ImportDraft(Sink sink, ContentWriter writer, long maxSize, String identity) {
        this.sink = sink;
        this.writer = writer;
        this.maxSize = maxSize;
        this.named = !identity.isEmpty();
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        digest.update(identity.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    @Override
    public void write(byte[] octets, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            if (block.length - used < 4) {
                flush();
            }
            byte octet = octets[i];
            if (octet == '\n' || afterCr) {
                lineEnd();
            }
            afterCr = octet == '\r';
            if (octet != '\n' && octet != '\r') {
                block[used++] = octet == 0 ? (byte) 0x80 : octet;
            }
        }
    }

    private void lineEnd() {
        block[used++] = '\r';
        block[used++] = '\n';
    }

    private void flush() {
        size += used;
        if (!tooLarge()) {
            digest.update(block, 0, used);
            writer.write(ByteBuffer.wrap(block, 0, used));
        }
        used = 0;
    }

    @Override
    public void end(String where, Flags flags, Instant date) throws InterruptedException {
        if (afterCr) {
            lineEnd();
        }
        flush();
        over = true;
        sink.take(this, where, flags, date);
    }

    @Override
    public void close() {
        if (!over) {
            writer.close();
        }
    }

    ContentWriter writer() {
        return writer;
    }

    long size() {
        return size;
    }

    boolean tooLarge() {
        return size > maxSize;
    }

    /** The delivery key; to be asked for once. Equal messages without names are numbered. */
    String key(Occurrences occurrences) {
        byte[] hash = digest.digest();
        String key = "import:" + new BigInteger(1, Arrays.copyOf(hash, 16)).toString(36);
        int number = named ? 0 : occurrences.next(ByteBuffer.wrap(hash).getLong());
        return number == 0 ? key : key + '.' + number;
    }
}
