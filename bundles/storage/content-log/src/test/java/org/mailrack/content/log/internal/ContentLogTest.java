package org.mailrack.content.log.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.store.ContentSurvey;
import org.mailrack.api.store.StoreException;

class ContentLogTest {

    private static final ContentLog.Limits LIMITS = new ContentLog.Limits(1 << 20, 4096, 4, 1000, 0, 1 << 20, 1000);
    private static final String FIRST = Segment.name(1);

    private final FaultyDisk disk = new FaultyDisk();

    private ContentLog open() throws Exception {
        return ContentLog.open(disk, LIMITS);
    }

    private static ContentRef commit(ContentLog log, String text) {
        return log.commit(written(log, text)).toCompletableFuture().join();
    }

    private static ContentRef mail(ContentLog log, String entry, String text) {
        return log.append(utf8(entry), written(log, text)).toCompletableFuture().join();
    }

    private static ContentWriter written(ContentLog log, String text) {
        ContentWriter writer = log.create();
        writer.write(utf8(text));
        return writer;
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(ContentLog log, ContentRef ref) throws Exception {
        return new String(log.open(ref).open().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static List<String> replay(ContentLog log) {
        List<String> entries = new ArrayList<>();
        log.replay((entry, content) ->
                entries.add(StandardCharsets.UTF_8.decode(entry).toString()));
        return entries;
    }

    /** Design section 5: appends from all connections share one force per batch. Counted, not timed. */
    @Test
    void twentyThreadsShareTheirForces() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger batches = new AtomicInteger();
        List<Integer> sizes = new ArrayList<>();
        GroupCommitter committer = new GroupCommitter(
                batch -> {
                    batches.incrementAndGet();
                    sizes.add(batch.size());
                    try {
                        gate.await(); // the disk is busy with the first
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                1000);
        List<Append> appends = new ArrayList<>();
        CyclicBarrier together = new CyclicBarrier(20);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Append append = new Append(List.of(Append.Part.of(RecordHeader.ENTRY, utf8("x"), List.of())), null);
            appends.add(append);
            threads.add(new Thread(() -> {
                try {
                    together.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                committer.submit(append);
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        gate.countDown();
        appends.forEach(append -> append.done().join());
        committer.stop();
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(20);
        assertThat(batches.get()).isLessThanOrEqualTo(3);
    }

    @Test
    void oneCommitIsOneForceAndStartsAtOnce() throws Exception {
        try (ContentLog log = open()) {
            commit(log, "makes the segment");
            int before = disk.forces;
            mail(log, "entry", "content");
            assertThat(disk.forces - before).isEqualTo(1);
        }
    }

    /** What nobody waits for costs no force of its own while mail comes, and is durable soon when none does. */
    @Test
    void whoIsPatientSharesTheForceOfTheNext() throws Exception {
        try (ContentLog log = open()) {
            commit(log, "makes the segment");
            int before = disk.forces;
            List<CompletionStage<Void>> soon = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                soon.add(log.appendSoon(utf8("settled " + i)));
                soon.add(log.appendSoon(utf8("settled, too " + i)));
                mail(log, "entry " + i, "content");
            }
            soon.forEach(stage -> stage.toCompletableFuture().join());
            assertThat(disk.forces - before).as("of 15 entries").isLessThanOrEqualTo(9);
            log.appendSoon(utf8("last")).toCompletableFuture().join();
        }
        try (ContentLog log = open()) {
            assertThat(replay(log))
                    .hasSize(16)
                    .startsWith("settled 0", "settled, too 0", "entry 0")
                    .endsWith("last");
        }
    }

    @Test
    void whoIsPatientIsNotForgottenWhenTheStoreStops() throws Exception {
        try (ContentLog log = open()) {
            log.appendSoon(utf8("soon"));
        }
        try (ContentLog log = open()) {
            assertThat(replay(log)).containsExactly("soon");
        }
    }

    @Test
    void damageInTheMiddleIsPassedAndAllElseIsRead() throws Exception {
        ContentRef bad;
        ContentRef good;
        try (ContentLog log = open()) {
            mail(log, "one", "first content");
            bad = mail(log, "two", "second content");
            good = mail(log, "three", "third content");
        }
        int at = (int) Long.parseLong(bad.value().substring(bad.value().indexOf('-') + 1), 36);
        disk.damage(FIRST, at + 20); // its length
        try (ContentLog log = open()) {
            assertThat(replay(log)).containsExactly("one", "three");
            assertThat(read(log, good)).isEqualTo("third content");
            assertThatThrownBy(() -> log.open(bad))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DAMAGED));
            assertThat(read(log, commit(log, "new"))).isEqualTo("new");
        }
    }

    @Test
    void aDamagedContentIsNeverServedAndItsEntryIsKept() throws Exception {
        ContentRef bad;
        try (ContentLog log = open()) {
            bad = mail(log, "two", "second content");
            mail(log, "three", "third content");
        }
        int at = (int) Long.parseLong(bad.value().substring(bad.value().indexOf('-') + 1), 36);
        disk.damage(FIRST, at + RecordHeader.SIZE + 3 + 5);
        try (ContentLog log = open()) {
            assertThat(replay(log)).containsExactly("two", "three");
            assertThatThrownBy(() -> log.open(bad)).hasMessageContaining(FIRST).hasMessageContaining("at " + at);
        }
    }

    /** A mail that contains a whole record must not bring that record into the journal when the log is searched for the next one. */
    @Test
    void aRecordInsideAMailIsNoRecord() throws Exception {
        RecordHeader forged = new RecordHeader(0, RecordHeader.ENTRY, 4, 0, 0);
        try (ContentLog log = open()) {
            StringBuilder mail = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                mail.append(StandardCharsets.ISO_8859_1.decode(forged.encode(i, utf8("evil"))))
                        .append("evil");
            }
            mail(log, "one", mail.toString());
            mail(log, "two", "");
        }
        disk.damage(FIRST, Segment.HEADER + 3);
        try (ContentLog log = open()) {
            assertThat(replay(log)).containsExactly("two");
        }
    }

    @Test
    void anyDamagedOctetHurtsAtMostItsOwnRecord() throws Exception {
        List<ContentRef> refs = new ArrayList<>();
        try (ContentLog log = open()) {
            for (int i = 0; i < 5; i++) {
                refs.add(mail(log, "entry " + i, "content " + i));
            }
        }
        byte[] whole = disk.octets(FIRST);
        for (int at = 0; at < whole.length; at++) {
            FaultyDisk copy = disk.afterPowerCut(FaultyDisk.Unforced.KEPT, 0);
            copy.damage(FIRST, at);
            try (ContentLog log = ContentLog.open(copy, LIMITS)) {
                int lost = 5 - replay(log).size();
                assertThat(lost).as("octet " + at).isLessThanOrEqualTo(1);
                int readable = 0;
                for (int i = 0; i < 5; i++) {
                    try {
                        assertThat(read(log, refs.get(i))).isEqualTo("content " + i);
                        readable++;
                    } catch (StoreException e) {
                        assertThat(e.kind()).isIn(StoreException.Kind.DAMAGED, StoreException.Kind.NOT_FOUND);
                    }
                }
                assertThat(readable).as("octet " + at).isGreaterThanOrEqualTo(4);
            }
        }
    }

    @Test
    void noiseInPlaceOfALogStartsAllTheSame() throws Exception {
        Random random = new Random(3);
        for (int round = 0; round < 30; round++) {
            FaultyDisk noisy = new FaultyDisk();
            byte[] noise = new byte[random.nextInt(3000)];
            random.nextBytes(noise);
            noisy.create(FIRST).write(0, ByteBuffer.wrap(noise));
            noisy.create("checkpoint").write(0, ByteBuffer.wrap(noise, 0, Math.min(20, noise.length)));
            try (ContentLog log = ContentLog.open(noisy, LIMITS)) {
                assertThat(replay(log)).isEmpty();
                assertThat(read(log, commit(log, "new"))).isEqualTo("new");
            }
        }
    }

    @Test
    void noSpaceIsSaidAsSuchAndServiceResumes() throws Exception {
        try (ContentLog log = open()) {
            commit(log, "before");
            disk.failFrom(disk.steps() + 1, 2, "No space left on device");
            CompletionStage<ContentRef> refused = log.commit(written(log, "refused"));
            assertThatThrownBy(() -> refused.toCompletableFuture().join())
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NO_SPACE));
            assertThat(read(log, commit(log, "after"))).isEqualTo("after");
        }
    }

    @Test
    void noContentIsBegunWhenLittleSpaceIsFree() throws Exception {
        try (ContentLog log = ContentLog.open(disk, ContentLog.Limits.DEFAULT)) {
            disk.free = 1000;
            assertThatThrownBy(log::create).isInstanceOf(StoreException.class).hasMessageContaining("min.free.space");
        }
    }

    @Test
    void whatWasNeverCommittedLeavesNoFile() throws Exception {
        try (ContentLog log = open()) {
            written(log, "x".repeat(10_000)).close();
            assertThat(disk.list("large")).isEmpty();
            written(log, "x".repeat(10_000));
            assertThat(disk.list("large")).hasSize(1);
        }
        try (ContentLog log = open()) {
            assertThat(disk.list("large")).isEmpty();
            ContentRef ref = commit(log, "x".repeat(10_000));
            assertThat(read(log, ref)).hasSize(10_000);
        }
    }

    @Test
    void aLargeFileThatIsGoneOrShortIsDamage() throws Exception {
        try (ContentLog log = open()) {
            ContentRef ref = commit(log, "x".repeat(10_000));
            disk.delete("large/" + disk.list("large").get(0));
            assertThatThrownBy(() -> log.open(ref))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DAMAGED));
        }
    }

