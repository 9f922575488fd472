package org.mailrack.content.log.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.store.BackupPart;

/** A copy has the journal of the moment when it was begun, and the contents of the moment when it was written. */
class LogCopyTest {

    /** Small, so that a few messages take several segments and large files. */
    private static final ContentLog.Limits LIMITS = new ContentLog.Limits(4096, 1024, 4, 1000, 0, 1 << 20, 1000);

    @TempDir
    Path folder;

    private ContentLog log;

    @BeforeEach
    void open() throws Exception {
        log = open(folder.resolve("source"));
    }

    @AfterEach
    void close() throws Exception {
        log.close();
    }

    private static ContentLog open(Path at) throws Exception {
        return ContentLog.open(new NioDisk(at), LIMITS);
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ContentRef mail(ContentLog to, String entry, String text) {
        ContentWriter writer = to.create();
        writer.write(utf8(text));
        return to.append(utf8(entry), writer).toCompletableFuture().join();
    }

    private static void entry(ContentLog to, String entry) {
        to.append(utf8(entry)).toCompletableFuture().join();
    }

    private static void checkpoint(ContentLog to, String... entries) {
        to.checkpoint(Stream.of(entries).map(LogCopyTest::utf8).toList())
                .toCompletableFuture()
                .join();
    }

    private static String read(ContentLog from, ContentRef ref) throws Exception {
        return new String(from.open(ref).open().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static List<String> replay(ContentLog from) {
        List<String> entries = new ArrayList<>();
        from.replay((entry, content) ->
                entries.add(StandardCharsets.UTF_8.decode(entry).toString()));
        return entries;
    }

    private Path written(BackupPart.Copy copy, String name) throws Exception {
        Path data = folder.resolve(name);
        copy.write(data);
        copy.close();
        return data.resolve("content");
    }

    @Test
    void theJournalIsThatOfTheBeginAndTheContentsThoseOfTheEnd() throws Exception {
        ContentRef before = mail(log, "accepted 1", "one");
        BackupPart.Copy copy = log.copy();
        entry(log, "gone 1");
        ContentRef during = mail(log, "accepted 2", "two");
        ContentRef large = mail(log, "accepted 3", "x".repeat(5000));
        Path at = written(copy, "copy");
        mail(log, "accepted 4", "four");
        ContentLog restored = open(at);
        assertThat(replay(restored)).containsExactly("accepted 1");
        assertThat(read(restored, before)).isEqualTo("one");
        assertThat(read(restored, during)).isEqualTo("two");
        assertThat(read(restored, large)).isEqualTo("x".repeat(5000));
        restored.close();
    }

    @Test
    void aRestoredLogGoesOnAndKeepsWhatItGetsOverStartsAndCrashes() throws Exception {
        mail(log, "accepted 1", "one");
        BackupPart.Copy copy = log.copy();
        entry(log, "gone 1");
        Path at = written(copy, "copy");
        ContentLog restored = open(at);
        ContentRef later = mail(restored, "accepted 5", "five");
        restored.close();
        restored = open(at);
        entry(restored, "changed 5");
        assertThat(replay(restored)).containsExactly("accepted 1", "accepted 5", "changed 5");
        restored.kill();
        restored.close();
        restored = open(at);
        assertThat(replay(restored)).containsExactly("accepted 1", "accepted 5", "changed 5");
        assertThat(read(restored, later)).isEqualTo("five");
        checkpoint(restored, "all");
        assertThat(at.resolve(Gaps.NAME)).as("not needed any more").doesNotExist();
        restored.close();
        restored = open(at);
        assertThat(replay(restored)).containsExactly("all");
        restored.close();
    }

    @Test
    void aCheckpointAmidTheCopyIsNoPartOfIt() throws Exception {
        checkpoint(log, "old 1", "old 2");
        entry(log, "changed 1");
        BackupPart.Copy copy = log.copy();
        entry(log, "gone 1");
        checkpoint(log, "old 2");
        entry(log, "gone 2");
        Path at = written(copy, "copy");
        ContentLog restored = open(at);
        assertThat(replay(restored)).containsExactly("old 1", "old 2", "changed 1");
        restored.close();
        // Without the mark of the checkpoint the whole log is searched for it.
        Files.delete(at.resolve("checkpoint"));
        restored = open(at);
        assertThat(replay(restored)).containsExactly("old 1", "old 2", "changed 1");
        restored.close();
    }

    @Test
    void aCopyOfACopyLeavesBothStretchesOut() throws Exception {
        entry(log, "a");
        BackupPart.Copy first = log.copy();
        entry(log, "not in the first");
        ContentLog restored = open(written(first, "first"));
        entry(restored, "b");
        BackupPart.Copy second = restored.copy();
        entry(restored, "not in the second");
        ContentLog again = open(written(second, "second"));
        entry(again, "c");
        assertThat(replay(again)).containsExactly("a", "b", "c");
        assertThat(replay(restored)).containsExactly("a", "b", "not in the second");
        restored.close();
        again.close();
    }

    @Test
    void anEmptyLogIsCopied() throws Exception {
        BackupPart.Copy copy = log.copy();
        mail(log, "accepted 1", "one");
        ContentLog restored = open(written(copy, "copy"));
        assertThat(replay(restored)).isEmpty();
        restored.close();
        ContentLog empty = open(folder.resolve("empty"));
        Path at = written(empty.copy(), "copy of nothing");
        empty.close();
        restored = open(at);
        entry(restored, "x");
        assertThat(replay(restored)).containsExactly("x");
        restored.close();
    }

    /** A log that is read with what came after the begin would take delivered mail for never accepted. */
    @Test
    void damagedGapsAreNotGuessed() throws Exception {
        entry(log, "a");
        BackupPart.Copy copy = log.copy();
        entry(log, "b");
        Path gaps = written(copy, "copy").resolve(Gaps.NAME);
        byte[] whole = Files.readAllBytes(gaps);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x10;
            Files.write(gaps, damaged);
            assertThatThrownBy(() -> open(gaps.getParent()))
                    .hasMessageContaining("is damaged; restore the backup again");
        }
        for (int length = 0; length < whole.length; length++) {
            Files.write(gaps, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> open(gaps.getParent()))
                    .hasMessageContaining("is damaged; restore the backup again");
        }
        Files.write(gaps, whole);
        ContentLog restored = open(gaps.getParent());
        assertThat(replay(restored)).containsExactly("a");
        restored.close();
    }

    @Test
    void whatIsAppendedAfterALostEndOfTheCopyIsNotTakenForPartOfTheGap() throws Exception {
        entry(log, "a");
        BackupPart.Copy copy = log.copy();
        entry(log, "b");
        entry(log, "c");
        Path at = written(copy, "copy");
        Path segment = at.resolve(Segment.name(1));
        byte[] octets = Files.readAllBytes(segment);
        Files.write(segment, java.util.Arrays.copyOf(octets, octets.length - 3));
        ContentLog restored = open(at);
        entry(restored, "d");
        restored.close();
        restored = open(at);
        assertThat(replay(restored)).containsExactly("a", "d");
        restored.close();
    }

    @Test
    void copiesThatAreTakenWhileThreadsAppendHaveAPrefixOfEachThreadsEntries() throws Exception {
        int threads = 4;
        Map<Integer, Integer> told = new LinkedHashMap<>();
        List<Thread> running = new ArrayList<>();
        boolean[] stop = {false};
        for (int t = 0; t < threads; t++) {
            int id = t;
            Random random = new Random(t);
            Thread thread = new Thread(() -> {
                for (int n = 0; ; n++) {
                    synchronized (stop) {
                        if (stop[0]) {
                            return;
                        }
                    }
                    mail(log, id + ":" + n, "y".repeat(random.nextInt(3000)));
                    synchronized (told) {
                        told.put(id, n);
                    }
                }
            });
            thread.start();
            running.add(thread);
        }
        for (int round = 0; round < 10; round++) {
            int wanted = round * 5;
            while (progress(told, threads) < wanted) {
                Thread.onSpinWait();
            }
            Map<Integer, Integer> before;
            synchronized (told) {
                before = Map.copyOf(told);
            }
            BackupPart.Copy copy = log.copy();
            while (progress(told, threads) < wanted + 3) {
                Thread.onSpinWait();
            }
            ContentLog restored = open(written(copy, "round" + round));
            int[] next = new int[threads];
            restored.replay((entry, content) -> {
                String[] words = StandardCharsets.UTF_8.decode(entry).toString().split(":");
                int id = Integer.parseInt(words[0]);
                assertThat(Integer.parseInt(words[1])).isEqualTo(next[id]++);
                assertThat(restored.open(content.orElseThrow()).length()).isLessThan(3000);
            });
            before.forEach((id, n) -> assertThat(next[id]).isGreaterThan(n));
            restored.close();
        }
        synchronized (stop) {
            stop[0] = true;
        }
        for (Thread thread : running) {
            thread.join();
        }
    }

    private static int progress(Map<Integer, Integer> told, int threads) {
        synchronized (told) {
            return told.size() < threads
                    ? -1
                    : told.values().stream().mapToInt(n -> n).min().orElseThrow();
        }
    }
}
