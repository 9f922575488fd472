package org.mailrack.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InitOptionsTest {

    @Test
    void anOrdinaryUserCanRunTheDefault() {
        InitOptions options = InitOptions.parse(List.of());
        assertThat(options.portOffset()).isEqualTo(10_000);
        assertThat(options.bind()).isEqualTo("127.0.0.1");
        assertThat(options.relayPort()).isEqualTo(25);
        assertThat(options.plaintextOnLoopback()).isFalse();
    }

    @Test
    void allOptions() {
        InitOptions options = InitOptions.parse(List.of(
                "--hostname=MX.Crepes.fr",
                "--domain",
                "crepes.fr",
                "--domain",
                "b.example",
                "--domain",
                "crepes.fr",
                "--port-offset",
                "0",
                "--bind",
                "::",
                "--resolver",
                "[::1]:5353",
                "--relay-port",
                "20025"));
        assertThat(options)
                .isEqualTo(new InitOptions(
                        Optional.of("mx.crepes.fr"),
                        List.of("crepes.fr", "b.example"),
                        0,
                        "::",
                        Optional.of("[::1]:5353"),
                        20025,
                        false));
    }

    @Test
    void aPortAbove65535IsRefusedWithTheNumber() {
        // The highest is ManageSieve's, 4190.
        assertThat(InitOptions.parse(List.of("--port-offset", "61345")).portOffset())
                .isEqualTo(61345);
        assertThatThrownBy(() -> InitOptions.parse(List.of("--port-offset", "61346")))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("65536");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port-offset=x",
                "--port-offset=-1",
                "--port-offset=99999999999",
                "--port-offset",
                "--bind=localhost",
                "--bind=300.0.0.1",
                "--bind=1.2.3",
                "--resolver=127.0.0.1",
                "--resolver=127.0.0.1:0",
                "--resolver=127.0.0.1:70000",
                "--resolver=a b:53",
                "--resolver=x\ny=z:53",
                "--relay-port=0",
                "--hostname=-a.example",
                "--hostname=a..example",
                "--hostname=a.example\nplaintext.loopback=true",
                "--domain=exa mple",
                "--domain=",
                "--domain=bücher.example",
                "--frobnicate",
                "stray"
            })
    void nonsenseIsOneLineThatNamesTheOption(String word) {
        assertThatThrownBy(() -> InitOptions.parse(List.of(word)))
                .isInstanceOfSatisfying(LauncherException.class, e -> {
                    assertThat(e.exitCode()).isEqualTo(2);
                    assertThat(e.getMessage()).doesNotContain("\n").contains(word.split("=")[0]);
                });
    }
}
