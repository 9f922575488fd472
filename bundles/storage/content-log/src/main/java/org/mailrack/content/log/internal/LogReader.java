package org.mailrack.content.log.internal;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.zip.CRC32C;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.store.StoreException;

/** Finds contents again. A small one is checked as a whole when it is opened; of a large one, its head and its length. */
final class LogReader {

    /** Contents up to here stay in memory with their {@link Content}; longer ones are read from the file again. */
    private static final int KEEP = 64 * 1024;

    private final Disk disk;
    private final OpenFiles files;
    private final SegmentLog segments;

    LogReader(Disk disk, OpenFiles files, SegmentLog segments) {
        this.disk = disk;
        this.files = files;
        this.segments = segments;
    }

    Content open(ContentRef ref) {
        Append.Place place = LogRef.parse(ref).orElseThrow(() -> notFound(ref)).place();
        if (!place.before(segments.end())) {
            throw notFound(ref);
        }
        try {
            return read(place);
        } catch (NoSuchFileException | FileNotFoundException e) {
            throw notFound(ref);
        } catch (EOFException e) {
            throw damaged(Segment.name(place.segment()), place, "is cut off");
        } catch (IOException e) {
            throw Stores.failed("content not read", e);
        }
    }

    private Content read(Append.Place place) throws IOException {
        String name = Segment.name(place.segment());
        Segment segment =
                segments.segment(place.segment()).orElseThrow(() -> damaged(name, place, "is in a damaged segment"));
        ByteBuffer start = ByteBuffer.allocate(RecordHeader.SIZE);
        files.read(name, place.position(), start);
        RecordHeader header = RecordHeader.decode(start.flip(), segment.nonce(), place.position());
        if (header == null) {
            throw damaged(name, place, "has no record header");
        }
        ByteBuffer meta = ByteBuffer.allocate(header.metaLength());
        if (header.end() > files.size(name)) {
            throw damaged(name, place, "is cut off");
        }
        files.read(name, place.position() + RecordHeader.SIZE, meta);
        if (!RecordHeader.intact(start, meta.flip()) || !header.is(RecordHeader.CONTENT)) {
            throw damaged(name, place, "has a broken header");
        }
        byte[] octets = new byte[header.contentLength()];
        files.read(name, header.contentPosition(), ByteBuffer.wrap(octets));
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
                : new InFile(name, header.contentPosition(), header.contentLength());
    }

    private Content large(byte[] head, RecordHeader.LargeFile rest, Append.Place place) throws IOException {
        String name = RecordHeader.LargeFile.name(rest.id());
        try {
            if (rest.skip() < 0 || rest.count() < 0 || files.size(name) < rest.skip() + rest.count()) {
                throw damaged(name, place, "is too short");
            }
        } catch (NoSuchFileException | FileNotFoundException e) {
            throw damaged(name, place, "is gone");
        }
        return new Joined(new InMemory(head), new InFile(name, rest.skip(), rest.count()));
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

    private final class InFile implements Content {

        private final String name;
        private final long start;
        private final long length;

        InFile(String name, long start, long length) {
            this.name = name;
            this.start = start;
            this.length = length;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public InputStream open(long offset, long count) {
            Objects.checkFromIndexSize(offset, count, length);
            return new RangeInputStream((position, into) -> files.read(name, position, into), start + offset, count);
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
