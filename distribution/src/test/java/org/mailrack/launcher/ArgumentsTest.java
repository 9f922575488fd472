package org.mailrack.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

class ArgumentsTest {

    @Test
    void theBaseIsReadBeforeTheCommandOnly() {
        Arguments arguments = Arguments.parse(List.of("--base", "x", "grep", "--base", "y"));
        assertThat(arguments).isEqualTo(new Arguments(Optional.of(Path.of("x")), "grep", List.of("--base", "y")));
        assertThat(Arguments.parse(List.of("--base=x", "status")).base()).contains(Path.of("x"));
    }

    @Test
    void jsonMayStandInFrontOfTheCommand() {
        assertThat(Arguments.parse(List.of("--json", "queue", "list")))
                .isEqualTo(new Arguments(Optional.empty(), "queue", List.of("--json", "list")));
    }

    @Test
    void noCommandIsHelp() {
        assertThat(Arguments.parse(List.of()).command()).isEqualTo("help");
        assertThat(Arguments.parse(List.of("-h")).command()).isEqualTo("help");
        assertThat(Arguments.parse(List.of("--version")).command()).isEqualTo("version");
    }

    @Test
    void whatIsWrongIsSaidWithTheUsageCode() {
        for (List<String> wrong : List.of(List.of("--base"), List.of("--base="), List.of("--frobnicate", "run"))) {
            assertThatThrownBy(() -> Arguments.parse(wrong))
                    .isInstanceOfSatisfying(LauncherException.class, e -> assertThat(e.exitCode())
                            .isEqualTo(2));
        }
    }
}
