package org.mailrack.content.log.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.store.ContentSurvey;
import org.mailrack.api.store.StoreException;

/** Space comes back, what is needed stays, and nobody notices: readers, the journal, a power cut. */
class CompactionTest {

    private static final ContentLog.Limits SMALL = new ContentLog.Limits(4096, 1024, 4, 1000, 0, 1 << 20, 1000);

    private final FaultyDisk disk = new FaultyDisk();
    private final Map<ContentRef, String> needed = new LinkedHashMap<>();
    private ContentLog log;

    private ContentLog open() throws IOException {
        log = ContentLog.open(disk, SMALL);
        return log;
    }

    @AfterEach
    void close() throws IOException {
        if (log != null) {
            log.close();
        }
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ContentRef mail(ContentLog to, String entry, String text) {
        ContentWriter writer = to.create();
        writer.write(utf8(text));
        return to.append(utf8(entry), writer).toCompletableFuture().join();
    }

    private static void checkpoint(ContentLog to, String... entries) {
        to.checkpoint(Stream.of(entries).map(CompactionTest::utf8).toList())
                .toCompletableFuture()
                .join();
    }

    private static String read(ContentLog from, ContentRef ref) throws IOException {
        try (InputStream in = from.open(ref).open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> replay(ContentLog from) {
        List<String> entries = new ArrayList<>();
        from.replay((entry, content) ->
                entries.add(StandardCharsets.UTF_8.decode(entry).toString()));
        return entries;
    }

    private static String text(int number, int length) {
        return ("mail " + number + ' ').repeat(length / 7 + 1).substring(0, length);
    }

    /** Some mails, every so many of them needed and one in ten large, then two checkpoints with a segment between them. */
    private void fill(ContentLog to, int mails, int every) {
        for (int i = 0; i < mails; i++) {
            String text = text(i, i % 10 == 5 ? 3000 : 300 + i % 200);
            ContentRef ref = mail(to, "accepted " + i, text);
            if (i % every == 0) {
                needed.put(ref, text);
            }
        }
        for (int i = 0; i < 2; i++) {
            checkpoint(to, "queued");
            needed.put(mail(to, "between", "x".repeat(900)), "x".repeat(900));
            for (int j = 0; j < 5; j++) {
                needed.put(mail(to, "more", "y".repeat(1000)), "y".repeat(1000));
            }
        }
        checkpoint(to, "queued");
    }

    private ContentSurvey.Reclaimed reclaim(ContentLog from, int liveBelow) {
        try (ContentSurvey survey = from.survey(new ContentSurvey.Options(Duration.ZERO, 0, Optional.empty()))) {
            needed.forEach((ref, text) -> survey.reference(ref, text.length()));
            return survey.reclaim(liveBelow);
        }
    }

    private void allNeededIsThere(ContentLog in, String when) throws IOException {
        for (Map.Entry<ContentRef, String> one : needed.entrySet()) {
            assertThat(read(in, one.getKey())).as(when).isEqualTo(one.getValue());
        }
    }

    private List<ContentSurvey.Finding> faults(ContentLog in) {
        List<ContentSurvey.Finding> found = new ArrayList<>();
        try (ContentSurvey survey = in.survey(new ContentSurvey.Options(Duration.ZERO, 0, Optional.empty()))) {
            needed.forEach((ref, text) -> survey.reference(ref, text.length()));
            survey.verify(found::add, octets -> {});
        }
        found.removeIf(finding -> finding.kind() == ContentSurvey.Finding.Kind.ORPHAN);
        return found;
    }

    private long octets() throws IOException {
        return Stream.concat(disk.list("").stream(), disk.list("large").stream().map(name -> "large/" + name))
                .mapToLong(disk::size)
                .sum();
    }

    @Test
    void aQuarterOfTheContentsTakesAboutAQuarterOfTheSpace() throws Exception {
        open();
        fill(log, 200, 4);
        long before = octets();
        ContentSurvey.Reclaimed reclaimed = reclaim(log, 60);
        assertThat(reclaimed.complete()).isTrue();
        assertThat(reclaimed.rewritten()).isGreaterThan(10);
        assertThat(before - octets()).isCloseTo(reclaimed.octets(), org.assertj.core.data.Offset.offset(200L));
        assertThat(octets()).isLessThan(before * 2 / 5);
        allNeededIsThere(log, "after");
        assertThat(faults(log)).isEmpty();
        assertThat(replay(log)).containsExactly("queued");
        assertThat(reclaim(log, 60).octets()).as("nothing is left to do").isZero();
        log.close();
        open();
        allNeededIsThere(log, "after a restart");
        assertThat(replay(log)).containsExactly("queued");
    }

    @Test
    void aCompactedSegmentIsCompactedAgainAndGoesInTheEnd() throws Exception {
        open();
        fill(log, 100, 2);
        reclaim(log, 100);
        for (int left = needed.size(); left > 0; left = needed.size()) {
            List<ContentRef> all = new ArrayList<>(needed.keySet());
            all.subList(0, (left + 1) / 2).forEach(needed::remove);
            reclaim(log, 100);
            allNeededIsThere(log, left + " were left");
            assertThat(faults(log)).isEmpty();
        }
        assertThat(disk.list("large")).isEmpty();
        assertThat(disk.list("").stream().filter(name -> name.endsWith(".log")).count())
                .isLessThanOrEqualTo(6);
        assertThat(mail(log, "new", "new").value())
                .as("numbers are not used again")
                .doesNotStartWith("1-");
    }

    /** Disk space stays bounded though mail comes and goes for ever. */
    @Test
    void theLogStaysBoundedWhileMailComesAndGoes() throws Exception {
        open();
        Random random = new Random(5);
        List<ContentRef> kept = new ArrayList<>();
        long most = 0;
        for (int round = 0; round < 60; round++) {
            for (int i = 0; i < 40; i++) {
                String text = text(i, random.nextInt(20) == 0 ? 3000 : 400);
                ContentRef ref = mail(log, "accepted", text);
                needed.put(ref, text);
                kept.add(ref);
            }
            checkpoint(log, "queue");
            while (kept.size() > 60) {
                needed.remove(kept.remove(random.nextInt(kept.size())));
            }
            reclaim(log, 60);
            if (round >= 10) {
                most = Math.max(most, octets());
            }
        }
        allNeededIsThere(log, "at the end");
        // 60 mails of about 530 octets each are needed; two rounds, of about 25,000 each, lie behind the checkpoint
        // before the last.
        assertThat(most).isLessThan(60 * 530 * 2 + 3 * 30_000);
        assertThat(disk.list("").size()).isLessThan(40);
    }

    /** Without a checkpoint behind it an entry may still be needed, and of one that is damaged the one before is read. */
    @Test
    void whatStandsBehindTheCheckpointBeforeTheLastIsNotTouched() throws Exception {
        open();
        for (int i = 0; i < 50; i++) {
            mail(log, "accepted " + i, text(i, 500));
        }
        assertThat(reclaim(log, 100).octets()).isZero();
        checkpoint(log, "one");
        assertThat(reclaim(log, 100).octets()).isZero();
        for (int i = 50; i < 60; i++) {
            mail(log, "accepted " + i, text(i, 500));
        }
        checkpoint(log, "two");
        assertThat(reclaim(log, 100).octets()).isPositive();
        log.close();
        long last = log(disk).mapToLong(name -> Segment.number(name)).max().orElseThrow();
        damageCheckpoint(Segment.name(last));
        open();
        assertThat(replay(log)).startsWith("one", "accepted 50", "accepted 51").endsWith("accepted 59");
    }

    private static Stream<String> log(FaultyDisk disk) {
        return disk.list("").stream().filter(name -> name.endsWith(".log"));
    }

    private void damageCheckpoint(String name) {
        byte[] octets = disk.octets(name);
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        disk.damage(name, text.lastIndexOf("two"));
    }

    /** Entries alone, without those that once followed them, would deliver mail again. */
    @Test
    void withoutAnyCheckpointWhatWasCompactedIsNoJournal() throws Exception {
        open();
        fill(log, 60, 1);
        reclaim(log, 60);
        log.close();
        disk.overwrite("checkpoint", 0, new byte[36]);
        for (String name : log(disk).toList()) {
            byte[] octets = disk.octets(name);
            String text = new String(octets, StandardCharsets.ISO_8859_1);
            for (int at = text.indexOf("queued"); at >= 0; at = text.indexOf("queued", at + 1)) {
                disk.damage(name, at);
            }
        }
        open();
        assertThat(replay(log)).doesNotContain("accepted 0", "accepted 1").contains("more");
        allNeededIsThere(log, "without a checkpoint");
    }

    @Test
    void whoReadsALongContentReadsOnWhileItsSegmentIsCompacted() throws Exception {
        ContentLog.Limits longer = new ContentLog.Limits(300_000, 200_000, 4, 1000, 0, 1 << 20, 1000);
        log = ContentLog.open(disk, longer);
        String text = text(1, 150_000);
        mail(log, "dead", "x".repeat(100_000));
        ContentRef ref = mail(log, "read", text);
        ContentRef gone = mail(log, "read, too", text);
        needed.put(ref, text);
        for (int i = 0; i < 2; i++) {
            mail(log, "dead", "x".repeat(150_000));
            mail(log, "dead", "x".repeat(150_000));
            checkpoint(log, "queue");
        }
        try (InputStream in = log.open(ref).open();
                InputStream lost = log.open(gone).open()) {
            byte[] first = in.readNBytes(20_000);
            byte[] start = lost.readNBytes(20_000);
            assertThat(reclaim(log, 60).rewritten()).isEqualTo(1);
            assertThat(new String(first, StandardCharsets.UTF_8)
                            + new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(text);
            assertThat(start).isEqualTo(first);
            assertThatThrownBy(lost::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("removed");
        }
        assertThatThrownBy(() -> log.open(gone)).isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.kind())
                .isEqualTo(StoreException.Kind.NOT_FOUND));
    }

    @Test
    void manyReadersSeeNothingOfIt() throws Exception {
        open();
        fill(log, 150, 3);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> readers = new ArrayList<>();
        boolean[] over = {false};
        Map<ContentRef, String> read = new HashMap<>(needed);
        for (int t = 0; t < 3; t++) {
            readers.add(new Thread(() -> {
                try {
                    while (!over[0] && failure.get() == null) {
                        for (Map.Entry<ContentRef, String> one : read.entrySet()) {
                            assertThat(read(log, one.getKey())).isEqualTo(one.getValue());
                        }
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            }));
        }
        readers.forEach(Thread::start);
        for (int i = 0; i < 10; i++) {
            fill(log, 50, 3);
            reclaim(log, 100);
        }
        over[0] = true;
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(failure).hasNullValue();
    }

    @Test
    void aDamagedSegmentIsLeftAsItIsUnlessNothingOfItIsNeeded() throws Exception {
        open();
        fill(log, 60, 4);
        disk.damage(Segment.name(2), Segment.HEADER + 20); // the length of its first record
        byte[] before = disk.octets(Segment.name(2));
        reclaim(log, 100);
        assertThat(disk.octets(Segment.name(2))).isEqualTo(before);
        needed.keySet().removeIf(ref -> ref.value().startsWith("2-"));
        reclaim(log, 100);
        assertThat(disk.list("")).doesNotContain(Segment.name(2));
    }

    @Test
    void aLostIndexIsMadeAgainFromTheRecords() throws Exception {
        open();
        fill(log, 60, 4);
        reclaim(log, 100);
        log.close();
        for (String name : log(disk).toList()) {
            disk.damage(name, disk.size(name) - 1); // the index's sum, or the last octet of what was not compacted
        }
        open();
        int readable = 0;
        for (Map.Entry<ContentRef, String> one : needed.entrySet()) {
            if (one.getKey().value().startsWith("1-") || one.getKey().value().startsWith("2-")) {
                assertThat(read(log, one.getKey())).isEqualTo(one.getValue());
                readable++;
            }
        }
        assertThat(readable).isPositive();
    }

    /** Any octet of a compacted segment. */
    @Test
    void aDamagedOctetOfACompactedSegmentHurtsAtMostItsOwnRecord() throws Exception {
        open();
        fill(log, 60, 2);
        reclaim(log, 100);
        log.close();
        List<ContentRef> inFirst = needed.keySet().stream()
                .filter(ref -> ref.value().startsWith("1-"))
                .toList();
        assertThat(inFirst.size()).isGreaterThan(3);
        for (int at = 0; at < disk.size(Segment.name(1)); at += 3) {
            FaultyDisk copy = disk.afterPowerCut(FaultyDisk.Unforced.KEPT, 0);
            copy.damage(Segment.name(1), at);
            try (ContentLog damaged = ContentLog.open(copy, SMALL)) {
                int lost = 0;
                for (ContentRef ref : inFirst) {
                    try {
                        assertThat(read(damaged, ref)).isEqualTo(needed.get(ref));
                    } catch (StoreException e) {
                        lost++;
                    }
                }
                assertThat(lost).as("octet " + at).isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void aHoldAndAnInterruptEndItEarlyAndLeaveNothingBehind() throws Exception {
        open();
        fill(log, 100, 4);
        long before = octets();
        try (ContentSurvey survey = log.survey(new ContentSurvey.Options(Duration.ZERO, 0, Optional.empty()))) {
            needed.forEach((ref, text) -> survey.reference(ref, text.length()));
            Registration hold = log.hold();
            assertThat(survey.reclaim(100).complete()).isFalse();
            hold.close();
            Thread.currentThread().interrupt();
            assertThat(survey.reclaim(100).complete()).isFalse();
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(octets()).isBetween(before, before + 20);
        assertThat(disk.list("")).noneMatch(name -> name.endsWith(".new"));
        assertThat(reclaim(log, 100).complete()).isTrue();
    }

    @Test
    void onlyOneAtATime() throws Exception {
        open();
        fill(log, 100, 4);
        try (ContentSurvey outer = log.survey(new ContentSurvey.Options(Duration.ZERO, 1, Optional.empty()))) {
            needed.forEach((ref, text) -> outer.reference(ref, text.length()));
            Thread slow = new Thread(() -> outer.reclaim(100)); // an octet a second
            slow.start();
            while (slow.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> reclaim(log, 100)).isInstanceOf(StoreException.class);
            slow.interrupt();
            slow.join();
        }
        assertThat(reclaim(log, 100).complete()).isTrue();
        allNeededIsThere(log, "after all");
    }

    @Test
    void aFullDiskKeepsWhatIsThereAndTakesAwayWhatItCan() throws Exception {
        open();
        fill(log, 100, 4);
        List<ContentRef> first = needed.keySet().stream()
                .filter(ref -> ref.value().startsWith("3-"))
                .toList();
        first.forEach(needed::remove);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        int writes = disk.steps();
        // The first new file fails, after what is wholly dead has gone.
        long gone = LongStream.range(0, 200)
                .filter(step -> {
                    disk.failFrom(writes + 1 + (int) step, 1, "No space left on device");
                    try {
                        reclaim(log, 100);
                        return false;
                    } catch (StoreException e) {
                        thrown.set(e);
                        assertThat(e.kind()).isEqualTo(StoreException.Kind.NO_SPACE);
                        return true;
                    }
                })
                .count();
        assertThat(gone).isPositive();
        disk.failFrom(Integer.MAX_VALUE, 0, "");
        reclaim(log, 100);
        allNeededIsThere(log, "after failures");
        assertThat(disk.list("")).doesNotContain(Segment.name(3)).noneMatch(name -> name.endsWith(".log.new"));
    }

    /** A power cut at every step of a compaction, with what was not forced lost, kept or torn. */
    @ParameterizedTest
    @EnumSource(FaultyDisk.Unforced.class)
    void whatIsNeededSurvivesAPowerCutAtEveryStep(FaultyDisk.Unforced mode) throws Exception {
        open();
        fill(log, 60, 3);
        needed.keySet().removeIf(ref -> ref.value().startsWith("4-"));
        log.close();
        log = null;
        FaultyDisk whole = disk.afterKill();
        int before;
        int all;
        try (ContentLog tried = ContentLog.open(whole, SMALL)) {
            before = whole.steps();
            assertThat(reclaim(tried, 80).rewritten()).isPositive();
            all = whole.steps();
        }
        assertThat(all - before).isGreaterThan(30);
        for (int step = before + 1; step <= all; step++) {
            FaultyDisk cut = disk.afterKill();
            ContentLog dying = ContentLog.open(cut, SMALL);
            cut.cutPowerAt(step);
            try {
                reclaim(dying, 80);
            } catch (StoreException e) {
                assertThat(e.kind()).isEqualTo(StoreException.Kind.UNAVAILABLE);
            }
            dying.kill();
            for (int seed = 0; seed < (mode == FaultyDisk.Unforced.TORN ? 3 : 1); seed++) {
                FaultyDisk after = cut.afterPowerCut(mode, seed);
                String when = "cut at step " + step;
                try (ContentLog next = ContentLog.open(after, SMALL)) {
                    allNeededIsThere(next, when);
                    assertThat(replay(next)).as(when).containsExactly("queued");
                    assertThat(faults(next)).as(when).isEmpty();
                    reclaim(next, 80);
                    allNeededIsThere(next, "finished after a " + when);
                    assertThat(after.list("large").size()).as(when).isLessThanOrEqualTo(needed.size());
                    assertThat(after.list("")).noneMatch(name -> name.endsWith(".log.new"));
                }
            }
        }
    }

    /** More references than a survey has room for: each one does a part, and no part is taken for dead for want of room. */
    @Test
    void whatDoesNotFitInMemoryIsDonePartByPart() throws Exception {
        log = ContentLog.open(disk, new ContentLog.Limits(4096, 1024, 4, 1000, 0, 2000, 1000));
        fill(log, 1000, 2);
        Optional<String> from = Optional.empty();
        int parts = 0;
        long before = octets();
        do {
            try (ContentSurvey survey = log.survey(new ContentSurvey.Options(Duration.ZERO, 0, from))) {
                needed.forEach((ref, text) -> survey.reference(ref, text.length()));
                survey.reclaim(80);
                from = survey.rest();
            }
            parts++;
            allNeededIsThere(log, "after part " + parts);
        } while (from.isPresent());
        assertThat(parts).isGreaterThan(2);
        assertThat(octets()).isLessThan(before * 2 / 3);
        assertThat(faults(log)).isEmpty();
    }

    @Test
    void aCheckMissesASegmentThatSomebodyDeleted() throws Exception {
        open();
        fill(log, 60, 4);
        long lost = needed.keySet().stream()
                .filter(ref -> ref.value().startsWith("2-"))
                .count();
        assertThat(lost).isPositive();
        disk.delete(Segment.name(2));
        assertThat(faults(log)).hasSize((int) lost).allMatch(f -> f.kind() == ContentSurvey.Finding.Kind.MISSING);
    }
}
