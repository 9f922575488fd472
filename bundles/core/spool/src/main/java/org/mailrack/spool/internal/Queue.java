package org.mailrack.spool.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.mailrack.api.mail.MailId;
import org.mailrack.api.spool.SpooledMail;

/** The mails in memory: by id, and those that wait for a try by when they are due. Not thread-safe. */
final class Queue {

    private final NavigableMap<MailId, SpooledMail> mails = new TreeMap<>();
    private final Set<MailId> leased = new HashSet<>();
    private final TreeSet<SpooledMail> waiting =
            new TreeSet<>(Comparator.comparing(SpooledMail::nextAttempt).thenComparing(SpooledMail::id));

    int size() {
        return mails.size();
    }

    SpooledMail get(MailId id) {
        return mails.get(id);
    }

    boolean isLeased(MailId id) {
        return leased.contains(id);
    }

    /** Adds a mail or puts it in place of its older state; what is leased stays so. */
    void put(SpooledMail mail) {
        remove(waiting, mails.put(mail.id(), mail));
        makeWait(mail);
    }

    void remove(MailId id) {
        remove(waiting, mails.remove(id));
        leased.remove(id);
    }

    boolean lease(MailId id) {
        SpooledMail mail = mails.get(id);
        if (mail == null || !leased.add(id)) {
            return false;
        }
        waiting.remove(mail);
        return true;
    }

    void release(MailId id) {
        if (leased.remove(id)) {
            makeWait(mails.get(id));
        }
    }

    /** Leases mails that are due. */
    List<SpooledMail> take(int max, Instant now) {
        List<SpooledMail> taken = new ArrayList<>();
        while (taken.size() < max
                && !waiting.isEmpty()
                && !waiting.first().nextAttempt().isAfter(now)) {
            SpooledMail mail = waiting.first();
            lease(mail.id());
            taken.add(mail);
        }
        return taken;
    }

    Optional<Instant> nextDue() {
        return waiting.isEmpty()
                ? Optional.empty()
                : Optional.of(waiting.first().nextAttempt());
    }

    List<SpooledMail> list(Optional<MailId> after, int max) {
        Collection<SpooledMail> from =
                after.map(id -> mails.tailMap(id, false)).orElse(mails).values();
        return from.stream().limit(max).toList();
    }

    private void makeWait(SpooledMail mail) {
        if (mail != null && mail.held().isEmpty() && !leased.contains(mail.id())) {
            waiting.add(mail);
        }
    }

    private static void remove(Set<SpooledMail> from, SpooledMail mail) {
        if (mail != null) {
            from.remove(mail);
        }
    }
}
