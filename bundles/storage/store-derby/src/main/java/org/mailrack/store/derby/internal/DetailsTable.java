package org.mailrack.store.derby.internal;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.mailbox.UidSet.Range;

/** Cached details of messages. */
final class DetailsTable {

    private record Entry(long uid, byte[] details) {}

    private DetailsTable() {}

    static Map<Long, ByteBuffer> find(Tx tx, long mailbox, UidSet uids, long uidNext) throws SQLException {
        Map<Long, ByteBuffer> found = new HashMap<>();
        for (Range window : MessageTable.windows(uids, uidNext)) {
            for (Entry entry : tx.list(
                    "SELECT uid, details FROM details --DERBY-PROPERTIES constraint=DETAILS_PK\n"
                            + " WHERE mailbox = ? AND uid BETWEEN ? AND ?",
                    r -> new Entry(r.getLong(1), r.getBytes(2)),
                    mailbox,
                    window.first(),
                    window.last())) {
                if (uids.contains(entry.uid)) {
                    found.put(entry.uid, ByteBuffer.wrap(entry.details).asReadOnlyBuffer());
                }
            }
        }
        return found;
    }

    /** Keeps details of messages that are there. In UID order, so that two who do it at once cannot wait for each other. */
    static void put(Tx tx, long mailbox, Map<Long, ByteBuffer> details, int maxSize) throws SQLException {
        for (Map.Entry<Long, ByteBuffer> entry : new TreeMap<>(details).entrySet()) {
            long uid = entry.getKey();
            ByteBuffer buffer = entry.getValue().duplicate();
            if (buffer.remaining() > maxSize
                    || MessageTable.uids(tx, mailbox, new Range(uid, uid)).isEmpty()) {
                continue;
            }
            byte[] octets = new byte[buffer.remaining()];
            buffer.get(octets);
            if (tx.update("UPDATE details SET details = ? WHERE mailbox = ? AND uid = ?", octets, mailbox, uid) == 0) {
                tx.update("INSERT INTO details VALUES (?, ?, ?)", mailbox, uid, octets);
            }
        }
    }
}
