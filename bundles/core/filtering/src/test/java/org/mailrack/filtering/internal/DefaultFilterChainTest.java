package org.mailrack.filtering.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.mailrack.api.filter.Client;
import org.mailrack.api.filter.FilterChain;
import org.mailrack.api.filter.HeaderEdit;
import org.mailrack.api.filter.MessageFilter;
import org.mailrack.api.filter.SenderFilter;
import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Recipient;

class DefaultFilterChainTest {

    private static final String MESSAGE = "From: a@b.org\r\nSubject: =?utf-8?q?gr=C3=BCn?=\r\n\r\nbody\r\n";

    private final Client client = new Client(
            "s-1",
            "smtp",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
            false,
            Optional.empty(),
            Optional.empty());
    private final Envelope envelope = new Envelope(
            Optional.empty(), List.of(new Recipient(MailAddress.parse("bob@x.org"))), Map.of("client.helo", "x"));
    private final CountDownLatch never = new CountDownLatch(1);
    private DefaultFilterChain chain = chain(Set.of());
    private long lastId;

    private static DefaultFilterChain chain(Set<String> required) {
        return new DefaultFilterChain(new FilteringSettings(required, 200, 200, 2, 64 * 1024));
    }

    @AfterEach
    void stop() {
        chain.stop();
        never.countDown();
    }

    private Map<String, Object> properties(String name, int ranking) {
        return Map.of(FilterChain.FILTER_NAME, name, "service.ranking", ranking, "service.id", ++lastId);
    }

    private MessageFilter add(String name, int ranking, MessageFilter filter) {
        chain.addMessageFilter(filter, properties(name, ranking));
        return filter;
    }

    private FilterChain.Result message() {
        return message(MESSAGE);
    }

    private FilterChain.Result message(String text) {
        return chain.message(new MailId("M1"), client, envelope, Octets.of(text));
    }

