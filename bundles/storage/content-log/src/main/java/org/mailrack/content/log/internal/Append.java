package org.mailrack.content.log.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What one caller wants written: a record, or the records of a checkpoint. */
final class Append {

    /**
     * A record to be written.
     *
     * @param type without FIRST
     * @param meta entry, with the large file before it
     * @param content octets of the content that go in the record
     * @param contentLength how many they are
     * @param crc their sum
     */
    record Part(int type, ByteBuffer meta, List<ByteBuffer> content, int contentLength, int crc) {

        static Part of(int type, ByteBuffer meta, List<ByteBuffer> content) {
            int length = content.stream().mapToInt(ByteBuffer::remaining).sum();
            return new Part(type, meta, content, length, LogContentWriter.crc(content));
        }
    }

    /** Where a record is. */
    record Place(long segment, long position) {

        boolean before(Place other) {
            return segment < other.segment || segment == other.segment && position < other.position;
        }
    }

    private final List<Part> parts;
    private final LogContentWriter writer;
    private final boolean patient;
    private final CompletableFuture<Place> done = new CompletableFuture<>();
    private Place place;

    /**
     * @param parts at least one
     * @param writer what is used up, or null when there is no content
     */
    Append(List<Part> parts, LogContentWriter writer) {
        this(parts, writer, false);
    }

    private Append(List<Part> parts, LogContentWriter writer, boolean patient) {
        this.parts = parts;
        this.writer = writer;
        this.patient = patient;
    }

    /** One that nobody waits for. */
    static Append patient(Part part) {
        return new Append(List.of(part), null, true);
    }

    boolean patient() {
        return patient;
    }

    List<Part> parts() {
        return parts;
    }

    CompletableFuture<Place> done() {
        return done;
    }

    boolean isCheckpoint() {
        return (parts.get(0).type() & RecordHeader.CHECKPOINT) != 0;
    }

    long length() {
        long length = 0;
        for (Part part : parts) {
            length += RecordHeader.SIZE + part.meta().remaining() + part.contentLength();
        }
        return length;
    }

    void placeAt(Place at) {
        place = at;
    }

    Place place() {
        return place;
    }

    void complete() {
        done.complete(place);
    }

    void fail(Throwable cause) {
        if (writer != null) {
            writer.discard();
        }
        done.completeExceptionally(cause);
    }
}
