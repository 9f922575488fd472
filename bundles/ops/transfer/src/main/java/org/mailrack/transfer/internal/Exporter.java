package org.mailrack.transfer.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.store.StoreException;

/** Takes the mailboxes of an account out, each as it stands at one moment. What cannot be read is named, and the rest follows. */
final class Exporter {

    private final Mailboxes mailboxes;
    private final String account;
    private final MailTarget target;
    private final Progress progress;

    Exporter(Mailboxes mailboxes, String account, MailTarget target, Progress progress) {
        this.mailboxes = mailboxes;
        this.account = account;
        this.target = target;
        this.progress = progress;
    }

    /** Exports mailboxes; returns a row for each. */
    List<Map<String, Object>> run(List<MailboxInfo> which) throws IOException, InterruptedException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (MailboxInfo mailbox : which) {
            rows.add(export(mailbox));
        }
        Set<String> names = which.stream().map(MailboxInfo::name).collect(Collectors.toSet());
        target.subscriptions(mailboxes.subscriptions(account).stream()
                .filter(names::contains)
                .collect(Collectors.toSet()));
        return rows;
    }

    private Map<String, Object> export(MailboxInfo info) throws IOException, InterruptedException {
        progress.begin(info.name());
        long problems = progress.problems();
        long exported = 0;
        try (Mailbox mailbox = mailboxes.open(account, info.name())) {
            MailboxView view = mailbox.view();
            List<String> keywords = keywords(view);
            try (MailTarget.Folder folder = target.folder(view.info(), keywords)) {
                for (int i = 0; i < view.size(); i++) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException("the export was cancelled");
                    }
                    if (export(mailbox, view.row(i), folder)) {
                        exported++;
                        progress.done(1);
                    }
                }
                folder.leftOut()
                        .forEach(keyword -> progress.problem("keyword " + keyword + " of " + info.name()
                                + " is left out: the format has room for 26 in a folder"));
            }
        } catch (StoreException | IllegalArgumentException e) {
            progress.skipped("mailbox " + info.name(), e.getMessage());
        }
        long skipped = progress.problems() - problems;
        progress.end(String.format(Locale.ROOT, "%,d exported, %,d problems", exported, skipped));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("mailbox", info.name());
        row.put("exported", exported);
        row.put("skipped", skipped);
        return row;
    }

    private boolean export(Mailbox mailbox, MessageRow row, MailTarget.Folder folder)
            throws IOException, InterruptedException {
        try (InputStream octets = new Source(mailbox.content(row.content()).open())) {
            folder.add(row, octets);
            return true;
        } catch (StoreException e) {
            damaged(mailbox, row, e.getMessage());
        } catch (MailTarget.Damaged e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("the export was cancelled");
            }
            damaged(mailbox, row, e.getMessage());
        }
        return false;
    }

    private void damaged(Mailbox mailbox, MessageRow row, String why) {
        MailboxView now = mailbox.view();
        if (now.indexOf(row.uid()) < 0) {
            return; // Somebody has removed it meanwhile.
        }
        progress.skipped(
                String.format(
                        Locale.ROOT,
                        "message %d of %s (%s, %,d octets, content %s)",
                        row.uid(),
                        now.info().name(),
                        row.internalDate(),
                        row.size(),
                        row.content()),
                why);
    }

    /** The keywords of a view, the most frequent first. */
    private static List<String> keywords(MailboxView view) {
        if (view.keywords().isEmpty()) {
            return List.of();
        }
        Map<String, Integer> counts = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < view.size(); i++) {
            view.flags(i).keywords().forEach(keyword -> counts.merge(keyword, 1, Integer::sum));
        }
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Tells failures of reading from those of writing. */
    private static final class Source extends FilterInputStream {

        Source(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException e) {
                throw damaged(e);
            }
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                return super.read(into, offset, length);
            } catch (IOException e) {
                throw damaged(e);
            }
        }

        private static MailTarget.Damaged damaged(IOException e) {
            return new MailTarget.Damaged("its octets cannot be read: " + Reasons.of(e), e);
        }
    }
}
