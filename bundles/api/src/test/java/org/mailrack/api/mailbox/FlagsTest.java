package org.mailrack.api.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FlagsTest {

    @Test
    void systemFlagsAreBitsAndKeywordsKeepTheirCase() {
        Flags flags = Flags.of("\\seen", "$Forwarded", "\\Flagged", "$forwarded");
        assertThat(flags.has(Flags.SEEN)).isTrue();
        assertThat(flags.has("\\FLAGGED")).isTrue();
        assertThat(flags.has("$FORWARDED")).isTrue();
        assertThat(flags.names()).containsExactly("\\Flagged", "\\Seen", "$Forwarded");
    }

    @Test
    void changesCompareKeywordsWithoutRegardToCase() {
        Flags before = Flags.of("\\Seen", "Work");
        assertThat(new FlagChange(FlagChange.Kind.ADD, Flags.of("WORK", "\\Draft")).applyTo(before))
                .isEqualTo(Flags.of("\\Seen", "\\Draft", "Work"));
        assertThat(new FlagChange(FlagChange.Kind.REMOVE, Flags.of("work", "\\Seen")).applyTo(before))
                .isEqualTo(Flags.NONE);
        assertThat(new FlagChange(FlagChange.Kind.REPLACE, Flags.of("x")).applyTo(before))
                .isEqualTo(Flags.of("x"));
    }

    @Test
    void anUnknownSystemFlagIsRefused() {
        assertThatThrownBy(() -> Flags.of("\\Recent")).isInstanceOf(IllegalArgumentException.class);
    }
}
