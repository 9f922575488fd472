package org.mailrack.mailbox.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mailrack.mailbox.internal.Fixture.ALICE;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.mailbox.Mailboxes.Appended;
import org.mailrack.api.mailbox.UidSet;

/** Many threads change two mailboxes while others watch; nobody ever sees something that cannot be. */
class StressTest {

    private static final int WRITERS = 4;
    private static final int CHANGES = 400;

    private final Fixture rack = new Fixture();

    /** What a session has told its client must lead to what the mailbox is. */
    private static final class Watcher {
        private final Map<Long, String> known = new HashMap<>();
        private MailboxView last;
        private final Mailbox mailbox;

        Watcher(Mailbox mailbox) {
            this.mailbox = mailbox;
        }

        void look() {
            MailboxView view = mailbox.view();
            if (last != null) {
                check(view.info().highestModSeq() >= last.info().highestModSeq(), "the mod-sequence went back");
                check(view.info().uidNext() >= last.info().uidNext(), "UIDNEXT went back");
            }
            long before = 0;
            int unseen = 0;
            for (int i = 0; i < view.size(); i++) {
                check(view.uid(i) > before, "UIDs out of order");
                before = view.uid(i);
                check(view.modSeq(i) <= view.info().highestModSeq(), "a row newer than its mailbox");
                unseen += view.flags(i).has(Flags.SEEN) ? 0 : 1;
            }
            check(before < view.info().uidNext(), "a UID beyond UIDNEXT");
            check(unseen == view.unseen(), "wrong count of unseen");
            // As IMAP does it: what is gone, then what has changed since the mod-sequence the client knows.
            known.keySet().removeIf(uid -> view.indexOf(uid) < 0);
            view.changedSince(
                    last == null ? 0 : last.info().highestModSeq(),
                    i -> known.put(view.uid(i), view.flags(i).toString()));
            last = view;
        }

        void matches(MailboxView view) {
            look();
            Map<Long, String> now = new HashMap<>();
            for (int i = 0; i < view.size(); i++) {
                now.put(view.uid(i), view.flags(i).toString());
            }
            assertThat(known).isEqualTo(now);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private void change(Random random, Mailbox from, String fromName, String to) {
        MailboxView view = from.view();
        UidSet some = view.size() == 0
                ? UidSet.of(1)
                : UidSet.range(view.uid(random.nextInt(view.size())), view.uid(view.size() - 1) + 1);
        switch (random.nextInt(7)) {
            case 0, 1 -> {
                Appended appended = rack.append(fromName, "m", random.nextBoolean() ? "\\Seen" : "$Key");
                check(from.view().info().uidNext() > appended.uid(), "an append is not in the view when it returns");
            }
            case 2 -> {
                FlagChange.Kind kind = FlagChange.Kind.values()[random.nextInt(3)];
                from.changeFlags(
                        some, new FlagChange(kind, Flags.of("\\Seen", "$K" + random.nextInt(3))), OptionalLong.empty());
            }
            case 3 -> {
                UidSet gone = from.expunge(some);
                MailboxView now = from.view();
                check(gone.stream().allMatch(uid -> now.indexOf(uid) < 0), "an expunged message is in the view");
            }
            case 4 -> from.copy(some, to);
            case 5 -> {
                UidSet gone = from.move(some, to).source();
                MailboxView now = from.view();
                check(gone.stream().allMatch(uid -> now.indexOf(uid) < 0), "a moved message is in the view");
            }
            default -> rack.mailboxes.counts(ALICE, to);
        }
    }

    @Test
    void whateverThreadsDoEveryViewIsOneThatTheStoreHad() throws Exception {
        rack.mailboxes.list(ALICE);
        ExecutorService threads = Executors.newCachedThreadPool();
        AtomicInteger writing = new AtomicInteger(WRITERS);
        List<Future<?>> all = new ArrayList<>();
        try (Mailbox inbox = rack.mailboxes.open(ALICE, "INBOX");
                Mailbox archive = rack.mailboxes.open(ALICE, "Archive")) {
            for (int w = 0; w < WRITERS; w++) {
                Random random = new Random(w);
                all.add(threads.submit(() -> {
                    try {
                        for (int i = 0; i < CHANGES; i++) {
                            if (random.nextBoolean()) {
                                change(random, inbox, "INBOX", "Archive");
                            } else {
                                change(random, archive, "Archive", "INBOX");
                            }
                        }
                    } finally {
                        writing.decrementAndGet();
                    }
                    return null;
                }));
            }
            for (Mailbox mailbox : List.of(inbox, archive)) {
                all.add(threads.submit(() -> {
                    Watcher watcher = new Watcher(mailbox);
                    while (writing.get() > 0) {
                        watcher.look();
                    }
                    watcher.matches(mailbox.view());
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            for (Mailbox mailbox : List.of(inbox, archive)) {
                // The live view is what one read anew from the store is.
                MailboxesImpl anew = new MailboxesImpl(rack.store, rack.contents, MailboxLimits.DEFAULTS);
                String name = mailbox.view().info().name();
                try (Mailbox fresh = anew.open(ALICE, name)) {
                    assertThat(mailbox.view().info()).isEqualTo(fresh.view().info());
                    assertThat(mailbox.view().size()).isEqualTo(fresh.view().size());
                    for (int i = 0; i < fresh.view().size(); i++) {
                        assertThat(mailbox.view().row(i)).isEqualTo(fresh.view().row(i));
                    }
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
