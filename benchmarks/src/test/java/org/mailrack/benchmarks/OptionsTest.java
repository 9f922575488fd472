package org.mailrack.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    private static Options options(String... words) {
        return Options.parse(List.of(words));
    }

    @Test
    void numbersMayHaveFactorsAndListsHaveCommas() {
        Options options = options("--sizes", "4Ki,100Ki", "--messages", "1M", "--sessions", "20");
        assertThat(options.numbers("sizes", "1")).containsExactly(4096, 102400);
        assertThat(options.number("messages", 1)).isEqualTo(1_000_000);
        assertThat(options.number("sessions", 1)).isEqualTo(20);
        assertThat(options.numbers("mailboxes", "10,1k")).containsExactly(10, 1000);
    }

    @Test
    void aNameWithoutAValueIsAFlag() {
        Options options = options("--alone", "--keep", "false");
        assertThat(options.flag("alone")).isTrue();
        assertThat(options.flag("keep")).isFalse();
        assertThat(options.flag("stock")).isFalse();
    }

    @Test
    void whatNobodyAsksForIsRefusedWithWhatThereIs() {
        Options options = options("--session", "1");
        options.number("sessions", 1);
        assertThatThrownBy(options::rejectUnknown)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--session;")
                .hasMessageContaining("--sessions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "1.5", "3M5", "99999M", "Ki", "9223372036854775807k"})
    void whatIsNoNumberIsRefusedByTheOptionsName(String text) {
        Options options = options("--messages", text);
        assertThatThrownBy(() -> options.number("messages", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--messages");
    }

    @Test
    void wordsThatAreNoOptionsAreRefused() {
        assertThatThrownBy(() -> options("deliver")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options("--")).isInstanceOf(IllegalArgumentException.class);
    }
}
