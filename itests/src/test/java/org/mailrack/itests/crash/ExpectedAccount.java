package org.mailrack.itests.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What the mailboxes of an account must hold, and the changes of which nobody knows yet whether they have happened. */
final class ExpectedAccount {

    static final String INBOX = "INBOX";

    private final SortedMap<String, ExpectedFolder> folders = new TreeMap<>();
    private final List<Change> doubts = new ArrayList<>();
    /** The last UIDVALIDITY that was seen with a name. */
    private final Map<String, Long> validities = new HashMap<>();

    ExpectedAccount() {
        folders.put(INBOX, new ExpectedFolder());
    }

    SortedMap<String, ExpectedFolder> folders() {
        return folders;
    }

    List<Change> doubts() {
        return doubts;
    }

    /** Mailboxes that the server made by itself are not ours, but must stay. */
    void adopt(Actual actual) {
        actual.folders().keySet().forEach(name -> folders.computeIfAbsent(name, made -> new ExpectedFolder()));
    }

    /** Looks which of the doubtful changes have happened; each of them must have wholly or not at all. */
    void settleDoubts(Actual actual, Consumer<String> problem) {
        for (Change doubt : List.copyOf(doubts)) {
            settle(doubt, actual, problem);
        }
    }

    /** The same with one of them. */
    void settle(Change doubt, Actual actual, Consumer<String> problem) {
        doubts.remove(doubt);
        if (doubt.happened(this, actual)) {
            List<Long> made = doubt.made(this, actual);
            if (made.size() != doubt.makes()) {
                problem.accept("half of a change was kept, with the UIDs " + made + ": " + doubt);
            } else {
                doubt.apply(this, made, problem);
            }
        }
    }

    void compare(Actual actual, Consumer<String> problem) {
        if (!actual.folders().keySet().equals(folders.keySet())) {
            problem.accept("there are the mailboxes " + actual.folders().keySet() + " and must be " + folders.keySet());
        }
        for (String name : new TreeSet<>(folders.keySet())) {
            Actual.Folder now = actual.folders().get(name);
            if (now == null) {
                continue;
            }
            if (folders.get(name).isNew() && now.uidValidity() <= validities.getOrDefault(name, 0L)) {
                problem.accept(name + ": UIDVALIDITY is " + now.uidValidity() + ", and an earlier mailbox had "
                        + validities.get(name));
            }
            validities.put(name, now.uidValidity());
            folders.get(name).compare(now, what -> problem.accept(name + ": " + what));
        }
    }
}
