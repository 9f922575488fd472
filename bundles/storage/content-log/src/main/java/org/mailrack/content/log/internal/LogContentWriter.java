package org.mailrack.content.log.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.store.StoreException;

/**
 * A content in the making: a head that was put in place of the first octets, and a body in memory, which moves to a file when it
 * becomes too long. Octets of the body that the head replaced are skipped, not copied.
 */
final class LogContentWriter implements ContentWriter {

    private static final Logger log = LoggerFactory.getLogger(LogContentWriter.class);
    private static final int CHUNK = 16 * 1024;
    private static final int MAX_HEAD = 16 << 20;

    private final ContentLog owner;
    private final Disk disk;
    private final int memoryLimit;

    private byte[] head = {};
    /** Octets of the body that are no longer part of the content. */
    private long skip;

    private long bodyLength;
    private List<byte[]> chunks = new ArrayList<>();
    /** How much of the last chunk is used; in a file, what waits to be written. */
    private int used;

    private long partId;
    private long fileId = -1;
    private Disk.File file;
    /** Of the octets that were written to the file. */
    private final CRC32C fileCrc = new CRC32C();

    private boolean over;
    private boolean failed;

    LogContentWriter(ContentLog owner, Disk disk, int memoryLimit) {
        this.owner = owner;
        this.disk = disk;
        this.memoryLimit = memoryLimit;
    }

    @Override
    public void write(ByteBuffer data) {
        checkOpen();
        while (data.hasRemaining()) {
            if (chunks.isEmpty() || used == lastChunk().length) {
                nextChunk(data.remaining());
            }
            byte[] chunk = lastChunk();
            int count = Math.min(data.remaining(), chunk.length - used);
            data.get(chunk, used, count);
            used += count;
            bodyLength += count;
        }
    }

    @Override
    public long length() {
        return head.length + bodyLength - skip;
    }

    @Override
    public void replaceHead(long oldLength, ByteBuffer replacement) {
        checkOpen();
        Objects.checkFromIndexSize(0, oldLength, length());
        int kept = (int) Math.max(0, head.length - oldLength);
        if ((long) replacement.remaining() + kept > MAX_HEAD) {
            throw new StoreException(StoreException.Kind.NO_SPACE, "replaced head longer than " + MAX_HEAD + " octets");
        }
        byte[] changed = new byte[replacement.remaining() + kept];
        int count = replacement.remaining();
        replacement.get(changed, 0, count);
        System.arraycopy(head, head.length - kept, changed, count, kept);
        skip += Math.max(0, oldLength - head.length);
        head = changed;
    }

    @Override
    public Content content() {
        checkOpen();
        return new SoFar();
    }

    @Override
    public void close() {
        if (!over) {
            over = true;
            discard();
        }
    }

    ContentLog owner() {
        return owner;
    }

    boolean large() {
        return file != null;
    }

    /** Ends the writing; what was written is now {@link #inRecord} and the large file. */
    void finish() {
        checkOpen();
        over = true;
    }

    /** The octets that go in the record: all of a small content, the head of a large one. */
    List<ByteBuffer> inRecord() {
        List<ByteBuffer> parts = new ArrayList<>(chunks.size() + 1);
        if (head.length > 0) {
            parts.add(ByteBuffer.wrap(head));
        }
        if (!large()) {
            long at = 0;
            for (int i = 0; i < chunks.size(); i++) {
                byte[] chunk = chunks.get(i);
                int count = i == chunks.size() - 1 ? used : chunk.length;
                int from = (int) Math.min(count, Math.max(0, skip - at));
                if (from < count) {
                    parts.add(ByteBuffer.wrap(chunk, from, count - from));
                }
                at += count;
            }
        }
        return parts;
    }

    /** Makes the large file durable under a name of its own; to be called once, before its record is written. */
    RecordHeader.LargeFile forceLarge(long id) throws IOException {
        flush();
        file.force();
        file.close();
        fileId = id;
        disk.rename(LargeFiles.partName(partId), LargeFiles.name(id));
        disk.forceFolder(LargeFiles.FOLDER);
        return new RecordHeader.LargeFile(id, skip, bodyLength - skip, (int) fileCrc.getValue());
    }

