package org.mailrack.imap.internal.command;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.mailbox.SearchTerm;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.codec.ImapDates;
import org.mailrack.imap.internal.codec.SequenceSet;
import org.mailrack.imap.internal.session.CommandException;
import org.mailrack.imap.internal.session.Limits;
import org.mailrack.imap.internal.session.Messages;
import org.mailrack.imap.internal.session.SelectedMailbox;

/** Reads the keys of a SEARCH (RFC 3501 section 6.4.4). */
final class SearchParser {

    /** Far enough, and still milliseconds that fit a long. */
    private static final LocalDate FIRST_DAY = LocalDate.of(1, 1, 1);

    private static final LocalDate LAST_DAY = LocalDate.of(9999, 12, 31);

    private final Decoder in;
    private final Limits limits;
    private final SelectedMailbox selected;
    private Charset charset = StandardCharsets.UTF_8;
    private int keys;
    private boolean readsContent;

    SearchParser(Decoder in, Limits limits, SelectedMailbox selected) {
        this.in = in;
        this.limits = limits;
        this.selected = selected;
    }

    /** Reads all that is left. */
    SearchTerm read() {
        if (in.takeWord("CHARSET ")) {
            charset = charset(in.astring().toUpperCase(Locale.ROOT));
            in.space();
        }
        List<SearchTerm> terms = new ArrayList<>();
        do {
            terms.add(key(0));
        } while (in.more());
        in.end();
        return and(terms);
    }

    /** Whether the search may have to read messages. */
    boolean readsContent() {
        return readsContent;
    }

    private static Charset charset(String name) {
        return switch (name) {
            case "US-ASCII" -> StandardCharsets.US_ASCII;
            case "UTF-8" -> StandardCharsets.UTF_8;
            case "ISO-8859-1" -> StandardCharsets.ISO_8859_1;
            default -> throw CommandException.no("BADCHARSET (US-ASCII UTF-8 ISO-8859-1)", "Unknown charset");
        };
    }

    private static SearchTerm and(List<SearchTerm> terms) {
        return terms.size() == 1 ? terms.get(0) : new SearchTerm.And(terms);
    }

    private SearchTerm key(int depth) {
        if (depth > limits.searchDepth()) {
            in.fail("Search nested deeper than " + limits.searchDepth());
        }
        if (++keys > limits.arguments()) {
            in.fail("More than " + limits.arguments() + " search keys");
        }
        if (in.take('(')) {
            List<SearchTerm> terms = new ArrayList<>();
            do {
                terms.add(key(depth + 1));
            } while (!in.take(')') && spaced());
            return and(terms);
        }
        if (SequenceSet.begins(in.peek())) {
            return numbers(SequenceSet.read(in, limits.sequenceElements()));
        }
        String word = in.keyword();
        return switch (word) {
            case "ALL" -> new SearchTerm.All();
            case "ANSWERED", "DELETED", "DRAFT", "FLAGGED", "SEEN" -> flag(word);
            case "UNANSWERED", "UNDELETED", "UNDRAFT", "UNFLAGGED", "UNSEEN" -> not(flag(word.substring(2)));
            case "NEW" -> new SearchTerm.And(List.of(recent(), not(flag("SEEN"))));
            case "OLD" -> not(recent());
            case "RECENT" -> recent();
            default -> withArgument(word, depth);
        };
    }

    private SearchTerm withArgument(String word, int depth) {
        in.space();
        return switch (word) {
            case "NOT" -> not(key(depth + 1));
            case "OR" -> {
                SearchTerm first = key(depth + 1);
                in.space();
                yield new SearchTerm.Or(List.of(first, key(depth + 1)));
            }
            case "KEYWORD" -> new SearchTerm.HasFlag(in.atom());
            case "UNKEYWORD" -> not(new SearchTerm.HasFlag(in.atom()));
            case "LARGER" -> new SearchTerm.Larger(in.number());
            case "SMALLER" -> new SearchTerm.Smaller(in.number());
            case "UID" -> uids(Messages.ofUids(SequenceSet.read(in, limits.sequenceElements()), selected.known()));
            case "BEFORE" -> received(FIRST_DAY, day());
            case "ON" -> {
                LocalDate day = day();
                yield received(day, day.plusDays(1));
            }
            case "SINCE" -> received(day(), LAST_DAY);
            case "SENTBEFORE" -> sent(FIRST_DAY, day());
            case "SENTON" -> {
                LocalDate day = day();
                yield sent(day, day.plusDays(1));
            }
            case "SENTSINCE" -> sent(day(), LAST_DAY);
            case "BCC", "CC", "FROM", "SUBJECT", "TO" -> header(word, text());
            case "HEADER" -> {
                String field = in.astring();
                in.space();
                yield header(field, text());
            }
            case "BODY" -> reading(new SearchTerm.Body(text()));
            case "TEXT" -> reading(new SearchTerm.Text(text()));
            default -> throw in.fail("Unknown search key");
        };
    }

    private boolean spaced() {
        in.space();
        return !in.take(')');
    }

    private String text() {
        return in.astring(charset);
    }

    private LocalDate day() {
        LocalDate day = ImapDates.date(in);
        return day.isBefore(FIRST_DAY) ? FIRST_DAY : day;
    }

    private SearchTerm reading(SearchTerm term) {
        readsContent = true;
        return term;
    }

    private SearchTerm header(String field, String text) {
        return reading(new SearchTerm.HeaderField(field, text));
    }

    private SearchTerm sent(LocalDate from, LocalDate before) {
        return reading(new SearchTerm.Sent(from, before));
    }

    private static SearchTerm received(LocalDate from, LocalDate before) {
        return new SearchTerm.Received(start(from), start(before));
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static SearchTerm not(SearchTerm term) {
        return new SearchTerm.Not(term);
    }

    private static SearchTerm flag(String name) {
        return new SearchTerm.HasFlag("\\" + name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT));
    }

    private SearchTerm recent() {
        MailboxView known = selected.known();
        BitSet recent = new BitSet();
        recent.set(known.size() - selected.recent(), known.size());
        return uids(recent);
    }

    /** A number that no message has finds nothing: a search is a question. */
    private SearchTerm numbers(SequenceSet set) {
        int size = selected.known().size();
        BitSet found = new BitSet();
        for (SequenceSet.Range range : set.ranges()) {
            long a = Math.min(range.first() == SequenceSet.LAST ? size : range.first(), size + 1L);
            long b = Math.min(range.last() == SequenceSet.LAST ? size : range.last(), size + 1L);
            found.set((int) Math.max(0, Math.min(a, b) - 1), (int) Math.max(a, b));
        }
        found.clear(size, size + 1);
        return uids(found);
    }

    private SearchTerm uids(BitSet messages) {
        UidSet uids = Messages.uids(messages, selected.known());
        return new SearchTerm.Uids(uids);
    }
}
