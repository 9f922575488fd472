package org.mailrack.filtering.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.mailrack.api.card.Card;
import org.mailrack.api.filter.FilterChain;
import org.mailrack.api.filter.HeaderEdit;
import org.mailrack.api.filter.IncomingMail;
import org.mailrack.api.filter.MessageFilter;
import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.Content;
import org.mailrack.testkit.HostileFilters;

/** A bad card hurts only itself (promise 5): each kind between two good ones. */
@Timeout(60)
class HostileFiltersTest {

    private static final int BUDGET = 4;

    private final CountDownLatch end = new CountDownLatch(1);
    private ChainFixture rack = new ChainFixture(ChainFixture.settings(ChainFixture.limits(BUDGET)));

    @AfterEach
    void stop() {
        end.countDown();
        rack.close();
    }

    /** Each fails in every call, for which reason the log gives. */
    static Stream<Arguments> failing() {
        List<Arguments> all = new ArrayList<>(List.of(
                failing(
                        "exception",
                        "threw java.lang.IllegalStateException: no",
                        end -> HostileFilters.throwing(new IllegalStateException("no"))),
                failing(
                        "checked exception",
                        "threw java.io.IOException: no",
                        end -> HostileFilters.throwing(new IOException("no"))),
                failing(
                        "no class",
                        "threw java.lang.NoClassDefFoundError: x",
                        end -> HostileFilters.throwing(new NoClassDefFoundError("x"))),
                failing(
                        "linkage",
                        "threw java.lang.LinkageError: x",
                        end -> HostileFilters.throwing(new LinkageError("x"))),
                failing(
                        "thread death",
                        "threw java.lang.ThreadDeath",
                        end -> HostileFilters.throwing(new ThreadDeath())),
                failing("stack overflow", "threw java.lang.StackOverflowError", end -> HostileFilters.recursing()),
                failing("out of memory", "left no memory", end -> HostileFilters.throwing(new OutOfMemoryError())),
                failing(
                        "interrupted",
                        "threw java.lang.InterruptedException",
                        end -> HostileFilters.throwing(new InterruptedException())),
                failing("exception that throws", "threw ", end -> HostileFilters.throwingWhatThrows()),
                failing("exception that hangs", "", HostileFilters::throwingWhatHangs),
                failing("silent", "gave no verdict", end -> HostileFilters.silent()),
                failing("loops", "", HostileFilters::looping),
                failing("sleeps", "over its time limit", HostileFilters::sleeping),
                failing("sleeps deeply", "", HostileFilters::sleepingDeeply),
                failing(
                        "leaves streams",
                        "threw java.io.IOException: more than 16",
                        end -> HostileFilters.leavingStreams())));
        int number = 0;
        for (Verdict verdict : HostileFilters.wrongVerdicts()) {
            all.add(failing("wrong verdict " + number++, "", end -> mail -> verdict));
        }
        return all.stream();
    }

