package org.mailrack.mailbox.internal;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.mailbox.MessageEnvelope;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.MimePart;
import org.mailrack.api.mailbox.SearchTerm;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.MailboxStore;

/** One user of a live mailbox. */
final class MailboxHandle implements Mailbox {

    private final MailboxesImpl mailboxes;
    private final MailboxStore store;
    private final LiveMailbox live;
    private final AtomicBoolean closed = new AtomicBoolean();

    MailboxHandle(MailboxesImpl mailboxes, MailboxStore store, LiveMailbox live) {
        this.mailboxes = mailboxes;
        this.store = store;
        this.live = live;
    }

    /** The live mailbox, unless it was deleted or this handle was closed. */
    private LiveMailbox live() {
        if (closed.get()) {
            throw new IllegalStateException("the handle is closed");
        }
        if (live.deleted()) {
            throw live.gone();
        }
        return live;
    }

    private String account() {
        return live.view().info().account();
    }

    /** Also after the mailbox was deleted: the last one, for those who have yet to say so to a client. */
    @Override
    public MailboxView view() {
        return live.view();
    }

    @Override
    public Registration listen(Runnable listener) {
        return live.listen(listener);
    }

    @Override
    public boolean deleted() {
        return live.deleted();
    }

    @Override
    public long claimRecent() {
        return live().claimRecent();
    }

    @Override
    public FlagResult changeFlags(UidSet uids, FlagChange change, OptionalLong unchangedSince) {
        Keywords.check(change, live().view().keywords(), mailboxes.limits());
        MailboxStore.FlagResult result = store.changeFlags(live.id(), uids, change, unchangedSince);
        List<MessageRow> rows = result.changed();
        if (!rows.isEmpty()) {
            long modSeq = rows.stream().mapToLong(MessageRow::modSeq).max().orElseThrow();
            live.changed(rows, UidSet.EMPTY, modSeq);
            mailboxes.tell(account());
        }
        return new FlagResult(uids(rows), result.modified());
    }

    private static UidSet uids(List<MessageRow> rows) {
        return UidSet.of(rows.stream().mapToLong(MessageRow::uid).toArray());
    }

    @Override
    public UidSet expunge(UidSet uids) {
        MailboxStore.Expunged gone = store.expunge(live().id(), uids);
        if (!gone.uids().isEmpty()) {
            live.changed(List.of(), gone.uids(), gone.modSeq());
            mailboxes.tell(account());
        }
        return gone.uids();
    }

    @Override
    public CopyResult copy(UidSet uids, String targetMailbox) {
        long source = live().id();
        MailboxInfo target = mailboxes.get(account(), targetMailbox);
        return result(target, store.copy(source, uids, target.id()));
    }

    @Override
    public CopyResult move(UidSet uids, String targetMailbox) {
        long source = live().id();
        MailboxInfo target = mailboxes.get(account(), targetMailbox);
        return result(target, store.move(source, uids, target.id()));
    }

    private CopyResult result(MailboxInfo target, MailboxStore.Copied copied) {
        if (!copied.rows().isEmpty()) {
            mailboxes.moved(live.id(), target.id(), copied);
            mailboxes.tell(account());
        }
        return new CopyResult(target.uidValidity(), copied.source(), uids(copied.rows()));
    }

    @Override
    public UidSet search(MailboxView view, SearchTerm term) {
        return new Search(live(), mailboxes.reader(), mailboxes.limits()).search(view, term);
    }

    @Override
    public Content content(ContentRef ref) {
        live();
        return mailboxes.reader().content(ref);
    }

    @Override
    public MimePart structure(MessageRow row) {
        return mailboxes.reader().structure(live(), row);
    }

    @Override
    public MessageEnvelope envelope(MessageRow row) {
        return mailboxes.reader().envelope(live(), row);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            mailboxes.reader().flush(live.id());
            mailboxes.live().release(live);
        }
    }
}
