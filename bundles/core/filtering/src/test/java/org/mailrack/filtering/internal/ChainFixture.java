package org.mailrack.filtering.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.mailrack.api.card.Card;
import org.mailrack.api.filter.Client;
import org.mailrack.api.filter.ConnectionFilter;
import org.mailrack.api.filter.FilterChain;
import org.mailrack.api.filter.MessageFilter;
import org.mailrack.api.filter.SenderFilter;
import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Recipient;

/** A chain with short limits, and a mail to send through it. */
final class ChainFixture implements AutoCloseable {

    static final String MESSAGE = "From: a@b.org\r\nSubject: =?utf-8?q?gr=C3=BCn?=\r\n\r\nbody\r\n";
    static final int TIME_LIMIT = 200;
    static final int CALLS = 2;
    static final int TRIAL_AFTER = 30;

    final Client client = new Client(
            "s-1",
            "smtp",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
            false,
            Optional.of("client.example"),
            Optional.empty());
    final Envelope envelope = new Envelope(
            Optional.empty(), List.of(new Recipient(MailAddress.parse("bob@x.org"))), Map.of("client.helo", "x"));
    final DefaultFilterChain chain;
    private final AtomicLong later = new AtomicLong();
    private long lastId;

    ChainFixture(FilteringSettings settings) {
        chain = new DefaultFilterChain(null, settings, () -> System.nanoTime() + later.get());
    }

    static ChainFixture requiring(String... required) {
        return new ChainFixture(settings(required));
    }

    static FilteringSettings settings(String... required) {
        return settings(limits(100), required);
    }

    static FilteringSettings settings(Limits limits, String... required) {
        return new FilteringSettings(Set.of(required), List.of(), limits, 100, 100, 64 * 1024, 1024);
    }

    static Limits limits(int errorBudget) {
        return new Limits(TIME_LIMIT, TIME_LIMIT, CALLS, errorBudget, 60, TRIAL_AFTER, 2, true, Domains.ALL);
    }

    @Override
    public void close() {
        chain.stop();
    }

    MessageFilter add(String name, int ranking, MessageFilter filter) {
        return register(Kind.MESSAGE, name, ranking, false, filter);
    }

    SenderFilter addSender(String name, SenderFilter filter) {
        return register(Kind.SENDER, name, 0, false, filter);
    }

    ConnectionFilter addConnection(String name, ConnectionFilter filter) {
        return register(Kind.CONNECTION, name, 0, false, filter);
    }

    /** Registers a filter and waits until it is started. */
    <F> F register(Kind kind, String name, int ranking, boolean prompt, F filter) {
        chain.board().add(kind, source(name, ranking, prompt, TestSource.BUNDLE, filter));
        awaitAsked(kind, filter);
        return filter;
    }

    TestSource source(String name, int ranking, boolean prompt, Origin origin, Object filter) {
        return new TestSource(filter, name, ranking, ++lastId, prompt, origin, () -> filter);
    }

    void awaitAsked(Kind kind, Object filter) {
        await("started " + filter, () -> List.of(Stage.values()).stream()
                .flatMap(stage -> chain.board().line(stage).entries().stream())
                .anyMatch(e -> e.kind() == kind && e.filter() == filter));
    }

    void remove(Kind kind, Object filter) {
        chain.board().remove(kind, filter);
    }

    FilterChain.Result message() {
        return message(MESSAGE);
    }

    FilterChain.Result message(String text) {
        return chain.message(new MailId("M1"), client, envelope, Octets.of(text));
    }

    Verdict recipient(String address) {
        return chain.recipient(client, envelope, new Recipient(MailAddress.parse(address)));
    }

    Card card(String name) {
        return chain.cards().stream()
                .filter(card -> card.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Lets so much time go by, for what is counted in seconds. */
    void later(int seconds) {
        later.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    static void assertDeferred(Verdict verdict, String notNamed) {
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Defer.class, defer -> {
            assertThat(defer.enhancedCode()).isEqualTo("4.7.1");
            assertThat(defer.text()).doesNotContain(notNamed);
        });
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A configuration of those settings, by their names in the file, and defaults. */
    static <C extends Annotation> C config(Class<C> type, Map<String, Object> settings) {
        Map<String, Object> given = new HashMap<>(settings);
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> method.getDeclaringClass() == Annotation.class
                        ? type
                        : given.getOrDefault(method.getName().replace('_', '.'), method.getDefaultValue())));
    }
}
