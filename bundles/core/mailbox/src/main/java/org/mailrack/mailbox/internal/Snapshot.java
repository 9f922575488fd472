package org.mailrack.mailbox.internal;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;

/**
 * A view as octets: a head, then each chunk with its length before and a checksum after it. Numbers are big-endian. Whatever is cut
 * short, longer than it says or damaged is refused as a whole; memory is taken only for what was read.
 */
final class Snapshot {

    private Snapshot() {}

    static void write(View view, OutputStream out) throws IOException {
        Map<Flags, Integer> places = new HashMap<>();
        write(out, SnapshotHead.of(view, places).write());
        CRC32C crc = new CRC32C();
        ByteBuffer number = ByteBuffer.allocate(4);
        for (Chunk chunk : view.chunks()) {
            ByteBuffer octets = ChunkCodec.write(chunk, places);
            crc.reset();
            crc.update(octets.array(), 0, octets.limit());
            write(out, number.clear().putInt(octets.limit()).flip());
            write(out, octets);
            write(out, number.clear().putInt((int) crc.getValue()).flip());
        }
    }

    private static void write(OutputStream out, ByteBuffer octets) throws IOException {
        out.write(octets.array(), 0, octets.limit());
    }

    /**
     * Reads what follows a head.
     *
     * @param info the mailbox; its numbers are replaced by those of the head
     */
    static View read(DataInputStream in, SnapshotHead head, MailboxInfo info, FlagPool pool) throws IOException {
        List<Flags> kinds = head.kinds().stream().map(pool::share).toList();
        List<Chunk> chunks = new ArrayList<>();
        CRC32C crc = new CRC32C();
        long lastUid = 0;
        for (int c = 0; c < head.chunks(); c++) {
            int length = in.readInt();
            if (length < 1 || length > ChunkCodec.MAX) {
                throw new IOException("a chunk has a wrong length");
            }
            ByteBuffer octets = ByteBuffer.allocate(length);
            in.readFully(octets.array());
            crc.reset();
            crc.update(octets.array());
            if ((int) crc.getValue() != in.readInt()) {
                throw new IOException("a chunk is damaged");
            }
            Chunk chunk = Parsing.of(() -> ChunkCodec.read(octets, kinds));
            if (chunk.firstUid() <= lastUid || chunk.sums.maxModSeq() > head.modSeq()) {
                throw new IOException("chunks are out of order");
            }
            lastUid = chunk.lastUid();
            chunks.add(chunk);
        }
        if (in.read() >= 0) {
            throw new IOException("something follows the last chunk");
        }
        View view = View.of(
                new MailboxInfo(
                        info.id(),
                        info.account(),
                        info.name(),
                        head.uidValidity(),
                        head.uidNext(),
                        head.modSeq(),
                        info.specialUse()),
                chunks);
        if (!SnapshotHead.Counts.of(view).equals(head.counts())) {
            throw new IOException("chunks do not add up to what the head says");
        }
        return view;
    }
}
