package org.mailrack.content.log.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.store.StoreException;

/** Promise 1: accepted is kept. The disk stops or fails at each of its steps in turn, and nothing that was accepted is lost. */
class PowerCutTest {

    private static final ContentLog.Limits SMALL = new ContentLog.Limits(3000, 1000, 4, 100, 0, 1 << 20, 1000);

    /** What the caller knows: what was accepted, and what was refused. */
    private static final class Known {
        final Map<ContentRef, String> contents = new HashMap<>();
        List<String> journal = new ArrayList<>();
        /** The journal if the operation in doubt took effect. */
        List<String> journalOrElse;

        int failed;
        /** The power is gone: what fails first is the last thing that happens. */
        boolean endsWithFailure;

        boolean over() {
            return endsWithFailure && failed > 0;
        }
    }

    @ParameterizedTest
    @EnumSource(FaultyDisk.Unforced.class)
    void whatWasAcceptedSurvivesAPowerCutAtEveryStepAndAtEveryStepOfTheStartAfterIt(FaultyDisk.Unforced mode)
            throws Exception {
        int all = run(new FaultyDisk()).steps();
        assertThat(all).isGreaterThan(60);
        Set<FaultyDisk.Step> cut = EnumSet.noneOf(FaultyDisk.Step.class);
        for (int step = 1; step <= all; step++) {
            Known known = new Known();
            FaultyDisk disk = cutAt(step, known);
            cut.add(disk.lastStep());
            int seeds = mode == FaultyDisk.Unforced.TORN ? 3 : 1;
            for (int seed = 0; seed < seeds; seed++) {
                FaultyDisk after = disk.afterPowerCut(mode, seed);
                String when = "cut at step " + step + ", seed " + seed;
                check(after, known, when);
                // A start that repaired something leaves a log that starts again.
                check(after.afterPowerCut(mode, seed), known, "second start, " + when);
                for (int again = after.steps(); again > 0; again--) {
                    FaultyDisk start = disk.afterPowerCut(mode, seed);
                    start.cutPowerAt(again);
                    assertThatThrownBy(() -> ContentLog.open(start, SMALL)).isInstanceOf(IOException.class);
                    cut.add(start.lastStep());
                    check(start.afterPowerCut(mode, seed), known, "start cut at step " + again + " after " + when);
                }
            }
        }
        if (mode == FaultyDisk.Unforced.TORN) {
            assertThat(cut).containsExactly(FaultyDisk.Step.values());
        }
    }

    /** A process that is killed leaves more than is forced: whatever the next one relies on, it must force first. */
    @ParameterizedTest
    @EnumSource(FaultyDisk.Unforced.class)
    void whatIsFoundAfterAKillSurvivesAPowerCutToo(FaultyDisk.Unforced mode) throws Exception {
        int all = run(new FaultyDisk()).steps();
        for (int step = 1; step <= all; step++) {
            Known known = new Known();
            FaultyDisk disk = cutAt(step, known).afterKill();
            ContentLog log = ContentLog.open(disk, SMALL);
            known.journal = verify(log, known, "killed at step " + step);
            known.journalOrElse = null;
            check(disk.afterPowerCut(mode, step), known, "cut after the start that followed a kill at step " + step);
            known.endsWithFailure = false;
            mail(log, known, "more", "more and more");
            assertThat(known.journal).last().isEqualTo("more+");
            log.kill();
            check(disk.afterPowerCut(mode, step), known, "cut after more mail after a kill at step " + step);
        }
    }

