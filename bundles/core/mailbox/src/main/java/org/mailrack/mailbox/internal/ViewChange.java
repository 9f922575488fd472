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

    private final FlagPool pool;
    private final List<MessageRow> rows;
    private final UidSet vanished;
    private final List<UidSet.Range> vanishedRanges;
    private int nextVanished;
    private final List<Chunk> result;
    private final Chunk.Builder open = new Chunk.Builder();

    private ViewChange(View view, List<MessageRow> rows, UidSet vanished, FlagPool pool) {
        this.pool = pool;
        this.rows = rows;
        this.vanished = vanished;
        vanishedRanges = vanished.ranges();
        result = new ArrayList<>(view.chunks().size() + 1);
    }

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
        return View.of(info, new ViewChange(view, rows, vanished, pool).apply(view.chunks()));
    }

    private List<Chunk> apply(List<Chunk> chunks) {
        int next = 0;
        for (int c = 0; c < chunks.size(); c++) {
            Chunk chunk = chunks.get(c);
            boolean last = c + 1 == chunks.size();
            int end = next;
            // The last chunk also takes rows beyond its end, any other those before the next chunk begins.
            while (end < rows.size()
                    && (last || rows.get(end).uid() < chunks.get(c + 1).firstUid())) {
                end++;
            }
            boolean thinned = thins(chunk);
            boolean full =
                    chunk.count == Chunk.ROWS && end > next && rows.get(next).uid() > chunk.lastUid();
            if (!thinned && (end == next || full)) {
                result.add(chunk);
                add(next, end);
            } else {
                merge(chunk, next, end, thinned);
            }
            close();
            next = end;
        }
        if (chunks.isEmpty()) {
            add(0, rows.size());
            close();
        }
        return result;
    }

    /** Whether a message of the chunk may have vanished; asked for one chunk after the other. */
    private boolean thins(Chunk chunk) {
        while (nextVanished < vanishedRanges.size()
                && vanishedRanges.get(nextVanished).last() < chunk.firstUid()) {
            nextVanished++;
        }
        return nextVanished < vanishedRanges.size()
                && vanishedRanges.get(nextVanished).first() <= chunk.lastUid();
    }

    private void merge(Chunk chunk, int from, int end, boolean thinned) {
        int next = from;
        for (int i = 0; i < chunk.count; i++) {
            long uid = chunk.uid(i);
            while (next < end && rows.get(next).uid() < uid) {
                add(next, ++next);
            }
            if (next < end && rows.get(next).uid() == uid) {
                add(next, ++next);
            } else if (!thinned || !vanished.contains(uid)) {
                room();
                open.add(chunk, i);
            }
        }
        add(next, end);
    }

    private void add(int from, int end) {
        for (int i = from; i < end; i++) {
            room();
            open.add(pool.share(rows.get(i)));
        }
    }

    private void room() {
        if (open.isFull()) {
            result.add(open.build());
        }
    }

    /** Ends a chunk; it is joined with the one before when both are small. */
    private void close() {
        if (open.count() == 0) {
            return;
        }
        Chunk made = open.build();
        Chunk before = result.isEmpty() ? null : result.get(result.size() - 1);
        if (before == null || before.count + made.count > JOIN) {
            result.add(made);
            return;
        }
        for (int i = 0; i < before.count; i++) {
            open.add(before, i);
        }
        for (int i = 0; i < made.count; i++) {
            open.add(made, i);
        }
        result.set(result.size() - 1, open.build());
    }
}
