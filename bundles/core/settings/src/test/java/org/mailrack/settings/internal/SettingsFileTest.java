package org.mailrack.settings.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {

    @TempDir
    Path temp;

    private Map<String, String> read(byte[] octets) throws IOException {
        Path file = Files.write(temp.resolve("x.cfg"), octets);
        return SettingsFile.read(file, Map.of("mailrack.base", "/srv/$1/mail")::get);
    }

    private Map<String, String> read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyValueIsATextWhateverItLooksLike() throws Exception {
        assertThat(read("tag=[external]\na=(x)\nb=\"quoted\"\nI=I\"7\"\nempty=\n# no=comment\n"))
                .isEqualTo(Map.of("tag", "[external]", "a", "(x)", "b", "\"quoted\"", "I", "I\"7\"", "empty", ""));
    }

    @Test
    void textIsUtf8AndVariablesAreThoseOfTheServer() throws Exception {
        assertThat(read("greeting=Bon appétit\nfolder=${mailrack.base}/x\nother=${no.such} \n"))
                .isEqualTo(Map.of("greeting", "Bon appétit", "folder", "/srv/$1/mail/x", "other", "${no.such}"));
    }

    @Test
    void whatIsNoSettingsFileIsRefusedInWords() {
        assertThatThrownBy(() -> read(new byte[] {'a', '=', (byte) 0xff})).hasMessage("it is not UTF-8");
        assertThatThrownBy(() -> read("a=\\u00zz"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("escape");
        assertThatThrownBy(() -> read(new byte[2 << 20])).hasMessageContaining("larger");
    }

    @Test
    void theFileNameSaysWhichConfigurationItIs() {
        assertThat(SettingsFile.named("org.mailrack.smtp.cfg"))
                .isEqualTo(new SettingsFile("org.mailrack.smtp", Optional.empty()));
        assertThat(SettingsFile.named("org.mailrack.transport.endpoint-smtp.cfg"))
                .isEqualTo(new SettingsFile("org.mailrack.transport.endpoint", Optional.of("smtp")));
        assertThat(SettingsFile.named("org.mailrack.transport.endpoint~smtp-two.cfg"))
                .isEqualTo(new SettingsFile("org.mailrack.transport.endpoint", Optional.of("smtp-two")));
    }
}
