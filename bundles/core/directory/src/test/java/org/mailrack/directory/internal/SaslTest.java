package org.mailrack.directory.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.Optional;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.mailrack.api.directory.AuthenticationException;
import org.mailrack.api.directory.AuthenticationException.Reason;
import org.mailrack.api.directory.SaslExchange;

class SaslTest {

    private final Rig rig = new Rig().demo();

    private SaslExchange begin(String mechanism) throws AuthenticationException {
        return rig.authenticator.begin(mechanism, Rig.tls("192.0.2.1"));
    }

    private Reason plainFails(byte[] message) {
        return catchThrowableOfType(
                        AuthenticationException.class, () -> begin("PLAIN").respond(Optional.of(message)))
                .reason();
    }

    @Test
    void plainTakesTheInitialResponse() throws Exception {
        SaslExchange exchange = begin("PLAIN");
        assertThat(exchange.respond(Optional.of("\0bob@hamburger.edu\0hungry".getBytes(UTF_8))))
                .isEmpty();
        assertThat(exchange.account().name()).isEqualTo("bob@hamburger.edu");
    }

    @Test
    void plainLetsNobodyActForAnother() throws Exception {
        SaslExchange own = begin("PLAIN");
        own.respond(Optional.of("Bob@hamburger.edu\0bob\0hungry".getBytes(UTF_8)));
        assertThat(own.account().name()).isEqualTo("bob@hamburger.edu");
        assertThat(plainFails("alice@crepes.fr\0bob\0hungry".getBytes(UTF_8))).isEqualTo(Reason.FAILED);
        assertThat(plainFails("nobody\0bob\0hungry".getBytes(UTF_8))).isEqualTo(Reason.FAILED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\0",
                "\0\0",
                "bob",
                "bob\0hungry",
                "\0bob\0",
                "\0\0hungry",
                "\0bob\0hun\0gry",
                "\0b\u00f6b\0hungry"
            })
    void plainMalformedIsSaidSo(String message) {
        // The last one is Latin-1, not UTF-8.
        assertThat(plainFails(message.getBytes(ISO_8859_1))).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void plainIsBounded() {
        assertThat(plainFails(("\0" + "b".repeat(256) + "\0hungry").getBytes(UTF_8)))
                .isEqualTo(Reason.MALFORMED);
        assertThat(plainFails(("\0bob\0" + "h".repeat(1025)).getBytes(UTF_8))).isEqualTo(Reason.MALFORMED);
        assertThat(plainFails(("\0bob\0" + "h".repeat(1024)).getBytes(UTF_8))).isEqualTo(Reason.FAILED);
    }

    @Test
    void plainIsOverAfterOneResponse() throws Exception {
        SaslExchange exchange = begin("PLAIN");
        assertThat(catchThrowableOfType(
                                AuthenticationException.class,
                                () -> exchange.respond(Optional.of("\0bob\0wrong".getBytes(UTF_8))))
                        .reason())
                .isEqualTo(Reason.FAILED);
        assertThat(catchThrowableOfType(
                                AuthenticationException.class,
                                () -> exchange.respond(Optional.of("\0bob\0hungry".getBytes(UTF_8))))
                        .reason())
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void loginAsksForNameAndPassword() throws Exception {
        SaslExchange exchange = begin("LOGIN");
        assertThat(exchange.respond(Optional.empty()))
                .hasValueSatisfying(c -> assertThat(new String(c, UTF_8)).isEqualTo("Username:"));
        assertThat(exchange.respond(Optional.of("bob".getBytes(UTF_8))))
                .hasValueSatisfying(c -> assertThat(new String(c, UTF_8)).isEqualTo("Password:"));
        assertThat(exchange.respond(Optional.of("hungry".getBytes(UTF_8)))).isEmpty();
        assertThat(exchange.account().name()).isEqualTo("bob@hamburger.edu");
    }

    @Test
    void loginTakesTheNameAsInitialResponse() throws Exception {
        SaslExchange exchange = begin("LOGIN");
        assertThat(exchange.respond(Optional.of("bob".getBytes(UTF_8)))).isPresent();
        assertThat(catchThrowableOfType(
                                AuthenticationException.class,
                                () -> exchange.respond(Optional.of("wrong".getBytes(UTF_8))))
                        .reason())
                .isEqualTo(Reason.FAILED);
    }

    /** Whatever comes, it is an answer or an {@link AuthenticationException}, and nobody gets in. */
    @FuzzTest
    void hostileResponses(byte[] data) throws Exception {
        Rig fuzzed = new Rig(Map.of("failure_limit", 1_000_000, "failure_limit_client", 1_000_000)).demo();
        for (String mechanism : new String[] {"PLAIN", "LOGIN"}) {
            SaslExchange exchange = fuzzed.authenticator.begin(mechanism, Rig.tls("192.0.2.1"));
            try {
                if (exchange.respond(Optional.of(data)).isEmpty()) {
                    assertThat(new String(data, UTF_8)).contains("hungry");
                }
                exchange.respond(Optional.of(data));
            } catch (AuthenticationException e) {
                assertThat(e.reason()).isIn(Reason.FAILED, Reason.MALFORMED);
            }
        }
    }
}
