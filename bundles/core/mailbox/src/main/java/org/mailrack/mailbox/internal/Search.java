package org.mailrack.mailbox.internal;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.mailbox.SearchTerm;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.StoreException;

/**
 * One search (RFC 9051 section 6.4.4). Asks the cheapest terms first: those that the view answers, then those that need an envelope, a
 * header, a body. A message that cannot be read has no text.
 */
final class Search {

    private static final Logger log = LoggerFactory.getLogger(Search.class);

    private static final int COLUMN = 0;
    private static final int ENVELOPE = 1;
    private static final int HEADER = 2;
    private static final int BODY = 3;

    private final LiveMailbox mailbox;
    private final MessageReader reader;
    private final MailboxLimits limits;
    private int terms;

    Search(LiveMailbox mailbox, MessageReader reader, MailboxLimits limits) {
        this.mailbox = mailbox;
        this.reader = reader;
        this.limits = limits;
    }

    /** A term made ready. */
    private record Test(int cost, Check check) {}

    private interface Check {
        boolean matches(SearchedMessage message);
    }

    UidSet search(MailboxView view, SearchTerm term) {
        Test test = prepare(term, 0);
        List<UidSet.Range> found = new ArrayList<>();
        SearchedMessage message = new SearchedMessage(view, mailbox, reader, limits.mime());
        for (UidSet.Range range : candidates(term).ranges()) {
            int at = view.indexOf(range.first());
            for (int i = at < 0 ? -at - 1 : at; i < view.size() && view.uid(i) <= range.last(); i++) {
                message.move(i);
                if (test.check().matches(message)) {
                    add(found, view.uid(i));
                }
                if (test.cost() > COLUMN) {
                    goOn();
                }
            }
        }
        return UidSet.ofRanges(found);
    }

    /** Adds a UID greater than all before, so that a million in a row are one range. */
    private static void add(List<UidSet.Range> found, long uid) {
        int last = found.size() - 1;
        if (last >= 0 && found.get(last).last() == uid - 1) {
            found.set(last, new UidSet.Range(found.get(last).first(), uid));
        } else {
            found.add(new UidSet.Range(uid, uid));
        }
    }

    /** Ends a long search of which nobody wants the result. */
    private void goOn() {
        if (mailbox.deleted()) {
            throw mailbox.gone();
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the search was interrupted");
        }
    }

    /** UIDs besides which nothing can match. */
    private static UidSet candidates(SearchTerm term) {
        if (term instanceof SearchTerm.Uids uids) {
            return uids.uids();
        }
        if (term instanceof SearchTerm.And and) {
            for (SearchTerm each : and.terms()) {
                if (each instanceof SearchTerm.Uids uids) {
                    return uids.uids();
                }
            }
        }
        return UidSet.range(1, Long.MAX_VALUE);
    }

    private Test prepare(SearchTerm term, int depth) {
        if (++terms > limits.maxSearchTerms() || depth > limits.maxSearchDepth()) {
            throw new IllegalArgumentException("a search has at most " + limits.maxSearchTerms() + " terms, "
                    + limits.maxSearchDepth() + " in each other");
        }
        if (term instanceof SearchTerm.And and) {
            List<Test> tests = prepare(and.terms(), depth);
            return new Test(cost(tests), all(checks(tests)));
        }
        if (term instanceof SearchTerm.Or or) {
            List<Test> tests = prepare(or.terms(), depth);
            return new Test(cost(tests), any(checks(tests)));
        }
        if (term instanceof SearchTerm.Not not) {
            Test inner = prepare(not.term(), depth + 1);
            return new Test(inner.cost(), m -> !inner.check().matches(m));
        }
        return leaf(term);
    }

    private static Check[] checks(List<Test> tests) {
        return tests.stream().map(Test::check).toArray(Check[]::new);
    }

    // Loops and no streams, for a million messages.

    private static Check all(Check[] checks) {
        return message -> {
            for (Check check : checks) {
                if (!check.matches(message)) {
                    return false;
                }
            }
            return true;
        };
    }

    private static Check any(Check[] checks) {
        return message -> {
            for (Check check : checks) {
                if (check.matches(message)) {
                    return true;
                }
            }
            return false;
        };
    }

    private List<Test> prepare(List<SearchTerm> all, int depth) {
        List<Test> tests = new ArrayList<>(all.size());
        for (SearchTerm each : all) {
            tests.add(prepare(each, depth + 1));
        }
        tests.sort(Comparator.comparingInt(Test::cost));
        return tests;
    }

    private static int cost(List<Test> tests) {
        return tests.stream().mapToInt(Test::cost).max().orElse(COLUMN);
    }

    private Test leaf(SearchTerm term) {
        if (term instanceof SearchTerm.All) {
            return new Test(COLUMN, m -> true);
        }
        if (term instanceof SearchTerm.Uids t) {
            return new Test(COLUMN, m -> t.uids().contains(m.uid()));
        }
        if (term instanceof SearchTerm.HasFlag t) {
            Flags flag = Flags.of(t.name());
            return new Test(COLUMN, flag.bits() != 0 ? m -> m.flags().has(flag.bits()) : new HasKeyword(t.name()));
        }
        if (term instanceof SearchTerm.Larger t) {
            return new Test(COLUMN, m -> m.size() > t.octets());
        }
        if (term instanceof SearchTerm.Smaller t) {
            return new Test(COLUMN, m -> m.size() < t.octets());
        }
        if (term instanceof SearchTerm.ModSeq t) {
            return new Test(COLUMN, m -> m.modSeq() >= t.atLeast());
        }
        if (term instanceof SearchTerm.Received t) {
            return new Test(
                    COLUMN, m -> !m.date().isBefore(t.from()) && m.date().isBefore(t.before()));
        }
        if (term instanceof SearchTerm.Sent t) {
            return new Test(ENVELOPE, readable(m -> {
                Optional<LocalDate> day = m.sent();
                return day.isPresent()
                        && !day.get().isBefore(t.from())
                        && day.get().isBefore(t.before());
            }));
        }
        if (term instanceof SearchTerm.HeaderField t) {
            String needle = Folding.fold(t.text());
            return new Test(HEADER, readable(m -> m.headerHas(t.field(), needle)));
        }
        if (term instanceof SearchTerm.Body t) {
            String needle = Folding.fold(t.text());
            return new Test(BODY, readable(m -> m.bodyHas(needle)));
        }
        if (term instanceof SearchTerm.Text t) {
            String needle = Folding.fold(t.text());
            return new Test(BODY, readable(m -> m.anyHeaderHas(needle) || m.bodyHas(needle)));
        }
        throw new IllegalArgumentException("unknown search term");
    }

    /** Asks flags once that many messages share. */
    private static final class HasKeyword implements Check {
        private final String name;
        private Flags last = Flags.NONE;
        private boolean answer;

        HasKeyword(String name) {
            this.name = name;
        }

        @Override
        public boolean matches(SearchedMessage message) {
            Flags flags = message.flags();
            if (flags != last) {
                last = flags;
                answer = flags.has(name);
            }
            return answer;
        }
    }

    private Check readable(Check check) {
        return message -> {
            try {
                return check.matches(message);
            } catch (StoreException e) {
                if (e.kind() != StoreException.Kind.DAMAGED) {
                    throw e;
                }
                log.debug("search passes over message mailbox={} uid={} reason={}", mailbox.id(), message.uid(), e);
                return false;
            }
        };
    }
}