    private static FaultyDisk cutAt(int step, Known known) throws Exception {
        FaultyDisk disk = new FaultyDisk();
        disk.cutPowerAt(step);
        known.endsWithFailure = true;
        use(disk, known);
        return disk;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void whatWasRefusedNeverComesBackAndServiceResumes(int failures) throws Exception {
        int all = run(new FaultyDisk()).steps();
        int refused = 0;
        for (int step = 3; step <= all; step++) {
            FaultyDisk disk = new FaultyDisk();
            Known known = new Known();
            try (ContentLog log = ContentLog.open(disk, SMALL)) {
                disk.failFrom(step, failures, "No space left on device");
                workload(log, known);
                for (int tries = 0; tries < 20; tries++) {
                    int before = known.failed;
                    entry(log, known, "after all " + tries);
                    if (known.failed == before) {
                        break;
                    }
                }
                assertThat(known.journal).last().asString().startsWith("after all");
                verify(log, known, "failure at step " + step);
            }
            refused += known.failed;
            for (FaultyDisk.Unforced mode : FaultyDisk.Unforced.values()) {
                known.journalOrElse = null;
                check(disk.afterPowerCut(mode, step), known, "restart after failure at step " + step + ' ' + mode);
            }
        }
        assertThat(refused).isGreaterThan(10);
    }

    private static FaultyDisk run(FaultyDisk disk) throws Exception {
        use(disk, new Known());
        return disk;
    }

    private static void use(FaultyDisk disk, Known known) throws Exception {
        ContentLog log;
        try {
            log = ContentLog.open(disk, SMALL);
        } catch (IOException e) {
            return; // the power was cut at the start
        }
        workload(log, known);
        log.kill();
    }

    private static void workload(ContentLog log, Known known) {
        for (int round = 0; round < 3; round++) {
            for (int size : new int[] {10, 700, 1500}) {
                mail(log, known, "mail " + round + '/' + size, (round + "x").repeat(size / 2));
                content(log, known, ("c" + round).repeat(size / 2));
                entry(log, known, "settled " + round + '/' + size);
            }
            if (known.over()) {
                return;
            }
            List<String> state = List.of("state " + round, "more state", "");
            known.journalOrElse = state;
            if (succeeds(
                    known, log.checkpoint(state.stream().map(PowerCutTest::utf8).toList()))) {
                known.journal = new ArrayList<>(state);
            }
        }
    }

    private static void mail(ContentLog log, Known known, String entry, String text) {
        ContentWriter writer = written(log, known, text);
        if (writer != null) {
            known.journalOrElse = plus(known.journal, entry + '+');
            if (kept(known, text, log.append(utf8(entry), writer))) {
                known.journal.add(entry + '+');
            }
        }
    }

    private static void content(ContentLog log, Known known, String text) {
        ContentWriter writer = written(log, known, text);
        if (writer != null) {
            kept(known, text, log.commit(writer));
        }
    }

    /** A writer with the text, or null when even that failed. */
    private static ContentWriter written(ContentLog log, Known known, String text) {
        if (known.over()) {
            return null;
        }
        ContentWriter writer = log.create();
        try {
            writer.write(utf8("old head"));
            writer.write(utf8(text));
            writer.replaceHead(8, utf8("new: head "));
            return writer;
        } catch (StoreException e) {
            writer.close();
            known.failed++;
            return null;
        }
    }

    private static boolean kept(Known known, String text, CompletionStage<ContentRef> stage) {
        boolean kept = succeeds(known, stage);
        if (kept) {
            known.contents.put(stage.toCompletableFuture().join(), "new: head " + text);
        }
        return kept;
    }

    private static void entry(ContentLog log, Known known, String entry) {
        if (known.over()) {
            return;
        }
        known.journalOrElse = plus(known.journal, entry);
        boolean patient = entry.hashCode() % 2 == 0;
        if (succeeds(known, patient ? log.appendSoon(utf8(entry)) : log.append(utf8(entry)))) {
            known.journal.add(entry);
        }
    }

    private static boolean succeeds(Known known, CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
            known.journalOrElse = null;
            return true;
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(StoreException.class);
            known.failed++;
            return false;
        }
    }

    private static List<String> plus(List<String> list, String more) {
        List<String> longer = new ArrayList<>(list);
        longer.add(more);
        return longer;
    }

    private static void check(FaultyDisk disk, Known known, String when) throws Exception {
        try (ContentLog log = ContentLog.open(disk, SMALL)) {
            verify(log, known, when);
        }
    }

    /** Returns the journal that was found. */
    private static List<String> verify(ContentLog log, Known known, String when) throws IOException {
        List<String> replayed = new ArrayList<>();
        log.replay((entry, content) ->
                replayed.add(StandardCharsets.UTF_8.decode(entry) + (content.isPresent() ? "+" : "")));
        if (known.journalOrElse == null) {
            assertThat(replayed).as(when).isEqualTo(known.journal);
        } else {
            assertThat(replayed).as(when).isIn(known.journal, known.journalOrElse);
        }
        for (Map.Entry<ContentRef, String> content : known.contents.entrySet()) {
            try (InputStream in = log.open(content.getKey()).open()) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .as(when)
                        .isEqualTo(content.getValue());
            }
        }
        return replayed;
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