    /** Deletes what is on disk of a content that was not kept. */
    void discard() {
        chunks = List.of();
        if (file == null) {
            return;
        }
        try {
            file.close();
            disk.delete(LargeFiles.partName(partId));
            if (fileId >= 0) {
                disk.delete(LargeFiles.name(fileId));
            }
        } catch (IOException e) {
            log.warn("content not deleted file={} reason={}", LargeFiles.partName(partId), e.toString());
        }
    }

    static int crc(List<ByteBuffer> parts) {
        CRC32C crc = new CRC32C();
        parts.forEach(part -> crc.update(part.duplicate()));
        return (int) crc.getValue();
    }

    private void checkOpen() {
        if (over) {
            throw new IllegalStateException("the writer was committed or closed");
        }
        if (failed) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "an earlier write of this content failed");
        }
    }

    private byte[] lastChunk() {
        return chunks.get(chunks.size() - 1);
    }

    private void nextChunk(int wanted) {
        try {
            if (file == null && bodyLength + Math.min(wanted, CHUNK) > memoryLimit) {
                toFile();
            } else if (file != null) {
                flush();
            }
        } catch (IOException e) {
            failed = true;
            throw Stores.failed("content not written", e);
        }
        if (file != null) {
            if (chunks.isEmpty()) {
                chunks.add(new byte[4 * CHUNK]);
            }
        } else {
            int grown = chunks.isEmpty() ? 2048 : Math.min(CHUNK, lastChunk().length * 2);
            chunks.add(new byte[Math.min(CHUNK, Math.max(grown, wanted))]);
        }
        used = 0;
    }

    private void toFile() throws IOException {
        partId = owner.large().nextPart();
        file = disk.create(LargeFiles.partName(partId));
        long at = 0;
        for (int i = 0; i < chunks.size(); i++) {
            int count = i == chunks.size() - 1 ? used : chunks.get(i).length;
            toFile(at, chunks.get(i), count);
            at += count;
        }
        chunks = new ArrayList<>();
        used = 0;
    }

    private void flush() throws IOException {
        if (used > 0) {
            toFile(bodyLength - used, lastChunk(), used);
            used = 0;
        }
    }

    private void toFile(long at, byte[] octets, int count) throws IOException {
        file.write(at, ByteBuffer.wrap(octets, 0, count));
        fileCrc.update(octets, 0, count);
    }

    private final class SoFar implements Content {

        private final long length = LogContentWriter.this.length();

        @Override
        public long length() {
            return length;
        }

        @Override
        public InputStream open(long offset, long count) throws IOException {
            checkOpen();
            Objects.checkFromIndexSize(offset, count, length);
            if (!large()) {
                return new PartsInputStream(inRecord(), offset, count);
            }
            flush();
            int ofHead = (int) Math.max(0, Math.min(count, head.length - offset));
            InputStream rest =
                    new RangeInputStream(this::readFully, skip + Math.max(0, offset - head.length), count - ofHead);
            return ofHead == 0
                    ? rest
                    : new SequenceInputStream(new ByteArrayInputStream(head, (int) offset, ofHead), rest);
        }

        private void readFully(long position, ByteBuffer into) throws IOException {
            int start = into.position();
            while (into.hasRemaining()) {
                if (over || file.read(position + into.position() - start, into) < 0) {
                    throw new IOException("the content is not there any more");
                }
            }
        }
    }

    /** Reads octets that are in memory in several parts. */
    private static final class PartsInputStream extends InputStream {

        private final List<ByteBuffer> parts;
        private int part;
        private long left;

        PartsInputStream(List<ByteBuffer> parts, long offset, long count) {
            this.parts = parts;
            this.left = count;
            long skipped = offset;
            for (ByteBuffer some : parts) {
                int ofThis = (int) Math.min(skipped, some.remaining());
                some.position(some.position() + ofThis);
                skipped -= ofThis;
            }
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, into.length);
            if (length == 0) {
                return 0;
            }
            while (left > 0 && !parts.get(part).hasRemaining()) {
                part++;
            }
            if (left == 0) {
                return -1;
            }
            int count = (int) Math.min(Math.min(length, left), parts.get(part).remaining());
            parts.get(part).get(into, offset, count);
            left -= count;
            return count;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, left);
        }
    }
}
