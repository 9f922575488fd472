package org.mailrack.filtering.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.mailrack.api.filter.HeaderEdit;
import org.mailrack.api.mail.Header;

class HeaderSectionTest {

    private static HeaderSection read(String message) throws IOException {
        return HeaderSection.read(Octets.of(message), 64 * 1024).orElseThrow();
    }

    /** The message after those edits. */
    private static String edited(String message, HeaderEdit... edits) throws Exception {
        HeaderSection section = read(message);
        return new String(section.edited(List.of(edits), 64 * 1024).octets(), StandardCharsets.UTF_8)
                + message.substring((int) section.length());
    }

    private static String escaped(String text) {
        return text.replace("\\n", "\r\n").replace("\\e", "");
    }

    @Test
    void fieldsAreUnfoldedAndTrimmed() throws IOException {
        assertThat(read("Subject:  one\r\n  two \r\n\t three \r\nX:\r\ny : z\r\n\r\nbody: no\r\n")
                        .headers())
                .containsExactly(new Header("Subject", "one  two \t three"), new Header("X", ""), new Header("y", "z"));
        assertThat(HeaderSection.read(new Octets(new byte[] {'A', ':', (byte) 0xff, '\r', '\n', '\r', '\n'}), 100)
                        .orElseThrow()
                        .headers())
                .containsExactly(new Header("A", "\ufffd"));
    }

    @ParameterizedTest(name = "RFC 5322 2.2: [{0}] with a field added is [{1}]")
    @CsvSource(
            delimiter = '|',
            value = {
                "A: 1\\n\\nbody\\n          |X: y\\nA: 1\\n\\nbody\\n",
                "\\nbody\\n                 |X: y\\n\\nbody\\n",
                "no header\\nat all\\n      |X: y\\n\\nno header\\nat all\\n",
                "\\e                        |X: y\\n\\n",
                "A: 1\\n                    |X: y\\nA: 1\\n\\n",
                "A: 1\\ngarbage\\nB: 2\\n   |X: y\\nA: 1\\n\\ngarbage\\nB: 2\\n",
                "' folded\\nA: 1\\n'        |'X: y\\n\\n folded\\nA: 1\\n'",
            })
    void theBodyBeginsWhereItBegan(String message, String expected) throws Exception {
        assertThat(edited(escaped(message), new HeaderEdit.Add("X", "y"))).isEqualTo(escaped(expected));
    }

    @Test
    void editsAreDoneInOrderAndLeaveOtherFieldsAsTheyAre() throws Exception {
        String message = "A:  1\r\n  odd\r\nsubject: x\r\nB : 2\r\nSubject: second\r\nA: 3\r\n\r\nbody\r\n";
        assertThat(edited(
                        message,
                        new HeaderEdit.Set("Subject", "new"),
                        new HeaderEdit.Remove("b"),
                        new HeaderEdit.Set("Y", "at the end"),
                        new HeaderEdit.Add("X", "above all")))
                .isEqualTo(
                        "X: above all\r\nA:  1\r\n  odd\r\nSubject: new\r\nSubject: second\r\nA: 3\r\nY: at the end\r\n\r\nbody\r\n");
    }

    @ParameterizedTest(name = "refuses [{0}]")
    @ValueSource(strings = {"a\r\nBcc: eve@x.org", "a\nb", "a\rb", "a\u0000b", "a\u001bb", "a\u007fb"})
    void aValueCannotBreakOutOfItsField(String value) {
        assertThatThrownBy(() -> edited("A: 1\r\n\r\n", new HeaderEdit.Set("A", value)))
                .isInstanceOf(HeaderSection.BadEdit.class)
                .hasMessageNotContaining("eve");
        assertThatThrownBy(() -> edited("A: 1\r\n\r\n", new HeaderEdit.Add(value, "x")))
                .isInstanceOf(HeaderSection.BadEdit.class);
    }

    @ParameterizedTest(name = "refuses the name [{0}]")
    @ValueSource(strings = {"", "A:", "A B", "é", "A\t"})
    void aNameIsAFieldName(String name) {
        assertThatThrownBy(() -> edited("A: 1\r\n\r\n", new HeaderEdit.Add(name, "x")))
                .isInstanceOf(HeaderSection.BadEdit.class);
    }

