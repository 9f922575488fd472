package org.mailrack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.ContentSurvey;
import org.mailrack.api.store.ContentSurvey.Finding;
import org.mailrack.api.store.ContentSurvey.Options;
import org.mailrack.api.store.ContentSurvey.Usage;

/** The part of {@link ContentStoreContract} that is about surveys and holds. */
abstract class ContentSurveyContract {

    private static final Options OLD_ENOUGH = new Options(Duration.ZERO, 0, Optional.empty());

    /** The store under test, the same one during a test. */
    protected abstract ContentStore store();

    /** Stops the store without farewell, as a crash does, and opens what is on disk; a store in memory stays as it is. */
    protected void restart() throws Exception {}

    /** Octets that are more than the store holds in memory for one writer. */
    protected int largeSize() {
        return 600 * 1024;
    }

    @Test
    void whatIsNeededSurvivesAReclaiming() throws Exception {
        Map<ContentRef, byte[]> needed = new HashMap<>();
        for (int i = 0; i < 50; i++) {
            byte[] octets = random(i % 10 == 9 ? largeSize() + i : 1000 + i);
            ContentRef ref = commit(octets);
            if (i % 3 == 0) {
                needed.put(ref, octets);
            }
        }
        try (ContentSurvey survey = store().survey(OLD_ENOUGH)) {
            needed.forEach((ref, octets) -> survey.reference(ref, octets.length));
            survey.reclaim(100);
        }
        for (int round = 0; round < 2; round++) {
            for (Map.Entry<ContentRef, byte[]> content : needed.entrySet()) {
                assertThat(read(store().open(content.getKey()))).isEqualTo(content.getValue());
            }
            restart();
        }
        assertThat(commit(random(10))).as("no reference is given twice").isNotIn(needed.keySet());
    }

    @Test
    void whatComesAfterTheBeginIsNotTaken() throws Exception {
        try (ContentSurvey survey = store().survey(OLD_ENOUGH)) {
            ContentRef late = commit(random(100));
            ContentRef large = commit(random(largeSize()));
            survey.verify(finding -> assertThat(finding.content().orElseThrow()).isNotIn(late, large), octets -> {});
            survey.reclaim(100);
            assertThat(store().open(late).length()).isEqualTo(100);
            assertThat(store().open(large).length()).isEqualTo(largeSize());
        }
    }

    @Test
    void whatIsYoungIsNotTaken() throws Exception {
        ContentRef young = commit(random(100));
        ContentRef large = commit(random(largeSize()));
        try (ContentSurvey survey = store().survey(new Options(Duration.ofHours(1), 0, Optional.empty()))) {
            assertThat(findings(survey)).extracting(Finding::kind).doesNotContain(Finding.Kind.ORPHAN);
            survey.reclaim(100);
        }
        restart();
        assertThat(store().open(young).length()).isEqualTo(100);
        assertThat(store().open(large).length()).isEqualTo(largeSize());
    }

    @Test
    void nothingGoesWhileSomebodyHolds() throws Exception {
        ContentRef small = commit(random(100));
        ContentRef large = commit(random(largeSize()));
        Registration hold = store().hold();
        Registration another = store().hold();
        another.close();
        another.close();
        try (ContentSurvey survey = store().survey(OLD_ENOUGH)) {
            assertThat(survey.reclaim(100).octets()).isZero();
        }
        assertThat(store().open(small).length()).isEqualTo(100);
        assertThat(store().open(large).length()).isEqualTo(largeSize());
        assertThat(store().open(commit(random(10))).length())
                .as("contents may come")
                .isEqualTo(10);
        hold.close();
    }

    @Test
    void aCheckTellsWhatIsMissingOrHasAnotherSize() throws Exception {
        ContentRef good = commit(random(100));
        ContentRef large = commit(random(largeSize()));
        ContentRef wrong = commit(random(200));
        ContentRef unknown = new ContentRef("no-such");
        try (ContentSurvey survey = store().survey(OLD_ENOUGH)) {
            survey.reference(unknown, 7);
            survey.reference(good, 100);
            survey.reference(wrong, 201);
            survey.reference(large, largeSize());
            survey.reference(good, 100);
            survey.reference(wrong, 200);
            assertThat(findings(survey))
                    .filteredOn(f -> f.kind() != Finding.Kind.ORPHAN)
                    .extracting(Finding::kind, f -> f.content().orElseThrow())
                    .containsExactlyInAnyOrder(
                            Tuple.tuple(Finding.Kind.MISSING, unknown), Tuple.tuple(Finding.Kind.SIZE, wrong));
        }
    }

    @Test
    void usageTellsWhatIsNeeded() throws Exception {
        ContentRef needed = commit(random(5000));
        commit(random(20_000));
        try (ContentSurvey survey = store().survey(OLD_ENOUGH)) {
            survey.reference(needed, 5000);
            survey.reference(needed, 5000);
            List<Usage> usage = survey.usage();
            assertThat(usage).allMatch(part -> part.needed() <= part.octets());
            assertThat(usage.stream().mapToLong(Usage::octets).sum()).isGreaterThanOrEqualTo(25_000);
            assertThat(usage.stream().mapToLong(Usage::needed).sum()).isBetween(5000L, 6000L);
        }
    }

    @Test
    void referencesMayComeFromManyThreads() throws Exception {
        List<ContentRef> refs = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            refs.add(commit(random(100 + i)));
        }
        try (ContentSurvey survey = store().survey(OLD_ENOUGH)) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int first = t;
                threads.add(new Thread(() -> {
                    for (int i = first; i < refs.size(); i += 4) {
                        survey.reference(refs.get(i), 100 + i);
                    }
                }));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(findings(survey)).isEmpty();
        }
    }

    @Test
    void aSurveyBeginsOnlyWhereAnotherOneEnded() {
        assertThatThrownBy(() -> store().survey(new Options(Duration.ZERO, 0, Optional.of("nowhere"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theOwnerIsRemembered() throws Exception {
        store().claim("0d3f-1");
        restart();
        assertThat(store().owner()).contains("0d3f-1");
        store().claim("another");
        restart();
        assertThat(store().owner()).contains("another");
    }

    /** All findings of a survey; its progress ends with some octets. */
    static List<Finding> findings(ContentSurvey survey) {
        List<Finding> findings = new ArrayList<>();
        long[] last = {0};
        survey.verify(findings::add, octets -> {
            assertThat(octets).isGreaterThanOrEqualTo(last[0]);
            last[0] = octets;
        });
        assertThat(last[0]).isPositive();
        return findings;
    }

    /** Commits octets and waits for it. */
    protected final ContentRef commit(byte[] octets) {
        return get(store().commit(writer(octets)));
    }

    ContentWriter writer(byte[] octets) {
        ContentWriter writer = store().create();
        for (int at = 0; at < octets.length; at += 8192) {
            writer.write(ByteBuffer.wrap(octets, at, Math.min(8192, octets.length - at)));
        }
        return writer;
    }

    static byte[] read(Content content) throws IOException {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        }
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] random(int size) {
        byte[] octets = new byte[size];
        new Random(size).nextBytes(octets);
        return octets;
    }
}
