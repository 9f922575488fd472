package org.mailrack.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import org.junit.jupiter.api.Test;

class TurnTest {

    private final Queue<Runnable> pool = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private boolean prompt;
    private int more;
    private final Turn turn = new Turn(pool::add, this::round, () -> prompt);

    private boolean round() {
        done.add("round");
        if (done.size() == 1) {
            // From inside of the round, as a session that writes.
            turn.requestHere();
        }
        return more-- > 0;
    }

    private void runPool() {
        for (Runnable next = pool.poll(); next != null; next = pool.poll()) {
            next.run();
        }
    }

    @Test
    void promptWorkRunsInTheThreadThatAsksAndIsNotEnteredTwice() {
        prompt = true;
        turn.requestHere();
        assertThat(done).as("and was asked for again inside").hasSize(2);
        assertThat(pool).isEmpty();
    }

    @Test
    void otherWorkRunsOnThePool() {
        turn.requestHere();
        assertThat(done).isEmpty();
        runPool();
        assertThat(done).hasSize(2);
    }

    @Test
    void whoMayNotRunItDoesNot() {
        prompt = true;
        turn.request();
        assertThat(done).isEmpty();
    }

    @Test
    void workWithoutEndGoesToThePoolAfterAWhile() {
        prompt = true;
        more = 100;
        turn.requestHere();
        assertThat(done).hasSize(32);
        assertThat(pool).hasSize(1);
        runPool();
        assertThat(done).hasSize(101);
    }
}
