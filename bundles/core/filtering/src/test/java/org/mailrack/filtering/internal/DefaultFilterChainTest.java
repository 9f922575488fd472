package org.mailrack.filtering.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.mailrack.api.filter.FilterChain;
import org.mailrack.api.filter.HeaderEdit;
import org.mailrack.api.filter.MessageFilter;
import org.mailrack.api.filter.SenderFilter;
import org.mailrack.api.filter.Verdict;

class DefaultFilterChainTest {

    private final CountDownLatch never = new CountDownLatch(1);
    private ChainFixture rack = ChainFixture.requiring();

    @AfterEach
    void stop() {
        rack.close();
        never.countDown();
    }

    private void requiring(String... names) {
        rack.close();
        rack = ChainFixture.requiring(names);
    }

    private FilterChain.Result message() {
        return rack.message();
    }

    @Test
    void withoutFiltersEverythingIsAccepted() {
        assertThat(rack.chain.connected(rack.client)).isEqualTo(Verdict.ACCEPT);
        assertThat(rack.chain.helo(rack.client)).isEqualTo(Verdict.ACCEPT);
        assertThat(rack.chain.sender(rack.client, Optional.empty())).isEqualTo(Verdict.ACCEPT);
        assertThat(rack.chain.recipient(
                        rack.client, rack.envelope, rack.envelope.recipients().get(0)))
                .isEqualTo(Verdict.ACCEPT);
        assertThat(message().verdict()).isEqualTo(Verdict.ACCEPT);
        assertThat(message().head().hasRemaining()).isFalse();
    }

    @Test
    void filtersAreAskedByRankingAndSeeTheEditsOfThoseBefore() {
        List<String> order = new ArrayList<>();
        rack.add("low", -1, mail -> {
            order.add("low " + mail.header("subject").orElse("") + ' '
                    + mail.envelope().attributes().get("score"));
            return Verdict.edit(new HeaderEdit.Remove("From"));
        });
        rack.add("high", 10, mail -> {
            order.add("high " + mail.header("Subject").orElse(""));
            return new Verdict.Tag(
                    List.of(new HeaderEdit.Set(
                            "Subject", "[x] " + mail.header("Subject").orElse(""))),
                    Map.of("score", "7"));
        });
        FilterChain.Result result = message();
        assertThat(order).containsExactly("high grün", "low [x] grün 7");
        assertThat(result.verdict()).isEqualTo(Verdict.ACCEPT);
        assertThat(result.envelope().attributes()).containsEntry("score", "7").containsEntry("client.helo", "x");
        assertThat(StandardCharsets.UTF_8.decode(result.head()).toString())
                .isEqualTo("Subject: [x] =?UTF-8?B?Z3LDvG4=?=\r\n\r\n");
        assertThat(ChainFixture.MESSAGE.substring((int) result.headLength())).isEqualTo("body\r\n");
    }

    @Test
    void aMessageWithoutHeaderCanBeTagged() {
        rack.add("tag", 0, mail -> {
            assertThat(mail.headers()).isEmpty();
            return Verdict.edit(new HeaderEdit.Set("Subject", "[tagged]"));
        });
        FilterChain.Result result = rack.message("Do you like ketchup?\r\n");
        assertThat(result.headLength()).isZero();
        assertThat(StandardCharsets.UTF_8.decode(result.head()).toString()).isEqualTo("Subject: [tagged]\r\n\r\n");
    }

    @Test
    void theFirstRejectOrDeferEndsTheChain() {
        AtomicInteger asked = new AtomicInteger();
        rack.add("second", 0, mail -> {
            asked.incrementAndGet();
            return Verdict.ACCEPT;
        });
        rack.add("first", 1, mail -> new Verdict.Reject("5.7.1", "no"));
        assertThat(message().verdict()).isEqualTo(new Verdict.Reject("5.7.1", "no"));
        assertThat(asked).hasValue(0);
    }

