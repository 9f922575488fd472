package org.mailrack.transfer.internal.mbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FromLineTest {

    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

    @ParameterizedTest
    @CsvSource({
        // RFC 4155, in UTC
        "From god@heaven.af.mil Sat Jan  3 01:05:34 1996, 1996-01-03T01:05:34Z",
        "From MAILER-DAEMON Sun Jun  1 12:00:00 2025, 2025-06-01T12:00:00Z",
        "From alice@crepes.fr  Thu Feb 29 23:59:60 2024, 2024-02-29T23:59:59Z",
        "From a b c@crepes.fr Thu Feb 29 3:09:00 2024, 2024-02-29T03:09:00Z",
        "From x Thu Feb 29 03:09 2024, 2024-02-29T03:09:00Z",
        // with a zone, before the year as old Unix has it or after it
        "From x Thu Feb 29 12:00:00 EST 2024, 2024-02-29T17:00:00Z",
        "From x Thu Feb 29 12:00:00 2024 +0200, 2024-02-29T10:00:00Z",
        "From x Thu Feb 29 12:00:00 -0330 2024, 2024-02-29T15:30:00Z",
        "From x Thu Feb 29 12:00:00 2024 remote from y, 2024-02-29T12:00:00Z"
    })
    void datesAsProgramsWriteThem(String line, Instant date) {
        assertThat(FromLine.date(line, ZoneOffset.UTC)).contains(date);
    }

    @Test
    void aDateWithoutAZoneIsInTheZoneThatWasGiven() {
        assertThat(FromLine.date("From x Sun Jun  1 12:00:00 2025", PARIS))
                .contains(Instant.parse("2025-06-01T10:00:00Z"));
        assertThat(FromLine.date("From x Sun Jun  1 12:00:00 XYZ 2025", PARIS))
                .contains(Instant.parse("2025-06-01T10:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From here on it is easy.",
                "From ",
                "From: alice Sun Jun  1 12:00:00 2025",
                ">From x Sun Jun  1 12:00:00 2025",
                "From x Sun Jun 31 12:00:00 2025",
                "From x Sun Foo  1 12:00:00 2025",
                "From x Sun Jun  1 25:00:00 2025",
                "From x Sun Jun  1 12:00:00 25",
                "From x, on Sunday Jun  1 12:00:00 2025"
            })
    void whatHasNoDateIsText(String line) {
        assertThat(FromLine.date(line, ZoneOffset.UTC)).isEmpty();
    }

    @Test
    void longLinesCostLittleAndAreText() {
        long begun = System.nanoTime();
        assertThat(FromLine.date("From " + "Sun Jun ".repeat(100_000), ZoneOffset.UTC))
                .isEmpty();
        assertThat(FromLine.date("From " + " ".repeat(990), ZoneOffset.UTC)).isEmpty();
        assertThat(FromLine.date("From " + "Sun Jun 1 ".repeat(99), ZoneOffset.UTC))
                .isEmpty();
        assertThat(System.nanoTime() - begun).isLessThan(2_000_000_000L);
    }

    @Test
    void whatIsWrittenIsRead() {
        Instant date = Instant.parse("2025-06-01T02:03:04.567Z");
        String line = FromLine.of("alice@crepes.fr", date);
        assertThat(line).isEqualTo("From alice@crepes.fr Sun Jun  1 02:03:04 2025");
        assertThat(FromLine.date(line, ZoneOffset.UTC)).contains(Instant.parse("2025-06-01T02:03:04Z"));
    }
}
