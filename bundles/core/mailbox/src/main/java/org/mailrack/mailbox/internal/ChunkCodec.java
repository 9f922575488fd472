package org.mailrack.mailbox.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.mailrack.api.mailbox.Flags;

/**
 * Chunks as octets. What is read becomes the array of the new chunk as it stands: a million messages are neither copied nor looked
 * at one by one, but for what would lead outside the array or out of order.
 */
final class ChunkCodec {

    /** More octets than any chunk can have: 512 rows of eight octets in each column, a combination and a text of 64 octets. */
    static final int MAX = 64 + Chunk.ROWS * (2 + 7 * 8 + 64) + 128;

    private static final int TEXT = 0;
    private static final int NUMBERS = 1;
    private static final int MAX_REF = 64;

    private ChunkCodec() {}

    static ByteBuffer write(Chunk chunk, Map<Flags, Integer> places) {
        ByteBuffer out = ByteBuffer.allocate(128 + 2 * chunk.kinds.length + chunk.data.length);
        out.putShort((short) chunk.count);
        out.putShort((short) chunk.sums.unseen());
        out.putShort((short) chunk.sums.deleted());
        out.putLong(chunk.sums.octets()).putLong(chunk.sums.maxModSeq());
        out.putShort((short) chunk.kinds.length);
        for (Flags kind : chunk.kinds) {
            out.putShort(places.get(kind).shortValue());
        }
        boolean numbers = chunk.refs.first != null;
        out.put((byte) (numbers ? NUMBERS : TEXT));
        List<Column> columns = new ArrayList<>(
                List.of(chunk.uids, chunk.modSeqs, chunk.flags, chunk.sizes, chunk.dates, chunk.refs.second));
        if (numbers) {
            columns.add(chunk.refs.first);
        }
        for (Column column : columns) {
            out.put((byte) column.width).put((byte) column.step).putLong(column.base);
        }
        for (Column column : columns) {
            column.copy(chunk.count, out);
        }
        if (!numbers) {
            out.put(chunk.data, chunk.refs.text, (int) chunk.refs.second.get(chunk.count - 1));
        }
        return out.flip();
    }

    /** Reads a chunk out of an array that becomes its own. */
    static Chunk read(ByteBuffer in, List<Flags> kinds) {
        int count = in.getShort() & 0xffff;
        int unseen = in.getShort() & 0xffff;
        int deleted = in.getShort() & 0xffff;
        Chunk.Sums sums = new Chunk.Sums(unseen, deleted, in.getLong(), in.getLong());
        Parsing.check(count >= 1 && count <= Chunk.ROWS && unseen <= count && deleted <= count);
        Flags[] own = new Flags[in.getShort() & 0xffff];
        Parsing.check(own.length >= 1 && own.length <= count);
        for (int i = 0; i < own.length; i++) {
            int place = in.getShort() & 0xffff;
            Parsing.check(place < kinds.size());
            own[i] = kinds.get(place);
        }
        int form = in.get();
        Parsing.check(form == TEXT || form == NUMBERS);
        int columns = form == NUMBERS ? 7 : 6;
        int at = in.position() + columns * 10;
        Column[] read = new Column[columns];
        for (int c = 0; c < columns; c++) {
            int width = in.get();
            int step = in.get();
            Parsing.check(width >= 0 && width <= 8 && (step == 0 || step == 1));
            read[c] = new Column(in.array(), at, width, step, in.getLong());
            at += width * count;
        }
        Refs refs = new Refs(in.array(), form == NUMBERS ? read[6] : null, read[5], at);
        Parsing.check(form == NUMBERS ? at == in.limit() : at <= in.limit());
        checkUids(read[0], count);
        Parsing.check(read[2].within(count, own.length));
        if (form == TEXT) {
            checkTexts(in.array(), at, in.limit(), read[5], count);
        }
        return new Chunk(
                count, sums, own, new Chunk.Columns(in.array(), read[0], read[1], read[2], read[3], read[4], refs));
    }

    private static void checkUids(Column uids, int count) {
        Parsing.check(uids.get(0) >= 1);
        if (uids.width == 0 && uids.step == 1) {
            Parsing.check(uids.get(count - 1) >= uids.get(0));
            return;
        }
        for (int i = 1; i < count; i++) {
            Parsing.check(uids.get(i) > uids.get(i - 1));
        }
    }

    private static void checkTexts(byte[] data, int from, int to, Column ends, int count) {
        long last = 0;
        for (int i = 0; i < count; i++) {
            long end = ends.get(i);
            Parsing.check(end > last && end - last <= MAX_REF);
            last = end;
        }
        Parsing.check(last == to - from);
        for (int i = from; i < to; i++) {
            byte c = data[i];
            Parsing.check(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '.' || c == '-');
        }
    }
}
