package org.mailrack.storekeeper.internal;

import java.util.List;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import org.mailrack.api.spool.Spool;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.MailboxStore;

/** The command {@code store}. */
@Component(
        service = StoreCommand.class,
        property = {
            "osgi.command.scope=mailrack",
            "osgi.command.function=store",
            "mailrack.command.help=compares mailboxes and queue with the contents they refer to"
        })
public final class StoreCommand {

    private static final String USAGE = "usage: store verify [MEGABYTES-PER-SECOND]";
    private static final int MOST_NAMED = 1000;

    private final Verification verification;

    /** Verifies these stores; in the order in which a mail goes from one to the other. */
    @Activate
    public StoreCommand(@Reference ContentStore contents, @Reference Spool spool, @Reference MailboxStore mailboxes) {
        this(new Verification(contents, List.of(spool, mailboxes), mailboxes, MOST_NAMED));
    }

    StoreCommand(Verification verification) {
        this.verification = verification;
    }

    /** The command. */
    public Object store(String... args) {
        if (args.length < 1 || args.length > 2 || !args[0].equals("verify")) {
            throw new IllegalArgumentException(USAGE);
        }
        long rate = args.length == 1 ? 0 : megabytes(args[1]) << 20;
        // The thread's own stream, which is the client's.
        return verification.run(rate, System.err);
    }

    private static long megabytes(String word) {
        try {
            int megabytes = Integer.parseInt(word);
            if (megabytes > 0) {
                return megabytes;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(USAGE, e);
        }
        throw new IllegalArgumentException(USAGE);
    }
}