    private static void assertDeferred(Verdict verdict, String notNamed) {
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Defer.class, defer -> {
            assertThat(defer.enhancedCode()).isEqualTo("4.7.1");
            assertThat(defer.text()).doesNotContain(notNamed);
        });
    }

    @Test
    void withoutFiltersEverythingIsAccepted() {
        assertThat(chain.connected(client)).isEqualTo(Verdict.ACCEPT);
        assertThat(chain.helo(client)).isEqualTo(Verdict.ACCEPT);
        assertThat(chain.sender(client, Optional.empty())).isEqualTo(Verdict.ACCEPT);
        assertThat(chain.recipient(client, envelope, envelope.recipients().get(0)))
                .isEqualTo(Verdict.ACCEPT);
        assertThat(message().verdict()).isEqualTo(Verdict.ACCEPT);
        assertThat(message().head().hasRemaining()).isFalse();
    }

    @Test
    void filtersAreAskedByRankingAndSeeTheEditsOfThoseBefore() {
        List<String> order = new ArrayList<>();
        add("low", -1, mail -> {
            order.add("low " + mail.header("subject").orElse("") + ' '
                    + mail.envelope().attributes().get("score"));
            return Verdict.edit(new HeaderEdit.Remove("From"));
        });
        add("high", 10, mail -> {
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
        assertThat(MESSAGE.substring((int) result.headLength())).isEqualTo("body\r\n");
    }

    @Test
    void aMessageWithoutHeaderCanBeTagged() {
        add("tag", 0, mail -> {
            assertThat(mail.headers()).isEmpty();
            return Verdict.edit(new HeaderEdit.Set("Subject", "[tagged]"));
        });
        FilterChain.Result result = message("Do you like ketchup?\r\n");
        assertThat(result.headLength()).isZero();
        assertThat(StandardCharsets.UTF_8.decode(result.head()).toString()).isEqualTo("Subject: [tagged]\r\n\r\n");
    }

    @Test
    void theFirstRejectOrDeferEndsTheChain() {
        AtomicInteger asked = new AtomicInteger();
        add("second", 0, mail -> {
            asked.incrementAndGet();
            return Verdict.ACCEPT;
        });
        add("first", 1, mail -> new Verdict.Reject("5.7.1", "no"));
        assertThat(message().verdict()).isEqualTo(new Verdict.Reject("5.7.1", "no"));
        assertThat(asked).hasValue(0);
    }

    @Test
    void anAdvisoryFilterThatFailsInAnyWayIsPassedOver() {
        add("throws", 5, mail -> {
            throw new IllegalStateException("broken");
        });
        add("error", 4, mail -> {
            throw new StackOverflowError();
        });
        add("silent", 3, mail -> null);
        add("hangs", 2, mail -> {
            never.await();
            return new Verdict.Reject("5.7.1", "too late");
        });
        add(
                "smuggles",
                1,
                mail -> Verdict.edit(
                        new HeaderEdit.Add("X", "half done"), new HeaderEdit.Add("Subject", "x\r\nBcc: eve@x.org")));
        add("good", 0, mail -> Verdict.edit(new HeaderEdit.Add("X-Good", "yes")));
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
        chain = chain(Set.of("virus"));
        for (MessageFilter filter : failing) {
            add("virus", 0, filter);
            FilterChain.Result result = message();
            assertDeferred(result.verdict(), "virus");
            assertThat(result.head().hasRemaining()).isFalse();
            chain.removeMessageFilter(filter);
        }
    }

    @Test
    void aRequiredFilterThatWasNeverThereDefersAllMail() {
        // Promise 3
        chain = chain(Set.of("virus"));
        assertThat(chain.connected(client)).isEqualTo(Verdict.ACCEPT);
        assertThat(chain.helo(client)).isEqualTo(Verdict.ACCEPT);
        assertDeferred(chain.sender(client, Optional.empty()), "virus");
        assertDeferred(chain.recipient(client, envelope, envelope.recipients().get(0)), "virus");
        assertDeferred(message().verdict(), "virus");
    }

    @Test
    void aRequiredFilterThatWentAwayDefersWhereItServed() {
        chain = chain(Set.of("virus"));
        MessageFilter filter = add("virus", 0, mail -> Verdict.ACCEPT);
        assertThat(chain.sender(client, Optional.empty())).isEqualTo(Verdict.ACCEPT);
        assertThat(message().verdict()).isEqualTo(Verdict.ACCEPT);
        chain.removeMessageFilter(filter);
        assertThat(chain.sender(client, Optional.empty())).isEqualTo(Verdict.ACCEPT);
        assertDeferred(message().verdict(), "virus");
        add("virus", 0, mail -> Verdict.ACCEPT);
        assertThat(message().verdict()).isEqualTo(Verdict.ACCEPT);
    }

    @Test
    void aFilterThatGoesAwayDuringACallIsStillAskedInThatCall() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        chain = new DefaultFilterChain(new FilteringSettings(Set.of("second"), 10_000, 10_000, 2, 64 * 1024));
        add("first", 1, mail -> {
            inside.countDown();
            goOn.await();
            return Verdict.ACCEPT;
        });
        MessageFilter second = add("second", 0, mail -> new Verdict.Reject("5.7.1", "asked"));
        List<Verdict> verdicts = new ArrayList<>();
        Thread caller = new Thread(() -> verdicts.add(message().verdict()));
        caller.start();
        inside.await();
        chain.removeMessageFilter(second);
        goOn.countDown();
        caller.join();
        assertThat(verdicts).containsExactly(new Verdict.Reject("5.7.1", "asked"));
    }

    @Test
    void aFilterThatHangsForGoodIsNotWaitedForAndTakesNothingFromOthers() {
        add("hangs", 1, mail -> {
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
        add("good", 0, mail -> {
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
        chain.addSenderFilter((c, path) -> new Verdict.Tag(List.of(), Map.of("spf", "pass")), properties("spf", 0));
        assertThat(chain.sender(client, Optional.empty())).isEqualTo(new Verdict.Tag(List.of(), Map.of("spf", "pass")));
        chain = chain(Set.of("early"));
        chain.addSenderFilter((c, path) -> Verdict.edit(new HeaderEdit.Add("X", "y")), properties("early", 0));
        assertDeferred(chain.sender(client, Optional.empty()), "early");
    }

    @Test
    void changedPropertiesReorderTheChain() {
        List<String> order = new ArrayList<>();
        MessageFilter one = add("one", 0, mail -> {
            order.add("one");
            return Verdict.ACCEPT;
        });
        add("two", 1, mail -> {
            order.add("two");
            return Verdict.ACCEPT;
        });
        message();
        chain.updateMessageFilter(one, properties("one", 2));
        message();
        assertThat(order).containsExactly("two", "one", "one", "two");
    }

    @Test
    void requiredIsReadFromACfgFileAndChangesLive() {
        chain.modified(config(Map.of("required", new String[] {"virus, spam"})));
        add("virus", 0, mail -> Verdict.ACCEPT);
        assertDeferred(message().verdict(), "spam");
        add("spam", 0, mail -> Verdict.ACCEPT);
        assertThat(message().verdict()).isEqualTo(Verdict.ACCEPT);
        assertThatThrownBy(() -> chain.modified(config(Map.of("time.limit", 0))))
                .hasMessageContaining("time.limit");
    }

    private static FilteringConfig config(Map<String, Object> settings) {
        Map<String, Object> given = new HashMap<>(settings);
        return (FilteringConfig) Proxy.newProxyInstance(
                FilteringConfig.class.getClassLoader(),
                new Class<?>[] {FilteringConfig.class},
                (proxy, method, args) -> method.getDeclaringClass() == Annotation.class
                        ? FilteringConfig.class
                        : given.getOrDefault(method.getName().replace('_', '.'), method.getDefaultValue()));
    }

    @Test
    void heloHasADefaultVerdict() {
        SenderFilter filter = (c, path) -> new Verdict.Reject("5.7.1", "no");
        chain.addSenderFilter(filter, properties("x", 0));
        assertThat(chain.helo(client)).isEqualTo(Verdict.ACCEPT);
        assertThat(chain.sender(client, Optional.empty())).isEqualTo(new Verdict.Reject("5.7.1", "no"));
    }
}
