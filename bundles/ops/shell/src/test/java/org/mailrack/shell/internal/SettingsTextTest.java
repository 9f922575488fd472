package org.mailrack.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTextTest {

    @Test
    void theLineIsReplacedWhereItStandsAndTheRestStays() {
        String text = "# About\nfirst=1\n\n  second : 2\nthird 3\n";
        assertThat(SettingsText.set(text, "second", "22")).isEqualTo("# About\nfirst=1\n\nsecond=22\nthird 3\n");
        assertThat(SettingsText.set(text, "third", "33")).isEqualTo("# About\nfirst=1\n\n  second : 2\nthird=33\n");
    }

    @Test
    void aNewSettingComesLast() {
        assertThat(SettingsText.set("", "a", "1")).isEqualTo("a=1\n");
        assertThat(SettingsText.set("b=2", "a", "1")).isEqualTo("b=2\na=1\n");
    }

    @Test
    void aSettingOverSeveralLinesIsReplacedWhole() {
        assertThat(SettingsText.set("a=1,\\\n  2,\\\n  3\nb=2\n", "a", "4")).isEqualTo("a=4\nb=2\n");
        assertThat(SettingsText.unset("a=1,\\\n  2\nb=2\n", "a")).isEqualTo("b=2\n");
    }

    @Test
    void twoOfItBecomeOne() {
        assertThat(SettingsText.set("a=1\nb=2\na=3\n", "a", "4")).isEqualTo("a=4\nb=2\n");
    }

    @Test
    void aCommentThatLooksLikeItStays() {
        assertThat(SettingsText.set("#a=1\\\nb=2\n", "a", "4")).isEqualTo("#a=1\\\nb=2\na=4\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "",
                "a=b",
                "C:\\mail\\",
                "#x",
                "!x",
                "[external]",
                "ends in \\\\",
                "käse",
                "a:b c",
                "${x}"
            })
    void whatIsWrittenIsWhatIsRead(String value) throws Exception {
        Properties read = new Properties();
        read.load(new StringReader(SettingsText.set("x.y=1\nother=2\n", "x.y", value)));
        assertThat(read).containsEntry("x.y", value).containsEntry("other", "2").hasSize(2);
    }
}