    @Test
    void aSecondProcessIsKeptOutWithAClearMessage(@TempDir Path folder) throws Exception {
        ContentLog first = ContentLog.open(new NioDisk(folder), LIMITS);
        assertThatThrownBy(() -> ContentLog.open(new NioDisk(folder), LIMITS))
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("in use by another process");
        first.close();
        ContentLog.open(new NioDisk(folder), LIMITS).close();
    }

    @Test
    void aStoppedStoreSaysSo() throws Exception {
        ContentLog log = open();
        ContentWriter late = written(log, "late");
        log.close();
        assertThatThrownBy(log::create).isInstanceOf(StoreException.class);
        assertThat(log.commit(late).toCompletableFuture()).isCompletedExceptionally();
        assertThat(log.append(utf8("x")).toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void aCommitMayWaitForAnotherInItsCompletion() throws Exception {
        try (ContentLog log = open()) {
            ContentRef second = log.commit(written(log, "one"))
                    .thenApply(ref -> commit(log, "two"))
                    .toCompletableFuture()
                    .join();
            assertThat(read(log, second)).isEqualTo("two");
        }
    }

    @Test
    void aStartReadsOnlyFromTheLastCheckpointOn() throws Exception {
        try (ContentLog log = open()) {
            for (int i = 0; i < 800; i++) {
                mail(log, "entry " + i, "x".repeat(1000));
            }
            log.checkpoint(List.of(utf8("queued"))).toCompletableFuture().join();
            mail(log, "after", "y");
        }
        assertThat(disk.size(FIRST)).isGreaterThan(800_000);
        disk.read = 0;
        try (ContentLog log = open()) {
            assertThat(replay(log)).containsExactly("queued", "after");
        }
        assertThat(disk.read).isLessThan(2000);
    }

    @Test
    void aCheckFindsTheDamagedOctetOfALargeFile() throws Exception {
        try (ContentLog log = open()) {
            ContentRef ref = commit(log, "x".repeat(100_000));
            String large = "large/" + disk.list("large").get(0);
            for (int damaged = 0; damaged < 2; damaged++) {
                List<ContentSurvey.Finding> findings = new ArrayList<>();
                try (ContentSurvey survey = log.survey(new ContentSurvey.Options(Duration.ZERO, 0, Optional.empty()))) {
                    survey.reference(ref, 100_000);
                    survey.verify(findings::add, octets -> {});
                }
                assertThat(findings).hasSize(damaged);
                disk.damage(large, 77_777);
            }
        }
    }
}
