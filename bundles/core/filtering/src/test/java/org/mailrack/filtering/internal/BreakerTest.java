package org.mailrack.filtering.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

class BreakerTest {

    private final AtomicLong now = new AtomicLong(-5);
    private final Breaker breaker = new Breaker("x", limits(3), now::get);

    private static Limits limits(int budget) {
        return new Limits(1, 1, 1, budget, 60, 30, 2, true, Domains.ALL);
    }

    private void seconds(int count) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(count));
    }

    private Breaker.State state() {
        return breaker.condition().state();
    }

    private void fail() {
        Breaker.Permit permit = breaker.enter();
        assertThat(permit).isNotEqualTo(Breaker.Permit.NO_CALL);
        breaker.failed(permit, "no");
    }

    @Test
    void failuresWithinTheWindowTakeItOut() {
        fail();
        seconds(30);
        fail();
        assertThat(state()).isEqualTo(Breaker.State.IN);
        seconds(30);
        fail();
        assertThat(state()).isEqualTo(Breaker.State.OUT);
        assertThat(breaker.condition().reason()).isEqualTo("no");
        assertThat(breaker.enter()).isEqualTo(Breaker.Permit.NO_CALL);
    }

    @Test
    void failuresThatAreOlderAreForgotten() {
        for (int i = 0; i < 20; i++) {
            fail();
            seconds(31);
        }
        assertThat(state()).isEqualTo(Breaker.State.IN);
    }

    @Test
    void onTrialOneCallIsMadeAtATimeUntilSoManyAreGood() {
        out();
        seconds(29);
        assertThat(breaker.enter()).isEqualTo(Breaker.Permit.NO_CALL);
        seconds(1);
        assertThat(breaker.enter()).isEqualTo(Breaker.Permit.TRIAL);
        assertThat(state()).isEqualTo(Breaker.State.ON_TRIAL);
        assertThat(breaker.enter()).isEqualTo(Breaker.Permit.NO_CALL);
        breaker.good(Breaker.Permit.TRIAL);
        assertThat(breaker.enter()).isEqualTo(Breaker.Permit.TRIAL);
        assertThat(breaker.enter()).isEqualTo(Breaker.Permit.NO_CALL);
        breaker.good(Breaker.Permit.TRIAL);
        assertThat(state()).isEqualTo(Breaker.State.IN);
        fail();
        fail();
        assertThat(state()).as("with its whole budget").isEqualTo(Breaker.State.IN);
    }

    @Test
    void oneFailureOnTrialTakesItOutForAsLongAgain() {
        out();
        seconds(30);
        fail();
        assertThat(state()).isEqualTo(Breaker.State.OUT);
        seconds(29);
        assertThat(breaker.enter()).isEqualTo(Breaker.Permit.NO_CALL);
        seconds(1);
        assertThat(breaker.enter()).isEqualTo(Breaker.Permit.TRIAL);
    }

    @Test
    void aTrialThatIsNoneGivesTheTurnToTheNext() {
        out();
        seconds(30);
        breaker.neither(breaker.enter());
        assertThat(breaker.enter()).isEqualTo(Breaker.Permit.TRIAL);
    }

    @Test
    void callsFromBeforeDoNotCountWhenItIsOut() {
        Breaker.Permit early = breaker.enter();
        out();
        seconds(30);
        assertThat(breaker.enter()).isEqualTo(Breaker.Permit.TRIAL);
        breaker.failed(early, "late");
        assertThat(state()).isEqualTo(Breaker.State.ON_TRIAL);
        breaker.good(early);
        breaker.good(early);
        assertThat(state()).isEqualTo(Breaker.State.ON_TRIAL);
    }

    @Test
    void anotherBudgetAppliesAtOnce() {
        fail();
        breaker.limits(limits(1));
        fail();
        assertThat(state()).isEqualTo(Breaker.State.OUT);
        breaker.reset();
        assertThat(state()).isEqualTo(Breaker.State.IN);
    }

    private void out() {
        for (int i = 0; i < 3; i++) {
            fail();
        }
        assertThat(state()).isEqualTo(Breaker.State.OUT);
    }
}
