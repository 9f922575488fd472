package org.mailrack.filtering.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.mailrack.api.card.Card;
import org.mailrack.api.filter.Client;
import org.mailrack.api.filter.SenderFilter;
import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.MailAddress;

/** The settings of a filter by its name, applied while mail flows. */
class FilterSettingsTest {

    private static final Verdict NO = new Verdict.Reject("5.7.1", "no");

    private ChainFixture rack = ChainFixture.requiring();

    @AfterEach
    void stop() {
        rack.close();
    }

    private static FilterConfig config(Map<String, Object> settings) {
        return ChainFixture.config(FilterConfig.class, settings);
    }

    private static FilterConfig domains(String... domains) {
        return config(Map.of("domains", domains));
    }

    private FilterSettings own(String name, FilterConfig config) {
        FilterSettings own = new FilterSettings(name, config);
        rack.chain.addFilterSettings(own);
        return own;
    }

    @Test
    void whatIsNotSaidIsAsInTheGeneralSettings() {
        Limits general = ChainFixture.limits(7);
        assertThat(new FilterSettings("x", config(Map.of())).over(general)).isEqualTo(general);
        Limits own = new FilterSettings(
                        "x", config(Map.of("time.limit", 1, "calls", 3, "error.budget", 4, "prompt", false)))
                .over(general);
        assertThat(own).isEqualTo(new Limits(1, 200, 3, 4, 60, ChainFixture.TRIAL_AFTER, 2, false, Domains.ALL));
    }

    @Test
    void theNameIsThatOfTheFile() {
        Map<String, Object> properties = Map.of("service.pid", "org.mailrack.filtering.filter~subject-tag");
        assertThat(new FilterSettings(config(Map.of()), properties).name()).isEqualTo("subject-tag");
    }

