package org.mailrack.transfer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

    /** The first are of RFC 3501 section 5.1.3. */
    @ParameterizedTest
    @CsvSource({
        "~peter/mail/台北/日本語, '~peter/mail/&U,BTFw-/&ZeVnLIqe-'",
        "Entwürfe, Entw&APw-rfe",
        "A & B, A &- B",
        "&, &-",
        "😀, &2D3eAA-",
        "plain, plain"
    })
    void modifiedUtf7OfRfc3501Section513(String text, String encoded) {
        assertThat(ModifiedUtf7.encode(text)).isEqualTo(encoded);
        assertThat(ModifiedUtf7.decode(encoded)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a&b", "&A-", "&2D0-", "&AP/w-", "&===-", "ü", "&", "x\ty"})
    void whatIsNotModifiedUtf7IsNotDecoded(String name) {
        assertThat(ModifiedUtf7.decode(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "back\\slash", "literal \\2e", "Entwürfe v1.2", "&", "~x", "\\", "."})
    void aLevelOnDiskIsTheSameLevelAgain(String level) {
        String name = FolderNames.encode(level, "./\\");
        assertThat(name).doesNotContain(".").matches("[ -~]+");
        assertThat(FolderNames.decode(name)).isEqualTo(level);
    }

    @Test
    void namesInUtf8AreTakenAsTheyAreAndNoLevelHasASeparator() {
        assertThat(FolderNames.join(List.of("inbox", "Würste", "&AC8-", "x\\2fy")))
                .isEqualTo("INBOX/Würste/_/x_y");
    }

    @Test
    void aFileIsFoundByTheTextOfItsNameAlsoWhenTheLocaleCannotSayIt() {
        Path folder = Path.of("/some where");
        for (String name : List.of("1700.M1.host:2,S", "w\u00fcrste +x%20y")) {
            assertThat(FileNames.in(folder, FileNames.of(folder.resolve(name)))).isEqualTo(folder.resolve(name));
        }
        Path raw = Path.of(java.net.URI.create("file:///some%20where/caf%C3%A9"));
        assertThat(FileNames.in(folder, FileNames.of(raw))).isEqualTo(raw);
        assertThat(FileNames.shown(raw)).isEqualTo("caf\u00e9");
    }
}
