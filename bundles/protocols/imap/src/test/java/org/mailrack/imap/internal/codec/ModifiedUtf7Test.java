package org.mailrack.imap.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mailbox names (RFC 3501 section 5.1.3). */
class ModifiedUtf7Test {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INBOX | INBOX",
                "~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e | ~peter/mail/&U,BTFw-/&ZeVnLIqe-",
                "Tom & Jerry | Tom &- Jerry",
                "K\u00e4se | K&AOQ-se",
                "\ud83e\udd52 | &2D7dUg-",
                "&& | &-&-",
                "a\u00e4&b | a&AOQ-&-b"
            })
    void namesGoBothWays(String name, String wire) {
        assertThat(ModifiedUtf7.encode(name)).isEqualTo(wire);
        assertThat(ModifiedUtf7.decode(wire)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&",
                "&AOQ",
                "&AOQ=-",
                "&AOR-",
                "&AO-",
                "&A-",
                "&AGE-",
                "&Jjo-!&Jjo",
                "&U,BTFw-&ZeVnLIqe-",
                "&2D4-",
                "&3VI-",
                "K\u00e4se",
                "a\tb",
                "&AA0ACg=-",
                "&AOQ/-",
                "a\u0000b",
                "&-&",
                "&2D4-&3VI-"
            })
    void whatHasAnotherSpellingOrNoneIsRefused(String wire) {
        assertThatThrownBy(() -> ModifiedUtf7.decode(wire)).isInstanceOf(SyntaxException.class);
    }

    @Test
    void everyBasicCharacterGoesBothWays() {
        for (int c = 1; c < 0x10000; c++) {
            if (!Character.isSurrogate((char) c)) {
                String name = "a" + (char) c + "b";
                assertThat(ModifiedUtf7.decode(ModifiedUtf7.encode(name))).isEqualTo(name);
            }
        }
    }
}
