package org.mailrack.transfer.internal.mbox;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The line before a message (RFC 4155 appendix A): {@code From SENDER DATE}, the date as {@code asctime} writes it. The RFC has it
 * in UTC; many programs have local time, and some say in which zone, before or after the year.
 */
final class FromLine {

    static final String START = "From ";

    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    private static final Pattern FORM = Pattern.compile("From (?:.{0,500}\\s)?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\\s{1,3}"
            + "(?<month>[A-Z][a-z]{2})\\s{1,3}(?<day>[0-9]{1,2})\\s{1,3}"
            + "(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(?::(?<second>[0-9]{2}))?"
            + "(?:\\s{1,3}(?<before>[A-Z]{1,5}|[-+][0-9]{4}))?"
            + "\\s{1,3}(?<year>[0-9]{4})(?:\\s{1,3}(?<after>[A-Z]{1,5}|[-+][0-9]{4}))?(?:\\s.{0,200})?");
    private static final DateTimeFormatter ASCTIME = DateTimeFormatter.ofPattern(
                    "EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final int MAX = 1000;

    private FromLine() {}

    /** The date of the line; empty when it is no such line. */
    static Optional<Instant> date(String line, ZoneId normally) {
        if (!line.startsWith(START) || line.length() > MAX) {
            return Optional.empty();
        }
        Matcher form = FORM.matcher(line);
        int month = form.matches() ? MONTHS.indexOf(form.group("month")) : -1;
        if (month < 0) {
            return Optional.empty();
        }
        try {
            LocalDateTime local = LocalDateTime.of(
                    number(form, "year"),
                    month + 1,
                    number(form, "day"),
                    number(form, "hour"),
                    number(form, "minute"),
                    // A leap second is as good as the one before.
                    form.group("second") == null ? 0 : Math.min(59, number(form, "second")));
            String zone = form.group("before") != null ? form.group("before") : form.group("after");
            return Optional.of(local.atZone(zone(zone, normally)).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int number(Matcher form, String group) {
        return Integer.parseInt(form.group(group));
    }

    private static ZoneId zone(String text, ZoneId normally) {
        if (text == null) {
            return normally;
        }
        try {
            return ZoneId.of(text, ZoneId.SHORT_IDS);
        } catch (DateTimeException e) {
            return normally;
        }
    }

    /** The line, without its end. */
    static String of(String sender, Instant date) {
        return START + sender + ' ' + ASCTIME.format(date);
    }
}
