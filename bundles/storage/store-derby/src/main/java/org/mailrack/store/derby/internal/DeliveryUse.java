package org.mailrack.store.derby.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A delivery that was done, and how many of them stand in one row. */
record DeliveryUse(long mailbox, String key) {

    /** Octets of keys in a row; the column takes somewhat more than that and the longest key. */
    private static final int ROW = 30_000;
    /** Shares them out to rows. */
    static List<List<DeliveryUse>> rows(List<DeliveryUse> uses) {
        List<List<DeliveryUse>> rows = new ArrayList<>();
        int octets = ROW;
        for (DeliveryUse use : uses) {
            int length = 10 + 3 * use.key.length();
            if (octets + length > ROW) {
                rows.add(new ArrayList<>());
                octets = 0;
            }
            octets += length;
            rows.get(rows.size() - 1).add(use);
        }
        return rows;
    }

    static byte[] encode(List<DeliveryUse> uses) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(octets)) {
            for (DeliveryUse use : uses) {
                out.writeLong(use.mailbox);
                out.writeUTF(use.key);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return octets.toByteArray();
    }

    static List<DeliveryUse> decode(byte[] octets) throws SQLException {
        List<DeliveryUse> uses = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets))) {
            while (in.available() > 0) {
                uses.add(new DeliveryUse(in.readLong(), in.readUTF()));
            }
        } catch (IOException e) {
            throw new SQLException("table delivery_batches is damaged", e);
        }
        return uses;
    }
}