    @Test
    void anAdvisoryFilterThatFailsInAnyWayIsPassedOver() {
        rack.add("throws", 5, mail -> {
            throw new IllegalStateException("broken");
        });
        rack.add("error", 4, mail -> {
            throw new StackOverflowError();
        });
        rack.add("silent", 3, mail -> null);
        rack.add("hangs", 2, mail -> {
            never.await();
            return new Verdict.Reject("5.7.1", "too late");
        });
        rack.add(
                "smuggles",
                1,
                mail -> Verdict.edit(
                        new HeaderEdit.Add("X", "half done"), new HeaderEdit.Add("Subject", "x\r\nBcc: eve@x.org")));
        rack.add("good", 0, mail -> Verdict.edit(new HeaderEdit.Add("X-Good", "yes")));
        FilterChain.Result result = message();
        assertThat(result.verdict()).isEqualTo(Verdict.ACCEPT);
        assertThat(StandardCharsets.UTF_8.decode(result.head()).toString())
                .startsWith("X-Good: yes\r\nFrom: ")
                .doesNotContain("eve", "half done");
    }

    @Test
    void aRequiredFilterThatFailsInAnyWayDefers() {
        List<MessageFilter> failing = List.of(
                mail -> {
                    throw new IllegalStateException("broken");
                },
                mail -> {
                    throw new NoClassDefFoundError("gone");
                },
                mail -> null,
                mail -> {
                    never.await();
                    return Verdict.ACCEPT;
                },
                mail -> Verdict.edit(new HeaderEdit.Add("Subject", "x\ny")));
        requiring("virus");
        for (MessageFilter filter : failing) {
            rack.add("virus", 0, filter);
            FilterChain.Result result = message();
            ChainFixture.assertDeferred(result.verdict(), "virus");
            assertThat(result.head().hasRemaining()).isFalse();
            rack.remove(Kind.MESSAGE, filter);
        }
    }

    @Test
    void aRequiredFilterThatWasNeverThereDefersAllMail() {
        // Promise 3
        requiring("virus");
        assertThat(rack.chain.connected(rack.client)).isEqualTo(Verdict.ACCEPT);
        assertThat(rack.chain.helo(rack.client)).isEqualTo(Verdict.ACCEPT);
        ChainFixture.assertDeferred(rack.chain.sender(rack.client, Optional.empty()), "virus");
        ChainFixture.assertDeferred(
                rack.chain.recipient(
                        rack.client, rack.envelope, rack.envelope.recipients().get(0)),
                "virus");
        ChainFixture.assertDeferred(message().verdict(), "virus");
    }

    @Test
    void aRequiredFilterThatWentAwayDefersWhereItServed() {
        requiring("virus");
        MessageFilter filter = rack.add("virus", 0, mail -> Verdict.ACCEPT);
        assertThat(rack.chain.sender(rack.client, Optional.empty())).isEqualTo(Verdict.ACCEPT);
        assertThat(message().verdict()).isEqualTo(Verdict.ACCEPT);
        rack.remove(Kind.MESSAGE, filter);
        assertThat(rack.chain.sender(rack.client, Optional.empty())).isEqualTo(Verdict.ACCEPT);
        ChainFixture.assertDeferred(message().verdict(), "virus");
        rack.add("virus", 0, mail -> Verdict.ACCEPT);
        assertThat(message().verdict()).isEqualTo(Verdict.ACCEPT);
    }

