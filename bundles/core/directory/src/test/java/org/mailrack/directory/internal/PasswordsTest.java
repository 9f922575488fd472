package org.mailrack.directory.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {

    @Test
    void rfc8265Section42SpacesAndNormalForm() {
        assertThat(Passwords.prepare("a\u3000b\u00a0c".toCharArray()))
                .hasValueSatisfying(p -> assertThat(new String(p, UTF_8)).isEqualTo("a b c"));
        assertThat(Passwords.prepare("e\u0301".toCharArray()))
                .hasValueSatisfying(p -> assertThat(new String(p, UTF_8)).isEqualTo("\u00e9"));
        assertThat(Passwords.prepare("MiXed \ud83c\udf54".toCharArray()))
                .hasValueSatisfying(p -> assertThat(new String(p, UTF_8)).isEqualTo("MiXed \ud83c\udf54"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "a\nb", "a\u007f", "a\u0085", "\ud83c", "\uffff"})
    void whatCanBeNoPassword(String password) {
        assertThat(Passwords.prepare(password.toCharArray())).isEmpty();
    }

    @Test
    void lengthIsBoundedInOctets() {
        assertThat(Passwords.prepare("x".repeat(1024).toCharArray())).isPresent();
        assertThat(Passwords.prepare("x".repeat(1025).toCharArray())).isEmpty();
        assertThat(Passwords.prepare("\u00e9".repeat(512).toCharArray())).isPresent();
        assertThat(Passwords.prepare("\u00e9".repeat(513).toCharArray())).isEmpty();
    }

    @Test
    void generatedPasswordsAreLongAndDiffer() {
        String first = new String(Passwords.generate());
        assertThat(first).matches("([a-z2-9]{5}-){3}[a-z2-9]{5}").isNotEqualTo(new String(Passwords.generate()));
    }
}
