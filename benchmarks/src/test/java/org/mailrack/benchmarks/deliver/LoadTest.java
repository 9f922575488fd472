package org.mailrack.benchmarks.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1, 7",
        "20, 1, 100",
        "1, 10, 1000",
        "20, 10, 1000",
        "7, 10, 1003",
        "100, 10, 995",
        "100, 50, 20",
        "20, 1000, 5000",
        "20, 51, 51",
        "100, 1000, 1"
    })
    void everyMailboxGetsTheSameAndNoStepHasMoreSessionsThanAsked(int sessions, int mailboxes, int messages) {
        Load load = new Load(sessions, 4096, mailboxes);
        Map<String, Integer> sent = new HashMap<>();
        for (List<Load.Part> step : load.steps(messages)) {
            assertThat(step.stream().mapToInt(Load.Part::sessions).sum()).isEqualTo(sessions);
            for (Load.Part part : step) {
                assertThat(part.sessions()).isPositive();
                if (part.numbered()) {
                    // smtp-source -N counts from 1 and puts the number before the address.
                    for (int i = 1; i <= part.messages(); i++) {
                        sent.merge(i + part.to(), 1, Integer::sum);
                    }
                } else {
                    sent.merge(part.to(), part.messages(), Integer::sum);
                }
            }
        }
        assertThat(sent.keySet()).containsExactlyInAnyOrderElementsOf(load.users());
        assertThat(sent.values()).containsOnly(load.each(messages));
    }

    @ParameterizedTest
    @CsvSource({"10, 1000, 100", "10, 1, 1", "10, 16, 2", "1000, 1499, 1", "1000, 1500, 2", "1, 7, 7"})
    void eachGetsItsShareAndOneAtLeast(int mailboxes, int messages, int each) {
        assertThat(new Load(1, 4096, mailboxes).each(messages)).isEqualTo(each);
    }
}
