package org.mailrack.store.derby.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a database that was restored from a backup safe for clients that have seen what came after it: UIDs and mod-sequences of that
 * time are not given out for something else (RFC 9051 section 2.3.1.1, RFC 7162 section 3.1), and every message counts as changed
 * since, every UID that is not there as removed. So clients find back without fetching all messages anew.
 */
final class Restored {

    static final String MARK = "db.restored";

    private static final Logger LOG = LoggerFactory.getLogger(Restored.class);

    /** More than a mailbox gets in the days since a backup. */
    private static final long UIDS = 100_000;
    /** UIDs have 32 bits. */
    private static final long MOST_UIDS = 4_000_000_000L;

    private static final long MOD_SEQS = 1_000_000_000L;

    private final Database database;
    private final Path mark;

    Restored(Database database) {
        this.database = database;
        this.mark = database.settings().data().resolve(MARK);
    }

    /** Does so if the database was restored and was not opened since; after a crash amid this, anew. */
    void adapt() {
        if (!Files.exists(mark)) {
            return;
        }
        List<Long> ids = database.run(
                "find mailboxes",
                tx -> tx.list("SELECT id FROM mailboxes WHERE account IS NOT NULL ORDER BY id", r -> r.getLong(1)));
        ids.forEach(this::adapt);
        try {
            Files.delete(mark);
        } catch (IOException e) {
            LOG.warn("the next start takes the database for restored again file={} reason={}", mark, e.toString());
        }
        LOG.info("database was restored from a backup; UIDs and mod-sequences go on higher mailboxes={}", ids.size());
    }

    private void adapt(long mailbox) {
        database.run("adapt restored mailbox", tx -> {
            MailboxTable.Row row = MailboxTable.lock(tx, mailbox);
            long modSeq = row.info().highestModSeq() + MOD_SEQS;
            long uidNext = row.info().uidNext();
            VanishedTable.forget(tx, mailbox, Long.MAX_VALUE);
            tx.update(
                    "UPDATE mailboxes SET uid_next = ?, mod_seq = ?, vanished_floor = ?, vanished_ranges = 0 WHERE id = ?",
                    uidNext < MOST_UIDS ? uidNext + UIDS : uidNext,
                    modSeq,
                    modSeq,
                    mailbox);
            tx.update("UPDATE messages SET mod_seq = ? WHERE mailbox = ?", modSeq, mailbox);
            return null;
        });
    }
}
