package org.mailrack.mailbox.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;

class ViewTest {

    private final FlagPool pool = new FlagPool();

    private static MailboxInfo info(long uidNext, long modSeq) {
        return new MailboxInfo(1, "a", "INBOX", 7, uidNext, modSeq, Optional.empty());
    }

    private static MessageRow row(long uid, long modSeq, Random random) {
        List<String> names = new ArrayList<>();
        for (String name : List.of("\\Seen", "\\Deleted", "\\Flagged", "$a", "$b")) {
            if (random.nextInt(4) == 0) {
                names.add(name);
            }
        }
        long size = random.nextInt(20) == 0 ? random.nextLong() >>> 20 : random.nextInt(100_000);
        Instant date =
                Instant.ofEpochMilli(random.nextInt(10) == 0 ? random.nextLong() >> 16 : 1_700_000_000_000L + uid);
        String ref = random.nextInt(9) == 0 ? "r".repeat(64) : "log-" + uid + "." + modSeq;
        return new MessageRow(uid, modSeq, Flags.of(names), size, date, new ContentRef(ref));
    }

    private static void same(View view, TreeMap<Long, MessageRow> model) {
        List<MessageRow> found = new ArrayList<>();
        int misplaced = 0;
        for (int i = 0; i < view.size(); i++) {
            MessageRow row = view.row(i);
            found.add(row);
            misplaced += view.indexOf(row.uid()) == i ? 0 : 1;
            misplaced += model.containsKey(row.uid() + 1) || view.indexOf(row.uid() + 1) == -(i + 1) - 1 ? 0 : 1;
        }
        assertThat(found.equals(new ArrayList<>(model.values()))).isTrue();
        assertThat(misplaced).isZero();
        List<MessageRow> rows = new ArrayList<>(model.values());
        assertThat(view.unseen()).isEqualTo((int)
                rows.stream().filter(r -> !r.flags().has(Flags.SEEN)).count());
        assertThat(view.deleted()).isEqualTo((int)
                rows.stream().filter(r -> r.flags().has(Flags.DELETED)).count());
        assertThat(view.octets())
                .isEqualTo(rows.stream().mapToLong(MessageRow::size).sum());
        assertThat(view.keywords())
                .isEqualTo(rows.stream()
                        .flatMap(r -> r.flags().keywords().stream())
                        .sorted()
                        .distinct()
                        .toList());
        int firstUnseen = view.firstUnseen();
        assertThat(firstUnseen)
                .isEqualTo(rows.indexOf(rows.stream()
                        .filter(r -> !r.flags().has(Flags.SEEN))
                        .findFirst()
                        .orElse(null)));
    }

    @Test
    void aViewAfterAnyChangesIsWhatAPlainMapSaysAndOlderViewsStay() {
        for (int seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            TreeMap<Long, MessageRow> model = new TreeMap<>();
            View view = View.of(info(1, 1), List.of());
            long next = 1;
            long modSeq = 1;
            View kept = null;
            TreeMap<Long, MessageRow> keptModel = null;
            for (int step = 0; step < 60; step++) {
                modSeq++;
                TreeMap<Long, MessageRow> changed = new TreeMap<>();
                List<Long> gone = new ArrayList<>();
                List<Long> present = new ArrayList<>(model.keySet());
                switch (random.nextInt(4)) {
                    case 0, 1 -> {
                        for (int n = random.nextInt(random.nextInt(10) == 0 ? 2000 : 30); n >= 0; n--) {
                            next += random.nextInt(20) == 0 ? 1 + random.nextInt(1 << 28) : 1;
                            changed.put(next, row(next, modSeq, random));
                        }
                    }
                    case 2 -> {
                        Collections.shuffle(present, random);
                        present.stream().limit(random.nextInt(40)).forEach(uid -> changed.put(uid, null));
                        for (long uid : List.copyOf(changed.keySet())) {
                            changed.put(uid, row(uid, modSeq, random));
                        }
                    }
                    default -> {
                        int from = present.isEmpty() ? 0 : random.nextInt(present.size());
                        gone.addAll(present.subList(from, Math.min(present.size(), from + random.nextInt(900))));
                        gone.add(next + 5);
                    }
                }
                model.putAll(changed);
                model.keySet().removeAll(gone);
                MailboxInfo info = info(next + 1, modSeq);
                view = ViewChange.apply(view, info, new ArrayList<>(changed.values()), UidSet.of(gone), pool);
                assertThat(view.info()).isEqualTo(info);
                if (step == 30) {
                    kept = view;
                    keptModel = new TreeMap<>(model);
                }
            }
            same(view, model);
            same(kept, keptModel);
            long since = modSeq - 10;
            List<Long> visited = new ArrayList<>();
            View last = view;
            last.changedSince(since, i -> visited.add(last.uid(i)));
            assertThat(visited)
                    .isEqualTo(model.values().stream()
                            .filter(r -> r.modSeq() > since)
                            .map(MessageRow::uid)
                            .toList());
        }
    }

