package org.mailrack.mailbox.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.mailbox.Mailboxes.Appended;
import org.mailrack.testkit.InMemoryContentStore;
import org.mailrack.testkit.InMemoryMailboxStore;

/** Mailboxes over stores in memory. */
class Fixture {

    static final String ALICE = "alice@crepes.fr";
    static final Instant NOON = Instant.parse("2025-06-01T12:00:00Z");

    final InMemoryMailboxStore store;
    final InMemoryContentStore contents = new InMemoryContentStore();
    final MailboxesImpl mailboxes;

    Fixture() {
        this(new InMemoryMailboxStore(), MailboxLimits.DEFAULTS);
    }

    Fixture(InMemoryMailboxStore store, MailboxLimits limits) {
        this.store = store;
        mailboxes = new MailboxesImpl(store, contents, limits);
    }

    ContentWriter writer(String text) {
        ContentWriter writer = mailboxes.create();
        writer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        return writer;
    }

    Appended append(String mailbox, String text, String... flags) {
        return mailboxes.append(ALICE, mailbox, writer(text), Flags.of(flags), NOON);
    }

    /** Each message as uid and flags, in order. */
    static List<String> rows(MailboxView view) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < view.size(); i++) {
            rows.add((view.uid(i) + " " + view.flags(i)).strip());
        }
        return rows;
    }
}
