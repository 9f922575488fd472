package org.mailrack.filtering.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.mailrack.api.card.Card;
import org.mailrack.api.filter.FilterChain;
import org.mailrack.api.filter.HeaderEdit;
import org.mailrack.api.filter.MessageFilter;
import org.mailrack.api.filter.SenderFilter;
import org.mailrack.api.filter.Verdict;

/** Who goes on when a call is late, busy or given up. */
@Timeout(60)
class PassTest {

    private final CountDownLatch never = new CountDownLatch(1);
    private ChainFixture rack;

    @AfterEach
    void stop() {
        never.countDown();
        rack.close();
    }

    private void limits(int timeLimit, int timeLimitEnvelope, int calls, int budget) {
        rack = new ChainFixture(ChainFixture.settings(
                new Limits(timeLimit, timeLimitEnvelope, calls, budget, 60, 30, 2, true, Domains.ALL)));
    }

    @Test
    void allFiltersOfAMailAreAskedByOneThreadOfTheirOwn() {
        limits(10_000, 10_000, 2, 10);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            rack.add("f" + i, i, mail -> {
                threads.add(Thread.currentThread());
                return Verdict.ACCEPT;
            });
        }
        rack.message();
        assertThat(threads).hasSize(5);
        assertThat(threads.stream().distinct()).hasSize(1).doesNotContain(Thread.currentThread());
    }

    /** A verdict counts or is late, never both and never neither, however close it comes to the limit. */
    @Test
    void callsAroundTheirTimeLimitAreCountedOnceAndLeaveNothingBehind() throws Exception {
        int mails = 150;
        int clients = 4;
        limits(4, 4, 8, 10_000);
        // They have more time: this is about the other.
        for (String name : List.of("first", "last")) {
            rack.chain.addFilterSettings(new FilterSettings(
                    name, ChainFixture.config(FilterConfig.class, java.util.Map.of("time.limit", 20_000))));
        }
        rack.add("first", 10, mail -> Verdict.edit(new HeaderEdit.Add("X-First", "yes")));
        Random random = new Random(1);
        rack.add("close", 0, mail -> {
            long end = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(random.nextInt(8_000));
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(100_000);
            }
            return Verdict.edit(new HeaderEdit.Add("X-Close", "yes"));
        });
        rack.add("last", -10, mail -> Verdict.edit(new HeaderEdit.Add("X-Last", "yes")));
        AtomicInteger tagged = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Thread client = new Thread(() -> {
                for (int j = 0; j < mails; j++) {
                    FilterChain.Result result = rack.message();
                    String head = StandardCharsets.UTF_8.decode(result.head()).toString();
                    if (head.startsWith("X-Last: yes\r\nX-Close: yes\r\nX-First: yes\r\nFrom:")) {
                        tagged.incrementAndGet();
                    } else if (!head.startsWith("X-Last: yes\r\nX-First: yes\r\nFrom:")) {
                        wrong.incrementAndGet();
                    }
                }
            });
            threads.add(client);
            client.start();
        }
        for (Thread client : threads) {
            client.join();
        }
        assertThat(wrong).hasValue(0);
        Card card = rack.card("close");
        assertThat(card.verdicts().getOrDefault("tag", 0L)).isEqualTo(tagged.get());
        assertThat(card.failures()).isEqualTo(clients * mails - tagged.get()).isPositive();
        ChainFixture.await("all calls have ended", () -> rack.card("close").hanging() == 0);
        assertThat(rack.card("first").verdicts()).containsEntry("tag", (long) clients * mails);
        assertThat(rack.card("last").verdicts()).containsEntry("tag", (long) clients * mails);
    }

    @Test
    void moreMailThanCallsIsNotTheFiltersFault() throws Exception {
        limits(50, 10_000, 1, 1);
        CountDownLatch inside = new CountDownLatch(1);
        rack.addSender("x", (SenderFilter) (client, path) -> {
            inside.countDown();
            never.await();
            return Verdict.ACCEPT;
        });
        rack.add("x", 0, mail -> new Verdict.Reject("5.7.1", "asked"));
        Thread client = new Thread(() -> rack.chain.sender(rack.client, java.util.Optional.empty()));
        client.start();
        inside.await();
        for (int i = 0; i < 3; i++) {
            assertThat(rack.message().verdict()).isEqualTo(Verdict.ACCEPT);
        }
        assertThat(rack.card("x").failures()).isEqualTo(3);
        assertThat(rack.card("x").state()).isEqualTo(Card.State.IN);
        never.countDown();
        client.join();
        assertThat(rack.message().verdict()).isEqualTo(new Verdict.Reject("5.7.1", "asked"));
    }

    @Test
    void aClientThatIsInterruptedIsToldToTryAgainAndKeepsItsInterrupt() throws Exception {
        limits(10_000, 10_000, 1, 1);
        CountDownLatch inside = new CountDownLatch(1);
        MessageFilter sleeping = mail -> {
            inside.countDown();
            never.await();
            return Verdict.ACCEPT;
        };
        rack.add("x", 0, sleeping);
        AtomicReference<Verdict> verdict = new AtomicReference<>();
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Thread client = new Thread(() -> {
            verdict.set(rack.message().verdict());
            interrupted.set(Thread.interrupted());
        });
        client.start();
        inside.await();
        client.interrupt();
        client.join();
        ChainFixture.assertDeferred(verdict.get(), "x");
        assertThat(interrupted.get()).isTrue();
        assertThat(rack.card("x").state()).isEqualTo(Card.State.IN);
        ChainFixture.await(
                "the filter was interrupted too", () -> rack.card("x").hanging() == 0);
    }

    @Test
    void whenNoThreadIsToBeHadMailIsDeferred() {
        limits(10_000, 10_000, 1, 1);
        rack.add("x", 0, mail -> Verdict.ACCEPT);
        rack.chain.stop();
        ChainFixture.assertDeferred(rack.message().verdict(), "x");
        assertThat(rack.card("x").state()).isEqualTo(Card.State.IN);
    }
}
