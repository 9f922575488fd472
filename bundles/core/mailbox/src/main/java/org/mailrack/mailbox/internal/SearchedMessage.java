package org.mailrack.mailbox.internal;

import java.io.IOException;
import java.io.Reader;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.mailbox.MimePart;

/** The message that a search asks; reads of it no more than it is asked for, and that once. */
final class SearchedMessage {

    private static final Pattern DAY =
            Pattern.compile("(\\d{1,2})[ -]{1,10}([A-Za-z]{3})[A-Za-z]{0,6}\\.?[ -]{1,10}(\\d{2,4})(?!\\d)");
    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";

    private final MailboxView view;
    private int index;
    private final LiveMailbox mailbox;
    private final MessageReader reader;
    private final MimeLimits limits;
    private List<MessageText.Field> header;
    private Content content;

    SearchedMessage(MailboxView view, LiveMailbox mailbox, MessageReader reader, MimeLimits limits) {
        this.view = view;
        this.mailbox = mailbox;
        this.reader = reader;
        this.limits = limits;
    }

    /** Goes to another message. */
    void move(int to) {
        index = to;
        header = null;
        content = null;
    }

    long uid() {
        return view.uid(index);
    }

    long modSeq() {
        return view.modSeq(index);
    }

    Flags flags() {
        return view.flags(index);
    }

    long size() {
        return view.messageSize(index);
    }

    Instant date() {
        return view.internalDate(index);
    }

    /** The day that the Date field names; empty when it names none. */
    Optional<LocalDate> sent() {
        return reader.envelope(mailbox, view.row(index)).date().flatMap(SearchedMessage::day);
    }

    /** The day in a date as mail has it (RFC 5322 section 3.3 and 4.3). */
    static Optional<LocalDate> day(String date) {
        Matcher found = DAY.matcher(date);
        if (!found.find()) {
            return Optional.empty();
        }
        int month = MONTHS.indexOf(found.group(2).toLowerCase(Locale.ROOT));
        int year = Integer.parseInt(found.group(3));
        if (found.group(3).length() == 2) {
            year += year < 50 ? 2000 : 1900;
        } else if (found.group(3).length() == 3) {
            year += 1900;
        }
        if (month < 0 || month % 3 != 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.of(year, month / 3 + 1, Integer.parseInt(found.group(1))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private Content content() {
        if (content == null) {
            content = reader.content(view.row(index).content());
        }
        return content;
    }

    private List<MessageText.Field> header() {
        if (header == null) {
            header = MessageReader.read(content(), 0, content().length(), in -> MessageText.header(in, limits));
        }
        return header;
    }

    boolean headerHas(String field, String needle) {
        return header().stream()
                .anyMatch(f -> f.name().equalsIgnoreCase(field)
                        && (needle.isEmpty() || Folding.fold(f.value()).contains(needle)));
    }

    boolean anyHeaderHas(String needle) {
        return has(header(), needle);
    }

    private static boolean has(List<MessageText.Field> fields, String needle) {
        return needle.isEmpty()
                || fields.stream()
                        .anyMatch(f -> Folding.fold(f.name() + ": " + f.value()).contains(needle));
    }

    boolean bodyHas(String needle) {
        return needle.isEmpty() || bodyHas(reader.structure(mailbox, view.row(index)), needle, true);
    }

    /** Looks into text parts, and into the headers of embedded messages, which are body of the outer one. */
    private boolean bodyHas(MimePart part, String needle, boolean root) {
        if (!root && part.envelope().isPresent() && headerOf(part, needle)) {
            return true;
        }
        if (part.children().isEmpty()) {
            return part.type().equals("text") && textHas(part, needle);
        }
        return part.children().stream().anyMatch(child -> bodyHas(child, needle, false));
    }

    private boolean headerOf(MimePart part, String needle) {
        return MessageReader.read(
                content(),
                part.headerStart(),
                part.bodyStart() - part.headerStart(),
                in -> has(MessageText.header(in, limits), needle));
    }

    private boolean textHas(MimePart part, String needle) {
        return MessageReader.read(content(), part.bodyStart(), part.size(), in -> {
            try (Reader text = MessageText.body(in, part)) {
                return TextMatcher.find(text, needle);
            } catch (RuntimeException e) {
                throw new IOException("the part cannot be decoded", e);
            }
        });
    }
}