    @Test
    void aFilterThatGoesAwayDuringACallIsStillAskedInThatCall() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        rack.close();
        rack = new ChainFixture(
                ChainFixture.settings(new Limits(10_000, 10_000, 2, 100, 60, 1, 2, true, Domains.ALL), "second"));
        rack.add("first", 1, mail -> {
            inside.countDown();
            goOn.await();
            return Verdict.ACCEPT;
        });
        MessageFilter second = rack.add("second", 0, mail -> new Verdict.Reject("5.7.1", "asked"));
        List<Verdict> verdicts = new ArrayList<>();
        Thread caller = new Thread(() -> verdicts.add(message().verdict()));
        caller.start();
        inside.await();
        rack.remove(Kind.MESSAGE, second);
        goOn.countDown();
        caller.join();
        assertThat(verdicts).containsExactly(new Verdict.Reject("5.7.1", "asked"));
    }

    @Test
    void aFilterThatHangsForGoodIsNotWaitedForAndTakesNothingFromOthers() {
        rack.add("hangs", 1, mail -> {
            boolean released = false;
            while (!released) {
                try {
                    never.await();
                    released = true;
                } catch (InterruptedException e) {
                    // the worst kind
                }
            }
            return Verdict.ACCEPT;
        });
        AtomicInteger asked = new AtomicInteger();
        rack.add("good", 0, mail -> {
            asked.incrementAndGet();
            return Verdict.ACCEPT;
        });
        for (int i = 0; i < 2; i++) {
            message();
        }
        long before = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            assertThat(message().verdict()).isEqualTo(Verdict.ACCEPT);
        }
        assertThat(System.nanoTime() - before).as("20 time limits are 4 s").isLessThan(2_000_000_000L);
        assertThat(asked).hasValue(22);
    }

    @Test
    void senderFiltersAreAskedAndTheirAttributesComeBack() {
        rack.addSender("spf", (c, path) -> new Verdict.Tag(List.of(), Map.of("spf", "pass")));
        assertThat(rack.chain.sender(rack.client, Optional.empty()))
                .isEqualTo(new Verdict.Tag(List.of(), Map.of("spf", "pass")));
        requiring("early");
        rack.addSender("early", (c, path) -> Verdict.edit(new HeaderEdit.Add("X", "y")));
        ChainFixture.assertDeferred(rack.chain.sender(rack.client, Optional.empty()), "early");
    }

    @Test
    void changedPropertiesReorderTheChain() {
        List<String> order = new ArrayList<>();
        MessageFilter one = rack.add("one", 0, mail -> {
            order.add("one");
            return Verdict.ACCEPT;
        });
        rack.add("two", 1, mail -> {
            order.add("two");
            return Verdict.ACCEPT;
        });
        message();
        rack.chain.board().update(Kind.MESSAGE, rack.source("one", 2, false, TestSource.BUNDLE, one));
        message();
        assertThat(order).containsExactly("two", "one", "one", "two");
    }

    @Test
    void requiredIsReadFromACfgFileAndChangesLive() {
        rack.chain.modified(
                ChainFixture.config(FilteringConfig.class, Map.of("required", new String[] {"virus, spam"})));
        rack.add("virus", 0, mail -> Verdict.ACCEPT);
        ChainFixture.assertDeferred(message().verdict(), "spam");
        rack.add("spam", 0, mail -> Verdict.ACCEPT);
        assertThat(message().verdict()).isEqualTo(Verdict.ACCEPT);
    }

    @Test
    void aSettingThatCannotBeIsRefusedAndWhatWasInForceStays() {
        rack.chain.modified(ChainFixture.config(FilteringConfig.class, Map.of("required", new String[] {"virus"})));
        FilteringConfig wrong = ChainFixture.config(FilteringConfig.class, Map.of("time.limit", 0));
        rack.chain.modified(wrong);
        ChainFixture.assertDeferred(message().verdict(), "virus");
        assertThatThrownBy(() -> new DefaultFilterChain(null, FilteringSettings.of(wrong), System::nanoTime))
                .hasMessageContaining("time.limit");
    }

    @Test
    void heloHasADefaultVerdict() {
        SenderFilter filter = (c, path) -> new Verdict.Reject("5.7.1", "no");
        rack.addSender("x", filter);
        assertThat(rack.chain.helo(rack.client)).isEqualTo(Verdict.ACCEPT);
        assertThat(rack.chain.sender(rack.client, Optional.empty())).isEqualTo(new Verdict.Reject("5.7.1", "no"));
    }
}