    @Test
    void limitsAreAppliedAndTakenBackLive() {
        CountDownLatch never = new CountDownLatch(1);
        rack.add("slow", 0, mail -> {
            never.await();
            return NO;
        });
        FilterSettings own = own("slow", config(Map.of("time.limit", 20, "error.budget", 1)));
        assertThat(rack.message().verdict()).isEqualTo(Verdict.ACCEPT);
        assertThat(rack.card("slow").state()).isEqualTo(Card.State.OUT);
        assertThat(rack.card("slow").mean().toMillis()).isBetween(15L, 150L);
        rack.chain.removeFilterSettings(own);
        never.countDown();
        rack.later(ChainFixture.TRIAL_AFTER);
        assertThat(rack.message().verdict()).isEqualTo(NO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b.org", "*.org", "x..y", ".", "@x.org"})
    void aDomainThatIsNoneIsRefusedAndWhatWasInForceStays(String domain) {
        FilterSettings own = own("x", domains("x.org"));
        assertThatThrownBy(() -> new FilterSettings("x", domains(domain)))
                .hasMessageContaining("org.mailrack.filtering.filter-x")
                .hasMessageContaining(domain);
        own.modified(domains(domain));
        assertThat(own.over(ChainFixture.limits(1)).domains()).isEqualTo(Domains.of(List.of("x.org")));
    }

    @ParameterizedTest
    @CsvSource({
        "x.org, x.org, true",
        "X.org, x.org, true",
        "x.org, a.x.org, false",
        ".x.org, x.org, false",
        ".x.org, a.x.org, true",
        ".x.org, b.a.x.org, true",
        ".x.org, ax.org, false",
        "x.org, [192.0.2.1], false",
    })
    void aDomainIsMeantItselfOrAllBelowIt(String setting, String domain, boolean meant) {
        assertThat(Domains.of(List.of(setting)).concern(domain)).isEqualTo(meant);
    }

    @Test
    void aMessageFilterForADomainSeesItsMailOnly() {
        rack.add("x", 0, mail -> NO);
        own("x", domains("other.org"));
        assertThat(rack.message().verdict()).isEqualTo(Verdict.ACCEPT);
        own("x", domains("other.org, x.org"));
        assertThat(rack.message().verdict()).isEqualTo(NO);
    }

    @Test
    void filtersOfClientAndSenderForADomainHaveTheirWordWhenARecipientIsNamed() {
        own("x", domains("x.org"));
        List<String> asked = new ArrayList<>();
        rack.chain.board().add(Kind.CONNECTION, rack.source("x", 0, false, TestSource.BUNDLE, connection(asked)));
        SenderFilter sender = new SenderFilter() {
            @Override
            public Verdict helo(Client client) {
                asked.add("helo");
                return new Verdict.Tag(List.of(), Map.of("helo", "good"));
            }

            @Override
            public Verdict sender(Client client, Optional<MailAddress> reversePath) {
                asked.add("sender " + reversePath);
                return new Verdict.Tag(List.of(), Map.of("spf", "pass"));
            }
        };
        rack.addSender("x", sender);
        ChainFixture.await(
                "both are there",
                () -> rack.chain.board().line(Stage.RECIPIENT).entries().size() == 2);

        assertThat(rack.chain.connected(rack.client)).isEqualTo(Verdict.ACCEPT);
        assertThat(rack.chain.helo(rack.client)).isEqualTo(Verdict.ACCEPT);
        assertThat(rack.chain.sender(rack.client, Optional.empty())).isEqualTo(Verdict.ACCEPT);
        assertThat(rack.recipient("bob@other.org")).isEqualTo(Verdict.ACCEPT);
        assertThat(asked).isEmpty();
        assertThat(rack.recipient("bob@x.org"))
                .isEqualTo(new Verdict.Tag(List.of(), Map.of("helo", "good", "spf", "pass")));
        assertThat(asked).containsExactly("connected", "helo", "sender Optional.empty");
    }

    private static org.mailrack.api.filter.ConnectionFilter connection(List<String> asked) {
        return client -> {
            asked.add("connected");
            return Verdict.ACCEPT;
        };
    }

    @Test
    void aRequiredFilterForADomainDefersItsMailOnly() {
        rack.close();
        rack = ChainFixture.requiring("x");
        own("x", domains("x.org"));
        assertThat(rack.chain.sender(rack.client, Optional.empty())).isEqualTo(Verdict.ACCEPT);
        assertThat(rack.recipient("bob@other.org")).isEqualTo(Verdict.ACCEPT);
        ChainFixture.assertDeferred(rack.recipient("bob@x.org"), "x.org");
        ChainFixture.assertDeferred(rack.message().verdict(), "x.org");
        // It serves senders, so recipients and messages need not wait for it; but for its domains its word comes at
        // RCPT.
        SenderFilter filter = rack.addSender("x", (client, path) -> Verdict.ACCEPT);
        assertThat(rack.recipient("bob@x.org")).isEqualTo(Verdict.ACCEPT);
        assertThat(rack.message().verdict()).isEqualTo(Verdict.ACCEPT);
        rack.remove(Kind.SENDER, filter);
        ChainFixture.assertDeferred(rack.recipient("bob@x.org"), "x.org");
        assertThat(rack.message().verdict()).isEqualTo(Verdict.ACCEPT);
    }

    @Test
    void orderIsThatOfTheSettingAndChangesLive() {
        List<String> asked = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            rack.add(name, name.charAt(0), mail -> {
                asked.add(name);
                return Verdict.ACCEPT;
            });
        }
        rack.message();
        rack.chain.modified(ChainFixture.config(FilteringConfig.class, Map.of("order", new String[] {"b, absent, a"})));
        rack.message();
        assertThat(asked).containsExactly("c", "b", "a", "b", "a", "c");
    }

    @Test
    void promptFiltersKeepTheClientsThreadUnlessTheSettingSaysNo() {
        assertThat(rack.chain.promptBeforeMessage()).isTrue();
        assertThat(rack.chain.promptAtMessage()).isTrue();
        List<Thread> threads = new ArrayList<>();
        rack.register(Kind.MESSAGE, "x", 0, true, (org.mailrack.api.filter.MessageFilter) mail -> {
            threads.add(Thread.currentThread());
            return Verdict.ACCEPT;
        });
        rack.register(Kind.SENDER, "x", 0, true, (SenderFilter) (client, path) -> Verdict.ACCEPT);
        assertThat(rack.chain.promptBeforeMessage()).isTrue();
        assertThat(rack.chain.promptAtMessage()).isTrue();
        rack.message();
        own("x", config(Map.of("prompt", false)));
        assertThat(rack.chain.promptBeforeMessage()).isFalse();
        assertThat(rack.chain.promptAtMessage()).isFalse();
        rack.message();
        assertThat(threads.get(0)).isSameAs(Thread.currentThread());
        assertThat(threads.get(1)).isNotSameAs(Thread.currentThread());
        own("x", config(Map.of()));
        rack.add("not prompt", 0, mail -> Verdict.ACCEPT);
        assertThat(rack.chain.promptBeforeMessage()).isTrue();
        assertThat(rack.chain.promptAtMessage()).isFalse();
    }

    @Test
    void aFilterThatIsConfiguredOrRequiredAndNotThereIsMissing() {
        rack.chain.modified(ChainFixture.config(FilteringConfig.class, Map.of("required", new String[] {"virus"})));
        own("spam", config(Map.of()));
        assertThat(rack.chain.cards()).extracting(Card::name).containsExactly("spam", "virus");
        assertThat(rack.chain.cards()).extracting(Card::state).containsOnly(Card.State.MISSING);
        assertThat(rack.card("virus").reason()).isEqualTo("no bundle brings it");
        rack.add("virus", 0, mail -> Verdict.ACCEPT);
        assertThat(rack.card("virus").state()).isEqualTo(Card.State.IN);
        assertThat(rack.card("virus").reason()).isEmpty();
        assertThat(rack.card("virus").bundle()).isEqualTo("org.example.filters");
    }

    @Test
    void theStopOfAFilterWaitsForTheMailsThatAreInside() throws Exception {
        rack.close();
        rack = new ChainFixture(new FilteringSettings(
                java.util.Set.of(),
                List.of(),
                new Limits(10_000, 10_000, 2, 10, 60, 30, 2, true, Domains.ALL),
                100,
                10_000,
                64 * 1024,
                1024));
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<String> order = java.util.Collections.synchronizedList(new ArrayList<>());
        var filter = rack.add("x", 0, mail -> {
            inside.countDown();
            goOn.await();
            order.add("verdict");
            return Verdict.ACCEPT;
        });
        Thread mail = new Thread(() -> rack.message());
        mail.start();
        inside.await();
        Thread stop = new Thread(() -> {
            rack.remove(Kind.MESSAGE, filter);
            order.add("stopped");
        });
        stop.start();
        ChainFixture.await(
                "out of the line",
                () -> rack.chain.board().line(Stage.MESSAGE).entries().isEmpty());
        assertThat(rack.message().verdict()).isEqualTo(Verdict.ACCEPT);
        goOn.countDown();
        stop.join();
        mail.join();
        assertThat(order).containsExactly("verdict", "stopped");
    }
}
