package org.mailrack.imap.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

/** The grammar of RFC 3501 section 9. */
class DecoderTest {

    @Test
    void readsAtomsStringsAndLiterals() {
        Decoder in = Decoder.of("a1 LOGIN \"a \\\"q\\\\\" {3}\r\nb{] NIL nil");
        assertThat(in.tag()).isEqualTo("a1");
        in.space();
        assertThat(in.keyword()).isEqualTo("LOGIN");
        in.space();
        assertThat(in.astring()).isEqualTo("a \"q\\");
        in.space();
        assertThat(in.astring()).isEqualTo("b{]");
        in.space();
        assertThat(in.astring()).isEqualTo("NIL");
        in.space();
        assertThat(in.nstring()).isNull();
        in.end();
    }

    @Test
    void staysFailed() {
        Decoder in = Decoder.of("( x");
        assertThatThrownBy(in::atom).isInstanceOf(SyntaxException.class).hasMessage("Atom expected");
        assertThatThrownBy(() -> in.take('(')).hasMessage("Atom expected");
        assertThatThrownBy(in::atEnd).hasMessage("Atom expected");
        assertThatThrownBy(in::end).hasMessage("Atom expected");
    }

    @Test
    void refusesWhatNoStringIs() {
        for (String text : List.of(
                "\"",
                "\"a",
                "\"a\\\"",
                "\"\\a\"",
                "\"a\rb\"",
                "\"a\0b\"",
                "{",
                "{3",
                "{3}",
                "{3}\r\nab",
                "{a}\r\nb",
                "{1}\r\n\0",
                "",
                " ",
                "(",
                "{99999999999999999999}\r\n")) {
            assertThatThrownBy(() -> Decoder.of(text).astring()).as(text).isInstanceOf(SyntaxException.class);
        }
    }

    @Test
    void numbersAndSetsDoNotOverflow() {
        assertThat(Decoder.of("4294967295").number()).isEqualTo(4294967295L);
        assertThatThrownBy(() -> Decoder.of("4294967296").number()).isInstanceOf(SyntaxException.class);
        assertThatThrownBy(() -> Decoder.of("99999999999999999999999999").number())
                .isInstanceOf(SyntaxException.class);
        assertThat(SequenceSet.read(Decoder.of("1,3:*,*:5"), 3).ranges())
                .containsExactly(
                        new SequenceSet.Range(1, 1),
                        new SequenceSet.Range(3, SequenceSet.LAST),
                        new SequenceSet.Range(SequenceSet.LAST, 5));
        for (String bad : List.of("0", "1:", ":1", "1,", ",1", "1:0", "**", "a", "")) {
            assertThatThrownBy(() -> {
                        Decoder in = Decoder.of(bad);
                        SequenceSet.read(in, 9);
                        in.end();
                    })
                    .as(bad)
                    .isInstanceOf(SyntaxException.class);
        }
    }

    @Test
    void datesFollowTheCalendar() {
        Instant time = Instant.parse("1996-07-17T09:44:25Z");
        assertThat(ImapDates.dateTime(Decoder.of("\"17-Jul-1996 02:44:25 -0700\"")))
                .isEqualTo(time);
        assertThat(ImapDates.dateTime(Decoder.of("\" 7-Jul-1996 02:44:25 +0000\"")))
                .isEqualTo("1996-07-07T02:44:25Z");
        assertThat(ImapDates.format(time)).isEqualTo("17-Jul-1996 09:44:25 +0000");
        for (String bad : List.of(
                "31-Feb-2026 00:00:00 +0000",
                "1-Foo-2026 00:00:00 +0000",
                "01-Jan-2026 24:00:00 +0000",
                "01-Jan-2026 00:00:99 +0000",
                "01-Jan-2026 00:00:00 +9900",
                "01-Jan-2026",
                "")) {
            assertThatThrownBy(() -> ImapDates.dateTime(Decoder.of('"' + bad + '"')))
                    .as(bad)
                    .isInstanceOf(SyntaxException.class);
        }
    }

    @Test
    void stringsAreQuotedWhenTheyCanBe() {
        assertThat(new Encoder().string("a\"b\\c").toString()).isEqualTo("\"a\\\"b\\\\c\"");
        assertThat(new Encoder().string("K\u00e4se").toString()).isEqualTo("{5}\r\nK\u00e4se");
        assertThat(new Encoder().string("a\r\nb").toString()).isEqualTo("{4}\r\na\r\nb");
        assertThat(new Encoder().string("").toString()).isEqualTo("\"\"");
        assertThat(new Encoder().string("a\0").toString()).isEqualTo("{4}\r\na\ufffd");
    }
}
