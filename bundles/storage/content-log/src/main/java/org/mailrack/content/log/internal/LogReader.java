package org.mailrack.content.log.internal;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.zip.CRC32C;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.store.StoreException;

/** Finds contents again. A small one is checked as a whole when it is opened; of a large one, its head and its length. */
final class LogReader {

    /** Contents up to here stay in memory with their {@link Content}; longer ones are read from the file again. */
    private static final int KEEP = 64 * 1024;

    /** Indexes of compacted segments in memory; of 64 MiB with messages of 4 KiB, one takes 128 KiB. */
    private static final int INDEXES = 64;

    private final Disk disk;
    private final OpenFiles files;
    private final SegmentLog segments;
    /** Held while a file is looked into, so that it is not another one meanwhile. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private final Map<Long, SegmentIndex> indexes = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, SegmentIndex> eldest) {
            return size() > INDEXES;
        }
    });

    LogReader(Disk disk, OpenFiles files, SegmentLog segments) {
        this.disk = disk;
        this.files = files;
        this.segments = segments;
    }

    /** A change of files that readers must not see half done. */
    @FunctionalInterface
    interface Change {
        void run() throws IOException;
    }

    /** Puts another file in the place of a segment, or none; the segment is then that, or gone (null). */
    void change(long number, Segment becomes, Change change) throws IOException {
        lock.writeLock().lock();
        try {
            change.run();
            files.forget(Segment.name(number));
            segments.replaced(number, becomes);
            indexes.remove(number);
        } finally {
            lock.writeLock().unlock();
        }
    }

    Content open(ContentRef ref) {
        Append.Place place = LogRef.parse(ref).orElseThrow(() -> notFound(ref)).place();
        if (!place.before(segments.end())) {
            throw notFound(ref);
        }
        lock.readLock().lock();
        try {
            Found found = find(place);
            if (found == null) {
                throw notFound(ref);
            }
            return read(place, found);
        } catch (NoSuchFileException | FileNotFoundException e) {
            throw notFound(ref);
        } catch (EOFException e) {
            throw damaged(Segment.name(place.segment()), place, "is cut off");
        } catch (IOException e) {
            throw Stores.failed("content not read", e);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** A record and where it stands in its file. */
    private record Found(RecordHeader header, ByteBuffer octets, long offset) {

        long content() {
            return offset + RecordHeader.SIZE + header.metaLength();
        }
    }

    /** Finds a record; null when a compaction has left it out. To be called with the lock. */
    private Found find(Append.Place place) throws IOException {
        String name = Segment.name(place.segment());
        Segment segment =
                segments.segment(place.segment()).orElseThrow(() -> damaged(name, place, "is in a damaged segment"));
        long offset = segment.compacted() ? index(segment).offset(place.position()) : place.position();
        if (offset < 0) {
            return null;
        }
        ByteBuffer start = ByteBuffer.allocate(RecordHeader.SIZE);
        files.read(name, offset, start);
        RecordHeader header = RecordHeader.decode(start.flip(), segment.nonce(), place.position());
        if (header == null) {
            throw damaged(name, place, "has no record header");
        }
        return new Found(header, start, offset);
    }

    private SegmentIndex index(Segment segment) throws IOException {
        SegmentIndex index = indexes.get(segment.number());
        if (index == null) {
            index = SegmentIndex.read(disk, segment);
            indexes.put(segment.number(), index);
        }
        return index;
    }

    private Content read(Append.Place place, Found found) throws IOException {
        String name = Segment.name(place.segment());
        RecordHeader header = found.header();
        ByteBuffer meta = ByteBuffer.allocate(header.metaLength());
        if (found.offset() + header.length() > files.size(name)) {
            throw damaged(name, place, "is cut off");
        }
        files.read(name, found.offset() + RecordHeader.SIZE, meta);
        if (!RecordHeader.intact(found.octets(), meta.flip()) || !header.is(RecordHeader.CONTENT)) {
            throw damaged(name, place, "has a broken header");
        }
        byte[] octets = new byte[header.contentLength()];
        files.read(name, found.content(), ByteBuffer.wrap(octets));
        CRC32C crc = new CRC32C();
        crc.update(octets);
        if ((int) crc.getValue() != header.contentCrc()) {
            throw damaged(name, place, "does not fit its checksum");
        }
        if (header.is(RecordHeader.LARGE)) {
            return large(octets, RecordHeader.LargeFile.decode(meta), place);
        }
        return octets.length <= KEEP
                ? new InMemory(octets)
                : new InFile((at, into) -> readAgain(place, at, into), 0, octets.length);
    }

    /** Reads of a content that was found before. The segment may have been compacted since. */
    private void readAgain(Append.Place place, long at, ByteBuffer into) throws IOException {
        lock.readLock().lock();
        try {
            Found found = find(place);
            if (found == null) {
                throw new IOException("the content was removed while it was read");
            }
            files.read(Segment.name(place.segment()), found.content() + at, into);
        } finally {
            lock.readLock().unlock();
        }
    }

    private Content large(byte[] head, RecordHeader.LargeFile rest, Append.Place place) throws IOException {
        String name = LargeFiles.name(rest.id());
        try {
            if (rest.skip() < 0 || rest.count() < 0 || files.size(name) < rest.skip() + rest.count()) {
                throw damaged(name, place, "is too short");
            }
        } catch (NoSuchFileException | FileNotFoundException e) {
            throw damaged(name, place, "is gone");
        }
        return new Joined(
                new InMemory(head), new InFile((at, into) -> files.read(name, at, into), rest.skip(), rest.count()));
    }

    private StoreException damaged(String name, Append.Place place, String what) {
        return new StoreException(
                StoreException.Kind.DAMAGED,
                "content " + LogRef.small(place).ref() + " in " + disk.describe(name) + " at " + place.position() + ' '
                        + what);
    }

    private static StoreException notFound(ContentRef ref) {
        return new StoreException(StoreException.Kind.NOT_FOUND, "no content " + ref);
    }

    private record InMemory(byte[] octets) implements Content {

        @Override
        public long length() {
            return octets.length;
        }

        @Override
        public InputStream open(long offset, long count) {
            Objects.checkFromIndexSize(offset, count, octets.length);
            return new ByteArrayInputStream(octets, (int) offset, (int) count);
        }
    }

    private record InFile(RangeInputStream.Source source, long start, long length) implements Content {

        @Override
        public InputStream open(long offset, long count) {
            Objects.checkFromIndexSize(offset, count, length);
            return new RangeInputStream(source, start + offset, count);
        }
    }

    private record Joined(InMemory head, InFile rest) implements Content {

        @Override
        public long length() {
            return head.length() + rest.length();
        }

        @Override
        public InputStream open(long offset, long count) {
            Objects.checkFromIndexSize(offset, count, length());
            long ofHead = Math.max(0, Math.min(count, head.length() - offset));
            InputStream second = rest.open(Math.max(0, offset - head.length()), count - ofHead);
            return ofHead == 0 ? second : new SequenceInputStream(head.open(offset, ofHead), second);
        }
    }
}
