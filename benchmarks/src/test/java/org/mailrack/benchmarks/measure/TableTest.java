package org.mailrack.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void numbersStandToTheRightAndHaveThreeDigitsThatCount() {
        Table table = new Table("side", "mails/s", "busy");
        table.row("mailrack", 3210.7, "3%");
        table.row("peer", 9.876, "12%");
        assertThat(table)
                .hasToString("side      mails/s  busy\n" + "mailrack    3,211    3%\n" + "peer         9.88   12%\n");
    }

    @Test
    void aRowHasAsManyCellsAsThereAreColumns() {
        Table table = new Table("one", "two");
        assertThatThrownBy(() -> table.row("1")).isInstanceOf(IllegalArgumentException.class);
    }
}