    private View big(int rows) {
        View.Builder builder = new View.Builder(pool);
        for (int i = 1; i <= rows; i++) {
            builder.accept(new MessageRow(i, i, Flags.NONE, 1000, Instant.EPOCH, new ContentRef("c" + i)));
        }
        return builder.build(info(rows + 1, rows));
    }

    @Test
    void aChangeOfFlagsInALargeMailboxCopiesOneChunk() {
        View before = big(100_000);
        MessageRow changed =
                new MessageRow(50_000, 100_001, Flags.of("\\Seen"), 1000, Instant.EPOCH, new ContentRef("c50000"));
        View after = ViewChange.apply(before, info(100_001, 100_001), List.of(changed), UidSet.EMPTY, pool);
        Set<Chunk> shared = Collections.newSetFromMap(new IdentityHashMap<>());
        shared.addAll(before.chunks());
        assertThat(after.chunks().stream().filter(c -> !shared.contains(c)).count())
                .isEqualTo(1);
        assertThat(before.flags(49_999)).isEqualTo(Flags.NONE);
        assertThat(after.flags(49_999)).isEqualTo(Flags.of("\\Seen"));
        List<Integer> visited = new ArrayList<>();
        after.changedSince(100_000, visited::add);
        assertThat(visited).containsExactly(49_999);
    }

    @Test
    void manySmallAppendsAndExpungesLeaveNoCrumbs() {
        View view = big(5_000);
        for (int uid = 1; uid < 5_000; uid++) {
            if (uid % 100 != 0) {
                view = ViewChange.apply(view, info(5_001, 5_000 + uid), List.of(), UidSet.of(uid), pool);
            }
        }
        assertThat(view.size()).isEqualTo(50);
        assertThat(view.chunks().size()).isLessThan(5);
    }

    @Test
    void numbersOfAnySpreadComeBack() {
        long[][] columns = {
            {5},
            {5, 5},
            {0, 65535},
            {0, 65536},
            {-1, 0xfffffffeL},
            {-1, 0xffffffffL},
            {Long.MIN_VALUE, 0, Long.MAX_VALUE},
            {7, 8, 9, 10},
            {7, 8, 90}
        };
        List<Integer> octets = new ArrayList<>();
        for (long[] column : columns) {
            Column.Plan plan = Column.Plan.of(column, column.length);
            byte[] data = new byte[plan.octets() + 5];
            Column made = plan.write(data, 5);
            for (int i = 0; i < column.length; i++) {
                assertThat(made.get(i)).isEqualTo(column[i]);
            }
            octets.add(plan.octets());
        }
        assertThat(octets).containsExactly(0, 0, 4, 4, 8, 8, 24, 0, 3);
    }

    @Test
    void referencesOfAnyFormComeBack() {
        List<String> values = List.of(
                "1-2",
                "0-0",
                "zz-zzzzzzzzzzzz",
                "a-b",
                "00-1",
                "1-02",
                "A-1",
                "1-2-3",
                "-",
                "-1",
                "1-",
                "12",
                "a.b-c",
                "zzzzzzzzzzzzz-1",
                "r".repeat(64));
        for (int from = 0; from < values.size(); from++) {
            for (int to = from + 1; to <= values.size(); to++) {
                Chunk.Builder builder = new Chunk.Builder();
                Chunk.Builder copies = new Chunk.Builder();
                for (String value : values.subList(from, to)) {
                    builder.add(new MessageRow(
                            builder.count() + 1, 1, Flags.NONE, 1, Instant.EPOCH, new ContentRef(value)));
                }
                Chunk chunk = builder.build();
                for (int i = chunk.count - 1; i >= 0; i--) {
                    copies.add(chunk, i);
                }
                Chunk copy = copies.build();
                for (int i = 0; i < chunk.count; i++) {
                    assertThat(chunk.content(i).value()).isEqualTo(values.get(from + i));
                    assertThat(copy.content(chunk.count - 1 - i)).isEqualTo(chunk.content(i));
                }
            }
        }
    }

    @Test
    void aMessageTakesFewOctets() {
        Random random = new Random(3);
        View.Builder builder = new View.Builder(pool);
        long date = 1_700_000_000_000L;
        long place = 0;
        for (int i = 1; i <= 100_000; i++) {
            int size = 2000 + random.nextInt(random.nextInt(20) == 0 ? 5_000_000 : 50_000);
            date += random.nextInt(600_000);
            place += size;
            Flags flags = random.nextInt(10) == 0 ? Flags.of("\\Seen", "$Junk") : Flags.of("\\Seen");
            String ref = Long.toString(place >> 26, 36) + "-" + Long.toString(place & (1 << 26) - 1, 36);
            builder.accept(new MessageRow(
                    i, 1 + random.nextInt(200_000), flags, size, Instant.ofEpochMilli(date), new ContentRef(ref)));
        }
        assertThat(builder.build(info(100_001, 200_000)).memory() / 100_000).isLessThanOrEqualTo(18);
    }
}
