package org.mailrack.content.log.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A checkpoint as records. Each part is: number of the part 4, whether it is the last 1, then entries, each as length 4 and
 * octets. The parts follow each other in one segment; a checkpoint counts when all are there.
 */
final class Checkpoints {

    private static final int PART_SIZE = 1 << 20;
    private static final int PART_HEADER = 5;

    private Checkpoints() {}

    static Append encode(List<ByteBuffer> entries) {
        List<Append.Part> parts = new ArrayList<>();
        int from = 0;
        do {
            int to = from;
            int size = PART_HEADER;
            while (to < entries.size()
                    && (to == from || size + 4 + entries.get(to).remaining() <= PART_SIZE)) {
                size += 4 + entries.get(to++).remaining();
            }
            ByteBuffer meta = ByteBuffer.allocate(size);
            meta.putInt(parts.size()).put((byte) (to == entries.size() ? 1 : 0));
            for (ByteBuffer entry : entries.subList(from, to)) {
                meta.putInt(entry.remaining()).put(entry.duplicate());
            }
            parts.add(Append.Part.of(RecordHeader.ENTRY | RecordHeader.CHECKPOINT, meta.flip(), List.of()));
            from = to;
        } while (from < entries.size());
        return new Append(parts, null);
    }

    static int part(ByteBuffer meta) {
        return meta.remaining() < PART_HEADER ? -1 : meta.getInt(meta.position());
    }

    static boolean last(ByteBuffer meta) {
        return meta.get(meta.position() + 4) == 1;
    }

    static void entries(ByteBuffer meta, Consumer<ByteBuffer> visitor) {
        ByteBuffer from = meta.duplicate();
        from.position(from.position() + PART_HEADER);
        while (from.remaining() >= 4) {
            int length = from.getInt();
            visitor.accept(from.slice(from.position(), length).asReadOnlyBuffer());
            from.position(from.position() + length);
        }
    }
}
