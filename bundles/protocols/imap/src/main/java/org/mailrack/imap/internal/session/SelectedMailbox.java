package org.mailrack.imap.internal.session;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.imap.internal.codec.Encoder;
import org.mailrack.imap.internal.session.Command.Updates;

/**
 * The mailbox that a session has selected, as its client knows it. Other sessions' changes show in the shared view at once; the
 * client is told by comparing, at the moments when it may be told.
 */
public final class SelectedMailbox implements AutoCloseable {

    private static final List<String> SYSTEM_FLAGS =
            List.of("\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft");

    private final Mailbox mailbox;
    private final boolean readOnly;
    private final long recentFrom;
    private final Set<String> toldKeywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private MailboxView known;
    /** The client knows the flags of its messages as of this view; newer than the other while an EXPUNGE may not be told. */
    private MailboxView told;
    /** The flags that were written last, and how. */
    private Flags writtenFlags;

    private boolean writtenRecent;
    private byte[] written;

    /**
     * A mailbox just opened.
     *
     * @param recentFrom the first UID that is {@code \Recent} here
     */
    public SelectedMailbox(Mailbox mailbox, MailboxView view, boolean readOnly, long recentFrom) {
        this.mailbox = mailbox;
        this.known = view;
        this.readOnly = readOnly;
        this.recentFrom = recentFrom;
        this.told = view;
    }

    public Mailbox mailbox() {
        return mailbox;
    }

    public boolean readOnly() {
        return readOnly;
    }

    /** The view by which the client counts its messages. */
    public MailboxView known() {
        return known;
    }

    public boolean isRecent(long uid) {
        return uid >= recentFrom;
    }

    /** How many messages that the client knows are {@code \Recent}. */
    public int recent() {
        return known.size() - Messages.atOrAfter(known, recentFrom);
    }

    /** Tells the flags in use and those that can be set. */
    public void tellFlagNames(Encoder out, MailboxView now) {
        toldKeywords.addAll(now.keywords());
        List<String> names = new ArrayList<>(SYSTEM_FLAGS);
        names.addAll(toldKeywords);
        out.raw("* FLAGS ").list(names).crlf();
        if (readOnly) {
            names.clear();
        } else {
            names.add("\\*");
        }
        out.raw("* OK [PERMANENTFLAGS ").list(names).raw("] Flags that stay").crlf();
    }

    /** Writes {@code FLAGS (…)}. */
    public void flags(Encoder out, Flags flags, long uid) {
        boolean recent = isRecent(uid);
        if (flags != writtenFlags || recent != writtenRecent) {
            // Most messages have the flags of the one before, and those are one object.
            List<String> names = new ArrayList<>(flags.names());
            if (recent) {
                names.add("\\Recent");
            }
            written = ("FLAGS (" + String.join(" ", names) + ')').getBytes(StandardCharsets.UTF_8);
            writtenFlags = flags;
            writtenRecent = recent;
        }
        out.raw(written);
    }

    /** Writes an untagged FETCH with flags and UID. */
    public void fetchFlags(Encoder out, int index, Flags flags) {
        long uid = known.uid(index);
        out.raw("* ").number(index + 1L).raw(" FETCH (UID ").number(uid).raw(' ');
        flags(out, flags, uid);
        out.raw(')').crlf();
    }

    /** The flags that the client knows a message has. */
    public Flags toldFlags(int index) {
        int at = told.indexOf(known.uid(index));
        return at < 0 ? known.flags(index) : told.flags(at);
    }

    /** Decides whether the client need not be told of a message, by its index in the known and in the new view. */
    @FunctionalInterface
    public interface Skip {
        boolean test(int known, int now);
    }

    /** Tells new flags of messages that the client knows, as of a newer view, but for those that it learns in another way. */
    public void tellFlags(Encoder out, MailboxView now, Skip skip) {
        if (!toldKeywords.containsAll(now.keywords())) {
            tellFlagNames(out, now);
        }
        if (now.info().highestModSeq() <= told.info().highestModSeq()) {
            return;
        }
        now.changedSince(told.info().highestModSeq(), j -> {
            int i = known.indexOf(now.uid(j));
            if (i >= 0 && !skip.test(i, j)) {
                fetchFlags(out, i, now.flags(j));
            }
        });
        told = now;
    }

    /** Tells what changed, as far as it may be told now. */
    public void sync(Encoder out, Updates updates) {
        MailboxView now = mailbox.view();
        if (now == known || updates == Updates.NONE) {
            return;
        }
        tellFlags(out, now, (i, j) -> false);
        int stayed = known.size() == 0 ? 0 : Messages.atOrAfter(now, known.uid(known.size() - 1) + 1);
        boolean vanished = stayed != known.size();
        if (vanished && updates != Updates.ALL) {
            // New messages wait too: their numbers would follow on those of messages that are gone.
            return;
        }
        if (vanished) {
            tellExpunged(out, now);
        }
        boolean arrived = now.size() != stayed;
        known = now;
        if (arrived) {
            out.raw("* ")
                    .number(now.size())
                    .raw(" EXISTS\r\n* ")
                    .number(recent())
                    .raw(" RECENT\r\n");
        }
    }

    private void tellExpunged(Encoder out, MailboxView now) {
        BitSet gone = new BitSet();
        vanished(0, known.size(), now, gone);
        int before = 0;
        for (int i = gone.nextSetBit(0); i >= 0; i = gone.nextSetBit(i + 1)) {
            // Each one moves those after it down by one.
            out.raw("* ").number(i + 1L - before++).raw(" EXPUNGE\r\n");
        }
    }

    /** Finds messages that are gone by halving, so that the cost goes with their number and not with the mailbox. */
    private void vanished(int from, int to, MailboxView now, BitSet gone) {
        int left = to == from
                ? 0
                : Messages.atOrAfter(now, known.uid(to - 1) + 1) - Messages.atOrAfter(now, known.uid(from));
        if (left == to - from) {
            return;
        }
        if (left == 0) {
            gone.set(from, to);
            return;
        }
        int middle = from + to >>> 1;
        vanished(from, middle, now, gone);
        vanished(middle, to, now, gone);
    }

    @Override
    public void close() {
        mailbox.close();
    }
}
