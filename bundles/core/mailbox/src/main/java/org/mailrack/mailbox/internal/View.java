package org.mailrack.mailbox.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.mailbox.MessageRow;

/** A view as chunks of rows. A newer view shares every chunk that did not change. Immutable. */
final class View implements MailboxView {

    /** What a view takes beside its chunks. */
    private static final int OVERHEAD = 400;

    private final MailboxInfo info;
    private final Chunk[] chunks;
    /** Index of each chunk's first message. */
    private final int[] starts;

    private final int size;
    private final int unseen;
    private final int deleted;
    private final long octets;
    private final long memory;
    /** The chunk that was asked for last; mostly the next question is for the same. Threads may overwrite each other's. */
    private int last;

    private volatile List<String> keywords;

    private View(MailboxInfo info, Chunk[] chunks) {
        this.info = info;
        this.chunks = chunks;
        starts = new int[chunks.length];
        int count = 0;
        int notSeen = 0;
        int marked = 0;
        long sum = 0;
        long held = OVERHEAD;
        for (int c = 0; c < chunks.length; c++) {
            starts[c] = count;
            count += chunks[c].count;
            notSeen += chunks[c].sums.unseen();
            marked += chunks[c].sums.deleted();
            sum += chunks[c].sums.octets();
            held += chunks[c].memory();
        }
        size = count;
        unseen = notSeen;
        deleted = marked;
        octets = sum;
        memory = held;
    }

    static View of(MailboxInfo info, List<Chunk> chunks) {
        return new View(info, chunks.toArray(Chunk[]::new));
    }

    /** The same messages of a mailbox that has another name or greater numbers. */
    View with(MailboxInfo newInfo) {
        return newInfo.equals(info) ? this : new View(newInfo, chunks);
    }

    List<Chunk> chunks() {
        return Collections.unmodifiableList(Arrays.asList(chunks));
    }

    @Override
    public MailboxInfo info() {
        return info;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int unseen() {
        return unseen;
    }

    /** How many messages with {@code \Deleted}. */
    int deleted() {
        return deleted;
    }

    /** Octets of all messages. */
    long octets() {
        return octets;
    }

    /** Octets that it takes in memory. */
    long memory() {
        return memory;
    }

    private int chunk(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("message " + index + " of " + size);
        }
        int guess = last;
        if (starts[guess] <= index && index - starts[guess] < chunks[guess].count) {
            return guess;
        }
        int at = Arrays.binarySearch(starts, index);
        at = at >= 0 ? at : -at - 2;
        last = at;
        return at;
    }

    @Override
    public long uid(int index) {
        int c = chunk(index);
        return chunks[c].uid(index - starts[c]);
    }

    @Override
    public long modSeq(int index) {
        int c = chunk(index);
        return chunks[c].modSeq(index - starts[c]);
    }

    @Override
    public Flags flags(int index) {
        int c = chunk(index);
        return chunks[c].flags(index - starts[c]);
    }

    @Override
    public long messageSize(int index) {
        int c = chunk(index);
        return chunks[c].size(index - starts[c]);
    }

    @Override
    public Instant internalDate(int index) {
        int c = chunk(index);
        return chunks[c].date(index - starts[c]);
    }

    @Override
    public MessageRow row(int index) {
        int c = chunk(index);
        return chunks[c].row(index - starts[c]);
    }

    @Override
    public int indexOf(long uid) {
        int low = 0;
        int high = chunks.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Chunk chunk = chunks[middle];
            if (chunk.lastUid() < uid) {
                low = middle + 1;
            } else if (chunk.firstUid() > uid) {
                high = middle - 1;
            } else {
                int at = chunk.indexOf(uid);
                return at >= 0 ? starts[middle] + at : at - starts[middle];
            }
        }
        return -(low < chunks.length ? starts[low] : size) - 1;
    }

    @Override
    public int firstUnseen() {
        for (int c = 0; c < chunks.length; c++) {
            if (chunks[c].sums.unseen() > 0) {
                for (int i = 0; i < chunks[c].count; i++) {
                    if (!chunks[c].flags(i).has(Flags.SEEN)) {
                        return starts[c] + i;
                    }
                }
            }
        }
        return -1;
    }

    @Override
    public List<String> keywords() {
        List<String> known = keywords;
        if (known == null) {
            Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            for (Chunk chunk : chunks) {
                names.addAll(chunk.keywords);
            }
            known = List.copyOf(names);
            keywords = known;
        }
        return known;
    }

    @Override
    public void changedSince(long modSeq, IntConsumer visitor) {
        for (int c = 0; c < chunks.length; c++) {
            if (chunks[c].sums.maxModSeq() > modSeq) {
                for (int i = 0; i < chunks[c].count; i++) {
                    if (chunks[c].modSeq(i) > modSeq) {
                        visitor.accept(starts[c] + i);
                    }
                }
            }
        }
    }

    /** Collects rows in ascending UID order to a view. */
    static final class Builder implements Consumer<MessageRow> {
        private final FlagPool pool;
        private final List<Chunk> chunks = new ArrayList<>();
        private final Chunk.Builder open = new Chunk.Builder();

        Builder(FlagPool pool) {
            this.pool = pool;
        }

        @Override
        public void accept(MessageRow row) {
            open.add(pool.share(row));
            if (open.isFull()) {
                chunks.add(open.build());
            }
        }

        View build(MailboxInfo info) {
            if (open.count() > 0) {
                chunks.add(open.build());
            }
            return View.of(info, chunks);
        }
    }
}
