package org.mailrack.transfer.internal;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.StoreException;

/**
 * Brings the folders of a source into an account. Every message has a delivery key that depends on itself alone; so an import that
 * was cut off, or is done again because mail has come since, appends what is missing.
 */
final class Importer implements MailSource.Receiver, ImportDraft.Sink {

    /** Equal messages without names are told apart for so many messages of a folder, which takes 32 MiB. */
    private static final int MAX_UNNAMED = 2_000_000;
    /** RFC 9051 section 9, {@code flag-keyword}. */
    private static final Pattern KEYWORD = Pattern.compile("[!-~&&[^(){%*\"\\\\\\]]]{1,128}");

    private final ContentStore contents;
    private final Mailboxes mailboxes;
    private final Limits limits;
    private final String account;
    private final Progress progress;
    private final Appender appender;

    private String target = "";
    private List<Pending> batch = new ArrayList<>();
    private long batchOctets;
    private Occurrences occurrences = new Occurrences(MAX_UNNAMED);
    private boolean toldFull;
    private long imported;
    private long present;
    private long total;

    private Importer(ContentStore contents, Mailboxes mailboxes, Limits limits, String account, Progress progress) {
        this.contents = contents;
        this.mailboxes = mailboxes;
        this.limits = limits;
        this.account = account;
        this.progress = progress;
        this.appender = new Appender(contents, mailboxes, account);
    }

    /**
     * Imports; returns a row per folder.
     *
     * @param only the folders to import; all when empty
     * @param into a mailbox that takes the source's INBOX, and below which the others go; when empty they go where they were
     */
    static List<Map<String, Object>> run(
            ContentStore contents,
            Mailboxes mailboxes,
            Limits limits,
            String account,
            MailSource source,
            Set<String> only,
            Optional<String> into,
            Progress progress)
            throws IOException, InterruptedException {
        Importer importer = new Importer(contents, mailboxes, limits, account, progress);
        try (importer.appender) {
            return importer.folders(source, only, into);
        } catch (StoreException e) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "the import stopped after %,d new messages: %s; give the same command again to go on",
                            importer.total,
                            e.getMessage()),
                    e);
        } finally {
            importer.batch.forEach(pending -> pending.content().close());
        }
    }

    private List<Map<String, Object>> folders(MailSource source, Set<String> only, Optional<String> into)
            throws IOException, InterruptedException {
        List<MailSource.Folder> folders = source.folders();
        List<String> names = folders.stream().map(MailSource.Folder::name).toList();
        for (String wanted : only) {
            if (!names.contains(wanted)) {
                throw new IllegalArgumentException("there is no folder " + wanted + "; there are: "
                        + Progress.printable(String.join(", ", names)));
            }
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        for (MailSource.Folder folder : folders) {
            if (only.isEmpty() || only.contains(folder.name())) {
                rows.add(folder(folder, target(folder.name(), into)));
            }
        }
        for (String name : source.subscriptions()) {
            subscribe(target(name, into));
        }
        return rows;
    }

    private static String target(String name, Optional<String> into) {
        if (into.isEmpty()) {
            return name;
        }
        return name.equals(MailboxInfo.INBOX) ? into.get() : into.get() + MailboxInfo.SEPARATOR + name;
    }

    private Map<String, Object> folder(MailSource.Folder folder, String name) throws InterruptedException {
        progress.begin(name);
        target = name;
        occurrences = new Occurrences(MAX_UNNAMED);
        toldFull = false;
        imported = 0;
        present = 0;
        long problems = progress.problems();
        try {
            if (mailboxes.find(account, name).isEmpty()) {
                mailboxes.create(account, name, Optional.empty());
            }
            folder.read(this);
        } catch (IllegalArgumentException e) {
            progress.skipped(folder.where(), e.getMessage());
        } catch (IOException e) {
            progress.skipped("the rest of " + folder.where(), Reasons.of(e));
        }
        flush();
        took(appender.await());
        long skipped = progress.problems() - problems;
        progress.end(String.format(
                Locale.ROOT, "%,d imported, %,d there already, %,d passed over", imported, present, skipped));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("mailbox", name);
        row.put("imported", imported);
        row.put("present", present);
        row.put("skipped", skipped);
        return row;
    }

    private void subscribe(String name) {
        try {
            mailboxes.subscribe(account, name, true);
        } catch (IllegalArgumentException e) {
            progress.skipped("the subscription of " + name, e.getMessage());
        }
    }

    @Override
    public MailSource.Draft begin(String identity) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the import was cancelled");
        }
        return new ImportDraft(this, contents.create(), limits.maxMessageSize(), identity);
    }

    @Override
    public void skipped(String where, String why) {
        progress.skipped(where, why);
    }

    @Override
    public void take(ImportDraft draft, String where, Flags flags, Instant date) throws InterruptedException {
        if (draft.tooLarge()) {
            draft.writer().close();
            progress.skipped(
                    where,
                    String.format(
                            Locale.ROOT,
                            "it has %,d octets, more than the setting max.message.size of org.mailrack.transfer allows",
                            draft.size()));
            return;
        }
        batch.add(new Pending(draft.writer(), draft.key(occurrences), where, allowed(flags, where), date));
        batchOctets += draft.size();
        if (occurrences.full() && !toldFull) {
            toldFull = true;
            progress.note(String.format(
                    Locale.ROOT,
                    "%s: after %,d messages, only the first of several that are equal octet for octet is imported",
                    target,
                    MAX_UNNAMED));
        }
        if (batch.size() >= limits.batchMessages() || batchOctets >= limits.batchOctets()) {
            flush();
        }
    }

    private Flags allowed(Flags flags, String where) {
        List<String> keywords = flags.keywords().stream()
                .filter(keyword -> KEYWORD.matcher(keyword).matches())
                .toList();
        if (keywords.size() == flags.keywords().size()) {
            return flags;
        }
        progress.note(where + ": a keyword that IMAP does not allow is left out: " + flags);
        return new Flags(flags.bits(), keywords);
    }

    private void flush() throws InterruptedException {
        if (batch.isEmpty()) {
            return;
        }
        List<Pending> full = batch;
        batch = new ArrayList<>();
        batchOctets = 0;
        took(appender.append(target, full));
    }

    private void took(Appender.Outcome outcome) {
        imported += outcome.imported();
        total += outcome.imported();
        present += outcome.present();
        outcome.refused().forEach(where -> progress.skipped(where, "the mailbox " + target + " cannot be"));
        progress.done((long) outcome.imported()
                + outcome.present()
                + outcome.refused().size());
    }
}