    @Test
    void longValuesAreFoldedAndComeBackTheSame() throws Exception {
        String value = "words ".repeat(100).strip() + "  " + "x".repeat(200) + " end";
        String message = edited("A: 1\r\n\r\nbody", new HeaderEdit.Add("Subject", value));
        assertThat(Arrays.stream(message.split("\r\n")).filter(l -> !l.contains("xxx")))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(78));
        assertThat(read(message).headers().get(0)).isEqualTo(new Header("Subject", value));
    }

    @ParameterizedTest(name = "RFC 2047: [{0}] comes back the same")
    @ValueSource(
            strings = {
                "Grüße",
                "plain äöü plain",
                "ä  b  ö ü",
                "😀😀😀 and so on",
                "=?UTF-8?B?eA==?= literally",
                "[tagged] Re: größe",
                "only ascii = ? no word",
            })
    void whatIsNotAsciiIsEncoded(String value) throws Exception {
        for (String text : new String[] {
            value, (value + " ").repeat(50).strip(), value.replace(" ", "").repeat(50)
        }) {
            String message = edited("\r\n", new HeaderEdit.Set("Subject", text));
            assertThat(message).matches("(?s)[\r\n -~]*");
            assertThat(message.split("\r\n"))
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(998));
            assertThat(EncodedWords.decode(read(message).headers().get(0).value()))
                    .isEqualTo(text);
        }
    }

    @Test
    void anAddressKeepsItsAddressWhenTheNameIsEncoded() throws Exception {
        assertThat(edited("\r\n", new HeaderEdit.Set("From", "Jörg <j@x.org>")))
                .isEqualTo("From: =?UTF-8?B?SsO2cmc=?= <j@x.org>\r\n\r\n");
    }

    @ParameterizedTest(name = "RFC 2047: {0} is read as {1}")
    @CsvSource({
        "=?ISO-8859-1?Q?Patrik_F=E4ltstr=F6m?= <p@x>, Patrik Fältström <p@x>",
        "=?utf-8?b?w6Q=?= =?utf-8?b?w7Y=?=, äö",
        "a =?utf-8?q?b?= c, a b c",
        "=?utf-8?b?w?= x, =?utf-8?b?w?= x",
        "=?utf-8?b?8J+Y?= =?utf-8?b?gA==?=, 😀",
        "=?nosuchset?q?x?=, =?nosuchset?q?x?=",
        "=?utf-8*de?q?x?=, x",
        "=?utf-8?q?=zz?=, =?utf-8?q?=zz?=",
        "=?utf-8?x?a?=, =?utf-8?x?a?=",
        "=?, =?",
    })
    void decodesEncodedWords(String encoded, String decoded) {
        assertThat(EncodedWords.decode(encoded)).isEqualTo(decoded);
    }

    @Test
    void aHeaderOverTheLimitIsNotReadFurther() throws IOException {
        String header = "A: bbbbb\r\n".repeat(200);
        assertThat(HeaderSection.read(Octets.of(header + "\r\nx"), 1000)).isEmpty();
        assertThat(HeaderSection.read(Octets.of("A: " + "b".repeat(5000)), 1000))
                .isEmpty();
        assertThat(HeaderSection.read(Octets.of("A: b\r\n\r\n" + "x\r\n".repeat(5000)), 1000))
                .isPresent();
        assertThat(HeaderSection.read(Octets.of("A: b\r\n\r\n" + "x".repeat(5000)), 1000))
                .isPresent();
    }

    /** Whatever comes in, an edit leaves the body where it is, and what it added is read back. */
    @FuzzTest(maxDuration = "30s")
    void edit(FuzzedDataProvider input) throws Exception {
        String value = input.consumeString(200);
        byte[] message = input.consumeRemainingAsBytes();
        HeaderSection section =
                HeaderSection.read(new Octets(message), 1024 * 1024).orElseThrow();
        assertThat(section.length()).isBetween(0L, (long) message.length);
        HeaderSection changed;
        try {
            changed = section.edited(List.of(new HeaderEdit.Add("X-Test", value)), 64 * 1024);
        } catch (HeaderSection.BadEdit e) {
            assertThat(value.chars().anyMatch(Character::isISOControl)).isTrue();
            return;
        }
        HeaderSection again =
                HeaderSection.read(new Octets(changed.octets()), 1024 * 1024).orElseThrow();
        assertThat(again.headers()).hasSameSizeAs(changed.headers());
        assertThat(again.headers().get(0).name()).isEqualTo("X-Test");
        EncodedWords.decode(new String(message, StandardCharsets.ISO_8859_1));
    }
}
