package org.mailrack.mailbox.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;

/** Snapshots as octets, and ways to forge them. */
final class Sealed {

    private static final List<Flags> KINDS = List.of(
            Flags.NONE, Flags.of("\\Seen"), Flags.of("\\Seen", "\\Deleted", "$Junk"), Flags.of("$a", "$b", "$c"));

    private Sealed() {}

    static MailboxInfo info(long uidNext, long modSeq) {
        return new MailboxInfo(7, "a@b.test", "INBOX", 99, uidNext, modSeq, Optional.empty());
    }

    /** A view of random messages. */
    static View view(int rows, long seed) {
        Random random = new Random(seed);
        View.Builder builder = new View.Builder(new FlagPool());
        long uid = 0;
        boolean dense = random.nextBoolean();
        boolean numbers = random.nextBoolean();
        for (int i = 0; i < rows; i++) {
            uid += dense ? 1 : 1 + random.nextInt(random.nextInt(50) == 0 ? 1 << 20 : 3);
            builder.accept(new MessageRow(
                    uid,
                    1 + random.nextInt(rows),
                    KINDS.get(random.nextInt(KINDS.size())),
                    random.nextInt(1 << random.nextInt(30)),
                    Instant.ofEpochMilli(random.nextLong() >> 20),
                    new ContentRef(numbers ? i + "-" + random.nextInt(1 << 20) : "c." + i)));
        }
        return builder.build(info(uid + 1, rows + 1));
    }

    static byte[] write(View view) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Snapshot.write(view, out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    /** The view in a snapshot; empty when it is refused. */
    static Optional<View> read(byte[] octets) {
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets));
            SnapshotHead head = SnapshotHead.read(in);
            return Optional.of(Snapshot.read(in, head, info(1L << 32, 1L << 40), new FlagPool()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Makes every checksum right that can be found by the lengths before it. */
    static byte[] seal(byte[] octets) {
        ByteBuffer all = ByteBuffer.wrap(octets.clone());
        if (all.limit() < 16) {
            return octets;
        }
        int head = all.getInt(8);
        if (head >= 16 && head <= all.limit()) {
            all.putInt(head - 4, crc(all.array(), 0, head - 4));
            int at = head;
            while (all.limit() - at >= 8) {
                int length = all.getInt(at);
                if (length < 0 || length > all.limit() - at - 8) {
                    break;
                }
                all.putInt(at + 4 + length, crc(all.array(), at + 4, length));
                at += 8 + length;
            }
        }
        return all.array();
    }

    private static int crc(byte[] octets, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(octets, from, length);
        return (int) crc.getValue();
    }

    /** Asks a view for all it has, so that whatever leads outside of it is found. */
    static List<MessageRow> walk(View view) {
        MessageRow[] rows = new MessageRow[view.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = view.row(i);
            if (view.indexOf(view.uid(i)) != i) {
                throw new AssertionError("message " + i + " is not found");
            }
        }
        view.firstUnseen();
        view.keywords();
        view.changedSince(0, i -> {});
        ViewChange.apply(view, view.info(), List.of(rows), UidSet.of(1), new FlagPool());
        return List.of(rows);
    }
}
