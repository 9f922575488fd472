package org.mailrack.mailbox.internal;

import java.util.ArrayList;
import java.util.List;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;

/** Makes a newer view from an older one. Copies the chunks that have a changed row, and shares the others. */
final class ViewChange {

    /** Chunks that were thinned out are joined while together they have no more rows than this. */
    private static final int JOIN = Chunk.ROWS / 2;

    private ViewChange() {}

    /**
     * Applies a change.
     *
     * @param info the mailbox after the change
     * @param rows new or changed rows, in ascending UID order
     * @param vanished UIDs of removed messages; those not there are passed over
     */
    static View apply(View view, MailboxInfo info, List<MessageRow> rows, UidSet vanished, FlagPool pool) {
        if (rows.isEmpty() && vanished.isEmpty()) {
            return view.with(info);
        }
        List<Chunk> result = new ArrayList<>(view.chunks().size() + 1);
        Removal removal = new Removal(vanished);
        int next = 0;
        List<Chunk> chunks = view.chunks();
        for (int c = 0; c < chunks.size(); c++) {
            Chunk chunk = chunks.get(c);
            boolean last = c + 1 == chunks.size();
            int end = next;
            // The last chunk also takes rows beyond its end, any other those before the next chunk begins.
            while (end < rows.size()
                    && (last || rows.get(end).uid() < chunks.get(c + 1).firstUid())) {
                end++;
            }
            boolean thinned = removal.touches(chunk.firstUid(), chunk.lastUid());
            if (end == next && !thinned) {
                result.add(chunk);
            } else if (last
                    && !thinned
                    && chunk.count == Chunk.ROWS
                    && rows.get(next).uid() > chunk.lastUid()) {
                result.add(chunk);
                cut(rows.subList(next, end), result, pool);
            } else {
                cut(merge(chunk, rows.subList(next, end), thinned ? removal : null), result, pool);
            }
            next = end;
        }
        if (chunks.isEmpty()) {
            cut(rows, result, pool);
        }
        return View.of(info, result);
    }

    private static List<MessageRow> merge(Chunk chunk, List<MessageRow> changed, Removal removal) {
        List<MessageRow> merged = new ArrayList<>(chunk.count + changed.size());
        int next = 0;
        for (int i = 0; i < chunk.count; i++) {
            long uid = chunk.uid(i);
            while (next < changed.size() && changed.get(next).uid() < uid) {
                merged.add(changed.get(next++));
            }
            if (next < changed.size() && changed.get(next).uid() == uid) {
                merged.add(changed.get(next++));
            } else if (removal == null || !removal.has(uid)) {
                merged.add(chunk.row(i));
            }
        }
        merged.addAll(changed.subList(next, changed.size()));
        return merged;
    }

    /** Adds rows as chunks, joined with the chunk before when both are small. */
    private static void cut(List<MessageRow> rows, List<Chunk> result, FlagPool pool) {
        List<MessageRow> todo = new ArrayList<>(rows.size());
        if (!result.isEmpty() && !rows.isEmpty()) {
            Chunk before = result.get(result.size() - 1);
            if (before.count + rows.size() <= JOIN) {
                result.remove(result.size() - 1);
                for (int i = 0; i < before.count; i++) {
                    todo.add(before.row(i));
                }
            }
        }
        rows.forEach(row -> todo.add(pool.share(row)));
        for (int from = 0; from < todo.size(); from += Chunk.ROWS) {
            result.add(Chunk.of(todo.subList(from, Math.min(todo.size(), from + Chunk.ROWS))));
        }
    }

    /** Walks through the removed UIDs beside the chunks, both ascending. */
    private static final class Removal {
        private final UidSet uids;
        private final List<UidSet.Range> ranges;
        private int at;

        Removal(UidSet uids) {
            this.uids = uids;
            this.ranges = uids.ranges();
        }

        boolean touches(long first, long last) {
            while (at < ranges.size() && ranges.get(at).last() < first) {
                at++;
            }
            return at < ranges.size() && ranges.get(at).first() <= last;
        }

        boolean has(long uid) {
            return uids.contains(uid);
        }
    }
}
