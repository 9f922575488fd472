package org.mailrack.mailbox.internal;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;

/**
 * The beginning of a snapshot: which mailbox at which mod-sequence, its counts, and every combination of flags that its messages
 * have. Enough for STATUS.
 *
 * @param id the mailbox
 * @param uidValidity its UIDVALIDITY
 * @param uidNext UIDNEXT of the view
 * @param modSeq the view's highest mod-sequence
 * @param counts over all messages
 * @param chunks how many chunks follow
 * @param kinds the combinations of flags, which the chunks name by their place here
 */
record SnapshotHead(
        long id, long uidValidity, long uidNext, long modSeq, Counts counts, int chunks, List<Flags> kinds) {

    static final int MAGIC = 0x4d525657;
    static final int VERSION = 1;
    /** Octets of a head; a mailbox whose messages have more combinations of flags than fit has no snapshot. */
    static final int MAX = 1 << 20;
    /** Magic number, version and length come before the rest, a checksum after it. */
    private static final int AROUND = 16;

    /** Counts over all messages, and the UIDs of the first and the last, which are 0 when there is none. */
    record Counts(int rows, int unseen, int deleted, long octets, long firstUid, long lastUid) {
        static Counts of(View view) {
            boolean none = view.size() == 0;
            return new Counts(
                    view.size(),
                    view.unseen(),
                    view.deleted(),
                    view.octets(),
                    none ? 0 : view.uid(0),
                    none ? 0 : view.uid(view.size() - 1));
        }
    }

    /** The head for a view, and on the way the place of each combination of flags. */
    static SnapshotHead of(View view, Map<Flags, Integer> places) {
        List<Flags> kinds = new ArrayList<>();
        for (Chunk chunk : view.chunks()) {
            for (Flags kind : chunk.kinds) {
                if (places.putIfAbsent(kind, kinds.size()) == null) {
                    kinds.add(kind);
                }
            }
        }
        MailboxInfo info = view.info();
        return new SnapshotHead(
                info.id(),
                info.uidValidity(),
                info.uidNext(),
                info.highestModSeq(),
                Counts.of(view),
                view.chunks().size(),
                List.copyOf(kinds));
    }

    /** The octets of the head; fails when there are too many of them. */
    ByteBuffer write() throws IOException {
        List<byte[]> names = new ArrayList<>();
        int length = AROUND + 4 * 8 + 3 * 4 + 3 * 8 + 4 + 2;
        for (Flags kind : kinds) {
            length += 3;
            for (String keyword : kind.keywords()) {
                byte[] name = keyword.getBytes(StandardCharsets.UTF_8);
                names.add(name);
                length += 2 + name.length;
            }
            if (length > MAX || kinds.size() > 0xffff) {
                throw new IOException("too many combinations of flags");
            }
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        out.putInt(MAGIC).putInt(VERSION).putInt(length);
        out.putLong(id).putLong(uidValidity).putLong(uidNext).putLong(modSeq);
        out.putInt(counts.rows).putInt(counts.unseen).putInt(counts.deleted);
        out.putLong(counts.octets).putLong(counts.firstUid).putLong(counts.lastUid);
        out.putInt(chunks).putShort((short) kinds.size());
        int next = 0;
        for (Flags kind : kinds) {
            out.put((byte) kind.bits()).putShort((short) kind.keywords().size());
            for (int k = 0; k < kind.keywords().size(); k++) {
                byte[] name = names.get(next++);
                out.putShort((short) name.length).put(name);
            }
        }
        CRC32C crc = new CRC32C();
        crc.update(out.array(), 0, out.position());
        return out.putInt((int) crc.getValue()).flip();
    }

    /** Reads a head; fails when it is not exactly what this version writes. */
    static SnapshotHead read(DataInputStream in) throws IOException {
        int magic = in.readInt();
        int version = in.readInt();
        int length = in.readInt();
        if (magic != MAGIC || version != VERSION || length < AROUND || length > MAX) {
            throw new IOException("no snapshot of this version");
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        all.putInt(magic).putInt(version).putInt(length);
        in.readFully(all.array(), all.position(), length - all.position());
        CRC32C crc = new CRC32C();
        crc.update(all.array(), 0, length - 4);
        if ((int) crc.getValue() != all.getInt(length - 4)) {
            throw new IOException("the head is damaged");
        }
        all.limit(length - 4);
        SnapshotHead head = Parsing.of(() -> body(all));
        if (all.hasRemaining() || !head.plausible()) {
            throw new IOException("the head is broken");
        }
        return head;
    }

    private static SnapshotHead body(ByteBuffer in) {
        long id = in.getLong();
        long uidValidity = in.getLong();
        long uidNext = in.getLong();
        long modSeq = in.getLong();
        Counts counts = new Counts(in.getInt(), in.getInt(), in.getInt(), in.getLong(), in.getLong(), in.getLong());
        int chunks = in.getInt();
        int count = in.getShort() & 0xffff;
        List<Flags> kinds = new ArrayList<>();
        // One object for each name: the same keyword stands in many combinations.
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int bits = in.get();
            int keywords = in.getShort() & 0xffff;
            List<String> all = new ArrayList<>();
            for (int k = 0; k < keywords; k++) {
                byte[] name = new byte[in.getShort() & 0xffff];
                in.get(name);
                String keyword = new String(name, StandardCharsets.UTF_8);
                all.add(names.computeIfAbsent(keyword, w -> w));
            }
            Parsing.check(bits >= 0 && bits < 32 && all.stream().noneMatch(String::isEmpty));
            kinds.add(new Flags(bits, all));
        }
        return new SnapshotHead(id, uidValidity, uidNext, modSeq, counts, chunks, kinds);
    }

    private boolean plausible() {
        return counts.rows >= 0
                && counts.unseen >= 0
                && counts.unseen <= counts.rows
                && counts.deleted >= 0
                && counts.deleted <= counts.rows
                && chunks >= 0
                && chunks <= counts.rows
                && counts.rows <= (long) chunks * Chunk.ROWS
                && counts.lastUid < uidNext
                && counts.firstUid <= counts.lastUid;
    }

    /** Whether this can be an earlier state of a mailbox. */
    boolean fits(MailboxInfo info) {
        return id == info.id()
                && uidValidity == info.uidValidity()
                && uidNext <= info.uidNext()
                && modSeq <= info.highestModSeq();
    }
}
