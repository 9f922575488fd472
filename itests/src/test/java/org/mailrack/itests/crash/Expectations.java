package org.mailrack.itests.crash;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What the clients were promised by the answers that they have read, and what is in doubt because an answer did not come. Shared
 * by all clients of a load; {@link #check} compares it with what is there when nothing moves.
 */
final class Expectations {

    private enum Answer {
        /** Everything was sent, and the answer is not there yet or never came. */
        NONE,
        YES,
        /** A 4xx or 5xx: the mail is the client's own, and nobody may find it. */
        NO
    }

    /** A mail that was sent by SMTP until it was found with every one of its recipients. */
    private static final class Transit {
        private final LoadMail mail;
        private final Set<String> accounts;
        private final Set<String> arrived = new HashSet<>();
        private Answer answer = Answer.NONE;

        Transit(LoadMail mail, Set<String> accounts) {
            this.mail = mail;
            this.accounts = accounts;
        }
    }

    private final SortedMap<String, ExpectedAccount> accounts = new TreeMap<>();
    private final Map<String, Transit> transits = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    Expectations(List<String> names) {
        names.forEach(name -> accounts.put(name, new ExpectedAccount()));
    }

    // What clients of SMTP tell

    /** All of a mail is about to be sent; these accounts are to get it. */
    synchronized void sending(LoadMail mail, Set<String> to) {
        transits.put(mail.token(), new Transit(mail, to));
    }

    synchronized void accepted(LoadMail mail) {
        transits.get(mail.token()).answer = Answer.YES;
    }

    synchronized void refused(LoadMail mail) {
        transits.get(mail.token()).answer = Answer.NO;
    }

    // What clients of IMAP ask and tell

    /** Has a client look at what an account should have, or choose a change; {@code null} when there is nothing to do. */
    synchronized <T> T look(String account, Function<SortedMap<String, ExpectedFolder>, T> at) {
        return at.apply(Collections.unmodifiableSortedMap(accounts.get(account).folders()));
    }

    /** A change is about to be asked for. */
    synchronized void asking(String account, Change change) {
        accounts.get(account).doubts().add(change);
    }

    /** It was answered OK, with the UIDs of what it made. */
    synchronized void done(String account, Change change, List<Long> made) {
        accounts.get(account).doubts().remove(change);
        if (made.size() != change.makes()) {
            problems.add(account + " was told the UIDs " + made + " of " + change);
        } else {
            change.apply(accounts.get(account), made, what -> problems.add(account + ' ' + what + ": " + change));
        }
    }

    /** It was not answered, and somebody has looked since. */
    synchronized void settle(String account, Change change, Actual actual) {
        accounts.get(account).settle(change, actual, what -> problems.add(account + ' ' + what));
    }

    /** It was answered NO: nothing of it may have happened. */
    synchronized void notDone(String account, Change change) {
        accounts.get(account).doubts().remove(change);
    }

    /** A client has seen a message in its INBOX. */
    synchronized void seen(String account, long uid, String token, Set<String> flags) {
        ExpectedFolder inbox = accounts.get(account).folders().get(ExpectedAccount.INBOX);
        Transit transit = transits.get(token);
        String known = inbox.known(uid);
        if (known.isEmpty() && transit != null) {
            arrived(account, transit, uid, flags);
        } else if (!known.isEmpty() && !known.equals(token)) {
            problems.add(account + " INBOX: UID " + uid + " was " + known + " and is " + token);
        }
        // Others are appended, and whoever did that hears of it; or another client has removed it since.
    }

    private void arrived(String account, Transit transit, long uid, Set<String> flags) {
        if (!transit.accounts.contains(account)) {
            problems.add(account + " has got " + transit.mail.token() + ", which was for " + transit.accounts);
        } else if (!transit.arrived.add(account)) {
            problems.add(account + " has got " + transit.mail.token() + " twice");
        }
        accounts.get(account)
                .folders()
                .get(ExpectedAccount.INBOX)
                .place(
                        uid,
                        new ExpectedFolder.Message(transit.mail, new TreeSet<>(flags)),
                        what -> problems.add(account + " INBOX: " + what));
    }

    /** What a client found to be wrong by itself. */
    synchronized void problem(String what) {
        problems.add(what);
    }

    // What the harness asks

    /** What was found to be wrong so far. */
    synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    /** Compares everything, when the queue is empty; the problems there are. */
    synchronized List<String> check(Map<String, Actual> found) {
        accounts.forEach((name, account) -> {
            if (account.folders().size() == 1) {
                account.adopt(found.get(name));
            }
            account.settleDoubts(found.get(name), what -> problems.add(name + ' ' + what));
        });
        settleTransits(found);
        accounts.forEach((name, account) -> account.compare(found.get(name), what -> problems.add(name + ' ' + what)));
        return List.copyOf(problems);
    }

    private void settleTransits(Map<String, Actual> found) {
        accounts.forEach((name, account) -> {
            Actual.Folder inbox = found.get(name).folders().get(ExpectedAccount.INBOX);
            for (long uid : account.folders().get(ExpectedAccount.INBOX).strangers(inbox)) {
                Actual.Message message = inbox.messages().get(uid);
                if (transits.containsKey(message.token())) {
                    arrived(name, transits.get(message.token()), uid, message.flags());
                }
            }
        });
        for (Transit transit : transits.values()) {
            boolean promised = transit.answer == Answer.YES
                    // Whoever sees it with one recipient may rely on it for all.
                    || transit.answer == Answer.NONE && !transit.arrived.isEmpty();
            Set<String> wanted = promised ? transit.accounts : Set.of();
            if (!transit.arrived.equals(wanted)) {
                problems.add(transit.mail.token() + " was answered " + transit.answer + " for " + transit.accounts
                        + " and has arrived at " + transit.arrived);
            }
        }
        transits.clear();
    }

    /** How many messages must be there. */
    synchronized long messages() {
        return accounts.values().stream()
                .flatMap(account -> account.folders().values().stream())
                .mapToLong(folder -> folder.messages().size())
                .sum();
    }
}