    private static Arguments failing(String name, String reason, Function<CountDownLatch, MessageFilter> filter) {
        return Arguments.of(name, reason, filter);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failing")
    void theMailAndTheOtherFiltersAreUnharmedAndItIsOutWhenItsBudgetIsSpent(
            String name, String reason, Function<CountDownLatch, MessageFilter> made) {
        addGood("first", 10);
        addGood("last", -10);
        MessageFilter hostile = made.apply(end);
        AtomicBoolean cured = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        rack.add("bad", 0, mail -> {
            calls.incrementAndGet();
            return cured.get() ? Verdict.ACCEPT : hostile.message(mail);
        });
        int mails = 0;
        for (; rack.card("bad").state() == Card.State.IN; mails++) {
            assertThat(mails).as("mails until it is out").isLessThan(BUDGET + 1);
            assertUnharmed(rack.message());
        }
        assertThat(rack.card("bad").reason()).contains(reason);
        assertThat(rack.card("bad").failures()).isEqualTo(mails);
        int called = calls.get();
        assertUnharmed(rack.message());
        assertThat(calls).as("calls while it is out").hasValue(called);
        assertThat(threadsOf(rack)).as("threads that it keeps").isLessThanOrEqualTo(ChainFixture.CALLS);

        cured.set(true);
        end.countDown();
        ChainFixture.await("its calls have ended", () -> rack.card("bad").hanging() == 0);
        rack.later(ChainFixture.TRIAL_AFTER);
        ChainFixture.await("back after its trial", () -> {
            assertUnharmed(rack.message());
            return rack.card("bad").state() == Card.State.IN;
        });
        assertThat(rack.card("bad").verdicts().get("accept")).isGreaterThanOrEqualTo(2L);
        assertThat(rack.card("first").failures()).isZero();
        assertThat(rack.card("last").failures()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failing")
    void requiredItDefersAndIsNotNamed(String name, String reason, Function<CountDownLatch, MessageFilter> made) {
        rack.close();
        rack = new ChainFixture(ChainFixture.settings(ChainFixture.limits(BUDGET), "bad"));
        addGood("first", 10);
        rack.add("bad", 0, made.apply(end));
        for (int i = 0; i < BUDGET + 2; i++) {
            FilterChain.Result result = rack.message();
            ChainFixture.assertDeferred(result.verdict(), "bad");
            assertThat(result.head().hasRemaining()).isFalse();
            assertThat(result.envelope()).isEqualTo(rack.envelope);
        }
        assertThat(rack.card("bad").state()).isEqualTo(Card.State.OUT);
    }

    private void addGood(String name, int ranking) {
        rack.add(name, ranking, mail -> Verdict.edit(new HeaderEdit.Add("X-Good-" + name, "yes")));
    }

    private static void assertUnharmed(FilterChain.Result result) {
        assertThat(result.verdict()).isEqualTo(Verdict.ACCEPT);
        assertThat(result.envelope().attributes()).hasSize(1);
        String head = StandardCharsets.UTF_8.decode(result.head()).toString();
        assertThat(head)
                .isEqualTo("X-Good-last: yes\r\nX-Good-first: yes\r\n"
                        + ChainFixture.MESSAGE.substring(0, ChainFixture.MESSAGE.indexOf("body")));
    }

    /** Calls of the card that never ended. */
    private static int threadsOf(ChainFixture rack) {
        return rack.card("bad").hanging();
    }

    @Test
    void aLoopingFilterCostsNoMoreThreadsThanItsCalls() throws Exception {
        rack.close();
        // It is never taken out.
        rack = new ChainFixture(ChainFixture.settings(ChainFixture.limits(10_000)));
        rack.add("bad", 0, HostileFilters.looping(end));
        List<Thread> clients = new ArrayList<>();
        AtomicInteger accepted = new AtomicInteger();
        for (int i = 0; i < 8; i++) {
            Thread client = new Thread(() -> {
                for (int j = 0; j < 20; j++) {
                    if (rack.message().verdict().equals(Verdict.ACCEPT)) {
                        accepted.incrementAndGet();
                    }
                }
            });
            clients.add(client);
            client.start();
        }
        for (Thread client : clients) {
            client.join();
        }
        assertThat(accepted).hasValue(160);
        assertThat(rack.card("bad").hanging()).isEqualTo(ChainFixture.CALLS);
        assertThat(rack.card("bad").calls()).isEqualTo(ChainFixture.CALLS);
        assertThat(rack.card("bad").failures()).isEqualTo(160);
    }

    @Test
    void whatAFilterDoesToTheMailAndItsThreadIsNotSeenByOthers() {
        List<String> seen = new ArrayList<>();
        MessageFilter witness = mail -> {
            Thread thread = Thread.currentThread();
            seen.add(new String(mail.content().open().readAllBytes(), StandardCharsets.UTF_8));
            seen.add(mail.headers() + " " + mail.envelope());
            seen.add(thread.getPriority() + " " + thread.isInterrupted() + " " + thread.getContextClassLoader());
            seen.add(thread.getName().replaceAll("\\d+", "N"));
            return Verdict.ACCEPT;
        };
        rack.add("first", 10, witness::message);
        rack.add("bad", 0, HostileFilters.meddling());
        rack.add("last", -10, witness::message);
        assertThat(rack.message().verdict()).isEqualTo(Verdict.ACCEPT);
        assertThat(seen).hasSize(8);
        assertThat(seen.subList(4, 8)).isEqualTo(seen.subList(0, 4));
        assertThat(seen.get(0)).isEqualTo(ChainFixture.MESSAGE);
        assertThat(rack.card("bad").verdicts()).containsEntry("accept", 1L);
    }

    @Test
    void inTheThreadOfTheClientItsInterruptAndNameAreLeftAsTheyWere() {
        rack.register(Kind.MESSAGE, "bad", 0, true, HostileFilters.meddling());
        assertThat(rack.chain.promptAtMessage()).isTrue();
        Thread thread = Thread.currentThread();
        String name = thread.getName();
        ClassLoader loader = thread.getContextClassLoader();
        rack.message();
        assertThat(Thread.interrupted()).isFalse();
        assertThat(thread.getName()).isEqualTo(name);
        assertThat(thread.getContextClassLoader()).isSameAs(loader);
        assertThat(thread.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
        thread.interrupt();
        rack.message();
        assertThat(Thread.interrupted()).as("the client's own interrupt").isTrue();
    }

    @Test
    void threadsThatItLeavesCannotReadTheMailAfterItsCall() {
        AtomicReference<IncomingMail> kept = new AtomicReference<>();
        AtomicReference<InputStream> stream = new AtomicReference<>();
        MessageFilter leaving = HostileFilters.leavingThreads(end);
        rack.add("bad", 0, mail -> {
            kept.set(mail);
            stream.set(mail.content().open());
            return leaving.message(mail);
        });
        for (int i = 0; i < 5; i++) {
            assertThat(rack.message().verdict()).isEqualTo(Verdict.ACCEPT);
        }
        assertThat(kept.get().headers()).hasSize(2);
        assertThat(failure(() -> kept.get().content().open())).isInstanceOf(IOException.class);
        assertThat(failure(() -> stream.get().read())).isInstanceOf(IOException.class);
        assertThat(rack.card("bad").failures()).isZero();
    }

    private interface Attempt {
        Object make() throws Exception;
    }

    private static Exception failure(Attempt attempt) {
        try {
            attempt.make();
            return null;
        } catch (Exception e) {
            return e;
        }
    }

    @Test
    void streamsThatItLeavesAreClosed() {
        AtomicInteger open = new AtomicInteger();
        Content content = new Content() {
            @Override
            public long length() {
                return ChainFixture.MESSAGE.length();
            }

            @Override
            public InputStream open(long offset, long count) {
                open.incrementAndGet();
                return new java.io.FilterInputStream(
                        Octets.of(ChainFixture.MESSAGE).open(offset, count)) {
                    @Override
                    public void close() throws IOException {
                        open.decrementAndGet();
                        super.close();
                    }
                };
            }
        };
        rack.add("bad", 0, HostileFilters.leavingStreams());
        rack.chain.message(new org.mailrack.api.mail.MailId("M1"), rack.client, rack.envelope, content);
        assertThat(open).hasValue(0);
    }

    @Test
    void oneThatComesAndGoesAllTheTimeIsTakenOutAndMailFlows() throws Exception {
        addGood("first", 10);
        addGood("last", -10);
        AtomicBoolean over = new AtomicBoolean();
        MessageFilter bad = mail -> Verdict.ACCEPT;
        Thread churn = new Thread(() -> {
            while (!over.get()) {
                rack.chain.board().add(Kind.MESSAGE, rack.source("bad", 0, false, TestSource.BUNDLE, bad));
                rack.remove(Kind.MESSAGE, bad);
            }
        });
        churn.start();
        for (int i = 0; i < 200; i++) {
            assertUnharmed(rack.message());
        }
        over.set(true);
        churn.join();
        rack.chain.board().add(Kind.MESSAGE, rack.source("bad", 0, false, TestSource.BUNDLE, bad));
        assertThat(rack.card("first").failures() + rack.card("last").failures()).isZero();
        ChainFixture.await("started", () -> rack.card("bad").state() != Card.State.MISSING);
        assertThat(rack.card("bad").state()).isIn(Card.State.OUT, Card.State.ON_TRIAL);
        assertThat(rack.card("bad").reason()).isEqualTo("it comes and goes");
        rack.later(ChainFixture.TRIAL_AFTER);
        ChainFixture.await("back after its trial", () -> {
            assertUnharmed(rack.message());
            return rack.card("bad").state() == Card.State.IN;
        });
    }

    @Test
    void newNamesDoNotGetAHangingBundleMoreThreads() {
        MessageFilter bad = HostileFilters.looping(end);
        for (int i = 0; i < 6; i++) {
            MessageFilter again = bad::message;
            rack.chain.board().add(Kind.MESSAGE, rack.source("bad" + i, 0, false, TestSource.BUNDLE, again));
            for (int j = 0; j < 3; j++) {
                String name = "bad" + i;
                ChainFixture.await("started or refused", () -> rack.chain.cards().stream()
                        .anyMatch(c -> c.name().equals(name) && !c.reason().equals("it is being started")));
                assertThat(rack.message().verdict()).isEqualTo(Verdict.ACCEPT);
            }
            rack.remove(Kind.MESSAGE, again);
        }
        assertThat(rack.chain.cards().stream().mapToInt(Card::hanging).sum()).isEqualTo(ChainFixture.CALLS);
    }

    @Test
    void oneThatHangsInItsStartHoldsUpNobody() {
        addGood("first", 10);
        addGood("last", -10);
        TestSource source = new TestSource("key", "bad", 0, 99, false, TestSource.BUNDLE, () -> {
            HostileFiltersTest.spin(end);
            return null;
        });
        rack.chain.board().add(Kind.MESSAGE, source);
        assertUnharmed(rack.message());
        assertThat(rack.card("bad").state()).isEqualTo(Card.State.MISSING);
        ChainFixture.await("found to hang", () -> rack.card("bad").hanging() == 1);
        assertThat(rack.card("bad").reason()).isEqualTo("it hangs in its start");
        rack.remove(Kind.MESSAGE, "key");
        assertUnharmed(rack.message());
    }

    private static void spin(CountDownLatch end) {
        while (end.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void oneThatHangsInItsStopHoldsUpNobody() {
        addGood("first", 10);
        addGood("last", -10);
        MessageFilter bad = mail -> Verdict.ACCEPT;
        CountDownLatch stopping = new CountDownLatch(1);
        rack.chain
                .board()
                .add(Kind.MESSAGE, new TestSource(bad, "bad", 0, 99, false, TestSource.BUNDLE, () -> bad, () -> {
                    stopping.countDown();
                    spin(end);
                }));
        rack.awaitAsked(Kind.MESSAGE, bad);
        rack.remove(Kind.MESSAGE, bad);
        ChainFixture.await("it is being stopped", () -> stopping.getCount() == 0);
        assertUnharmed(rack.message());
        assertThat(rack.card("bad").hanging()).isEqualTo(1);
        assertThat(rack.card("bad").reason()).contains("gone");
        rack.chain.stop();
    }

    @Test
    void oneThatHangsInItsStartIsMissingWhenItIsRequired() {
        rack.close();
        rack = ChainFixture.requiring("bad");
        rack.chain.board().add(Kind.MESSAGE, new TestSource("key", "bad", 0, 99, false, TestSource.BUNDLE, () -> {
            spin(end);
            return null;
        }));
        ChainFixture.assertDeferred(rack.message().verdict(), "bad");
    }

    @Test
    void oneThatCannotBeStartedIsToldAndTriedAgain() {
        AtomicInteger tried = new AtomicInteger();
        MessageFilter filter = mail -> new Verdict.Reject("5.7.1", "asked");
        rack.chain.board().add(Kind.MESSAGE, new TestSource(filter, "bad", 0, 99, false, TestSource.BUNDLE, () -> {
            if (tried.getAndIncrement() == 0) {
                throw new IllegalStateException("its disk is full");
            }
            return filter;
        }));
        ChainFixture.await("told", () -> rack.card("bad").reason().contains("cannot be started"));
        rack.later(ChainFixture.TRIAL_AFTER + 1);
        rack.awaitAsked(Kind.MESSAGE, filter);
        assertThat(rack.message().verdict()).isEqualTo(new Verdict.Reject("5.7.1", "asked"));
    }

    @Test
    void whatARemovedFilterLeftInAThreadGoesWithTheThread() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        ThreadLocal<Object> left = new ThreadLocal<>();
        MessageFilter bad = rack.add("bad", 0, mail -> {
            left.set(new byte[1000]);
            thread.set(Thread.currentThread());
            return Verdict.ACCEPT;
        });
        rack.message();
        rack.remove(Kind.MESSAGE, bad);
        addGood("first", 10);
        addGood("last", -10);
        long before = System.nanoTime();
        ChainFixture.await("its thread has ended", () -> {
            assertUnharmed(rack.message());
            return !thread.get().isAlive();
        });
        assertThat(System.nanoTime() - before).as("sooner than an idle thread").isLessThan(8_000_000_000L);
    }

    @Test
    void anUpdatedBundleBeginsAnew() {
        MessageFilter bad = rack.add("bad", 0, HostileFilters.looping(end));
        for (int i = 0; i < BUDGET; i++) {
            rack.message();
        }
        assertThat(rack.card("bad").state()).isEqualTo(Card.State.OUT);
        rack.remove(Kind.MESSAGE, bad);
        MessageFilter good = mail -> Verdict.ACCEPT;
        Origin updated = new Origin(TestSource.BUNDLE.bundle(), 2, TestSource.BUNDLE.name(), "1.2.4");
        rack.chain.board().add(Kind.MESSAGE, rack.source("bad", 0, false, updated, good));
        rack.awaitAsked(Kind.MESSAGE, good);
        rack.message();
        Card card = rack.card("bad");
        assertThat(card.state()).isEqualTo(Card.State.IN);
        assertThat(card.version()).isEqualTo("1.2.4");
        assertThat(card.calls()).isEqualTo(1);
        assertThat(card.hanging()).as("calls of the former version").isEqualTo(ChainFixture.CALLS);
    }

    @Test
    void aFilterThatSaysItIsPromptAndIsNotIsBelievedNoMore() {
        AtomicInteger inline = new AtomicInteger();
        Thread client = Thread.currentThread();
        rack.register(Kind.MESSAGE, "bad", 0, true, (MessageFilter) mail -> {
            if (Thread.currentThread() == client) {
                inline.incrementAndGet();
            }
            new CountDownLatch(1).await(150, TimeUnit.MILLISECONDS);
            return Verdict.ACCEPT;
        });
        assertThat(rack.chain.promptAtMessage()).isTrue();
        rack.message();
        assertThat(rack.chain.promptAtMessage()).isFalse();
        rack.message();
        assertThat(inline).hasValue(1);
        assertThat(rack.card("bad").failures()).isZero();
    }

    @Test
    void aCallInTheThreadOfTheClientIsInterruptedAtItsTimeLimit() {
        addGood("first", 10);
        rack.remove(
                Kind.MESSAGE,
                rack.chain.board().line(Stage.MESSAGE).entries().get(0).filter());
        rack.register(Kind.MESSAGE, "bad", 0, true, HostileFilters.sleeping(end));
        assertThat(rack.message().verdict()).isEqualTo(Verdict.ACCEPT);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(rack.chain.promptAtMessage()).isFalse();
        assertThat(rack.card("bad").failures()).isEqualTo(1);
    }

    /** In a virtual machine of its own, whose heap is small: other tests would be hit as well. */
    @Test
    void memoryThatItTakesIsHadAgainWhenItFailed() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path")
                                + File.pathSeparator
                                + System.getProperty("surefire.test.class.path", ""),
                        TightHeap.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("filter=bad required=false reason=\"left no memory\"");
    }

    /** Sends mails through a chain with a filter that takes all memory. */
    static final class TightHeap {

        private TightHeap() {}

        public static void main(String[] args) {
            try (ChainFixture rack = new ChainFixture(
                    ChainFixture.settings(new Limits(10_000, 10_000, 2, BUDGET, 60, 60, 2, true, Domains.ALL)))) {
                rack.add("first", 10, mail -> Verdict.edit(new HeaderEdit.Add("X-Good-first", "yes")));
                rack.add("bad", 0, HostileFilters.allocating());
                rack.add("last", -10, mail -> Verdict.edit(new HeaderEdit.Add("X-Good-last", "yes")));
                for (int i = 0; i < 50; i++) {
                    assertUnharmed(rack.message());
                }
                assertThat(rack.card("bad").state()).isEqualTo(Card.State.OUT);
            }
        }
    }
}
