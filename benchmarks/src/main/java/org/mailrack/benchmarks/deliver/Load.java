package org.mailrack.benchmarks.deliver;

import java.util.ArrayList;
import java.util.List;

/**
 * What one run sends: messages of a size by a number of sessions to a number of mailboxes, a new connection for each.
 *
 * <p>Postfix's {@code smtp-source} sends to one address, or with {@code -N} to one that no other message of the process
 * has, with a number before it. So few mailboxes are spread over processes, one for each mailbox, and many are met by
 * processes that send one message to each mailbox, one process after the other.
 */
public record Load(int sessions, int octets, int mailboxes) {

    /** Up to so many mailboxes there is a process for each. */
    static final int FEW = 50;

    /** The local parts of the recipients. */
    public List<String> users() {
        List<String> users = new ArrayList<>();
        for (int i = 1; i <= mailboxes; i++) {
            users.add(i + "u");
        }
        return users;
    }

    /** One process of smtp-source: so many sessions and messages, to one address or, numbered, to as many as messages. */
    record Part(int sessions, int messages, String to, boolean numbered) {}

    /** Steps one after the other; the parts of a step at the same time. The messages are the same for each mailbox. */
    List<List<Part>> steps(int messages) {
        int each = each(messages);
        List<List<Part>> steps = new ArrayList<>();
        if (mailboxes > FEW) {
            for (int i = 0; i < each; i++) {
                steps.add(List.of(new Part(sessions, mailboxes, "u", true)));
            }
            return steps;
        }
        // As many mailboxes at a time as there are sessions for.
        int atOnce = Math.min(sessions, mailboxes);
        for (int first = 0; first < mailboxes; first += atOnce) {
            int parts = Math.min(atOnce, mailboxes - first);
            List<Part> step = new ArrayList<>();
            for (int i = 0; i < parts; i++) {
                int some = sessions / parts + (i < sessions % parts ? 1 : 0);
                step.add(new Part(some, each, first + i + 1 + "u", false));
            }
            steps.add(step);
        }
        return steps;
    }

    /** Messages for each mailbox. */
    int each(int messages) {
        return Math.max(1, Math.round((float) messages / mailboxes));
    }
}
