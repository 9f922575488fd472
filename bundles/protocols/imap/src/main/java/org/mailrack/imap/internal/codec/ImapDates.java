package org.mailrack.imap.internal.codec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two forms of dates in RFC 3501 section 9. Internal dates are told in UTC. */
public final class ImapDates {

    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    private static final Pattern DATE = Pattern.compile("(\\d{1,2})-([A-Za-z]{3})-(\\d{4})");
    private static final Pattern DATE_TIME =
            Pattern.compile("([ \\d]?\\d)-([A-Za-z]{3})-(\\d{4}) (\\d{2}):(\\d{2}):(\\d{2}) ([+-])(\\d{2})(\\d{2})");

    private ImapDates() {}

    /** A date-time such as {@code "17-Jul-1996 02:44:25 +0000"}, without quotes. */
    public static String format(Instant time) {
        ZonedDateTime at = time.atZone(ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(26);
        two(text, at.getDayOfMonth()).append('-').append(MONTHS.get(at.getMonthValue() - 1));
        int year = Math.min(9999, Math.max(0, at.getYear()));
        two(two(text.append('-'), year / 100), year % 100).append(' ');
        two(text, at.getHour()).append(':');
        two(text, at.getMinute()).append(':');
        return two(text, at.getSecond()).append(" +0000").toString();
    }

    private static StringBuilder two(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** Reads a date such as {@code 1-Feb-1994}, quoted or not. */
    public static LocalDate date(Decoder in) {
        Matcher found = DATE.matcher(in.astring());
        if (!found.matches()) {
            throw in.fail("Date expected");
        }
        try {
            return LocalDate.of(
                    Integer.parseInt(found.group(3)), month(found.group(2)), Integer.parseInt(found.group(1)));
        } catch (DateTimeException e) {
            throw in.fail("No such date");
        }
    }

    /** Reads a quoted date-time. */
    public static Instant dateTime(Decoder in) {
        Matcher found = DATE_TIME.matcher(in.string());
        if (!found.matches()) {
            throw in.fail("Date and time expected");
        }
        try {
            LocalDateTime local = LocalDateTime.of(
                    Integer.parseInt(found.group(3)),
                    month(found.group(2)),
                    Integer.parseInt(found.group(1).trim()),
                    Integer.parseInt(found.group(4)),
                    Integer.parseInt(found.group(5)),
                    second(found.group(6)));
            int minutes = Integer.parseInt(found.group(8)) * 60 + Integer.parseInt(found.group(9));
            ZoneOffset zone = ZoneOffset.ofTotalSeconds(60 * (found.group(7).equals("-") ? -minutes : minutes));
            return local.toInstant(zone);
        } catch (DateTimeException e) {
            throw in.fail("No such date and time");
        }
    }

    private static int second(String text) {
        // A leap second has no place in Java's time.
        return text.equals("60") ? 59 : Integer.parseInt(text);
    }

    private static int month(String name) {
        for (int i = 0; i < MONTHS.size(); i++) {
            if (MONTHS.get(i).equalsIgnoreCase(name)) {
                return i + 1;
            }
        }
        throw new DateTimeException("month");
    }
}
