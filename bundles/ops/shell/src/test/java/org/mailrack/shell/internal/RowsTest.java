package org.mailrack.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class RowsTest {

    @Test
    void columnsAreAlignedUnderTheirNames() {
        assertThat(Rows.table(List.of(row("id", 1, "state", "ACTIVE"), row("id", 100, "state", List.of("a", "b")))))
                .isEqualTo("""
                        id   state
                        1    ACTIVE
                        100  a, b
                        """);
    }

    @Test
    void countsByWordAreOneCell() {
        assertThat(Rows.table(List.of(row("verdicts", Map.of("tag", 2, "accept", 10), "calls", 12))))
                .isEqualTo("""
                verdicts          calls
                accept 10, tag 2  12
                """);
    }

    @Test
    void aColumnThatOnlyALaterRowHasIsThere() {
        assertThat(Rows.table(List.of(row("a", 1), row("a", 2, "b", 3)))).isEqualTo("""
                a  b
                1
                2  3
                """);
    }

    @Test
    void noRowsNoTable() {
        assertThat(Rows.table(List.of())).isEmpty();
    }

    @Test
    void whatAStrangerSentCannotSteerTheTerminal() {
        assertThat(Rows.table(List.of(row("lastReply", "550 \u001b]0;x\u0007\r\nroot# \u202e\u0085"))))
                .isEqualTo("lastReply\n550 ?]0;x???root# ??\n");
    }

    @Test
    void anythingElseThanRowsIsNoTable() {
        assertThat(Rows.of("a sentence")).isEmpty();
        assertThat(Rows.of(null)).isEmpty();
        assertThat(Rows.of(new String[] {"x"})).contains(List.of(Map.of("value", "x")));
    }

    private static Map<String, Object> row(Object... pairs) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            row.put((String) pairs[i], pairs[i + 1]);
        }
        return row;
    }
}
