package org.mailrack.itests.crash;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What a mailbox must hold. */
final class ExpectedFolder {

    /** A message that must be there. */
    record Message(LoadMail mail, Set<String> flags) {

        Message with(Set<String> more, boolean add) {
            Set<String> changed = new TreeSet<>(flags);
            if (add) {
                changed.addAll(more);
            } else {
                changed.removeAll(more);
            }
            return new Message(mail, changed);
        }
    }

    private final NavigableMap<Long, Message> messages = new TreeMap<>();
    /** Every UID that ever meant a message here, of those that are gone too. */
    private final Map<Long, String> used = new HashMap<>();

    private long uidValidity;
    /** UIDNEXT when the mailbox was last looked at: what came later is not below it. */
    private long floor;

    NavigableMap<Long, Message> messages() {
        return messages;
    }

    /** Whether nobody has looked at it since it was made. */
    boolean isNew() {
        return uidValidity == 0;
    }

    /** The mail that a UID means or once meant; empty when it was not given out. */
    String known(long uid) {
        return used.getOrDefault(uid, "");
    }

    /** A message comes. */
    void place(long uid, Message message, Consumer<String> problem) {
        String before = used.put(uid, message.mail().token());
        if (before != null) {
            problem.accept("UID " + uid + " of " + message.mail().token() + " was " + before + " already");
        } else if (uid < floor) {
            problem.accept("UID " + uid + " of " + message.mail().token() + " is below the UIDNEXT " + floor
                    + " that was told before it came");
        }
        messages.put(uid, message);
    }

    /** UIDs that are there and that nobody expects. */
    List<Long> strangers(Actual.Folder actual) {
        return actual.messages().keySet().stream()
                .filter(uid -> !messages.containsKey(uid))
                .toList();
    }

    /** Tells every difference, and takes the numbers as what cannot fall any more. */
    void compare(Actual.Folder actual, Consumer<String> problem) {
        messages.forEach((uid, message) -> {
            Actual.Message found = actual.messages().get(uid);
            if (found == null) {
                problem.accept("UID " + uid + ", " + message.mail().token() + ", is missing");
            } else if (!found.token().equals(message.mail().token())) {
                problem.accept("UID " + uid + " is " + found.token() + " and was "
                        + message.mail().token());
            } else if (!found.flags().equals(message.flags())) {
                problem.accept("UID " + uid + ", " + found.token() + ", has the flags " + found.flags()
                        + " and was promised " + message.flags());
            }
        });
        for (long uid : strangers(actual)) {
            problem.accept("UID " + uid + ", " + actual.messages().get(uid).token() + ", should not be there"
                    + (used.containsKey(uid) ? ": it was removed" : ""));
        }
        if (uidValidity != 0 && uidValidity != actual.uidValidity()) {
            problem.accept("UIDVALIDITY was " + uidValidity + " and is " + actual.uidValidity());
        }
        uidValidity = actual.uidValidity();
        long least = Math.max(
                floor, used.keySet().stream().mapToLong(uid -> uid + 1).max().orElse(1));
        if (actual.uidNext() < least) {
            problem.accept("UIDNEXT is " + actual.uidNext() + " and must be " + least + " at least");
        }
        floor = actual.uidNext();
    }
}
