package org.mailrack.storekeeper.internal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.ContentSurvey;
import org.mailrack.api.store.ContentSurvey.Finding;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.api.store.StoreException;

/** Reads all contents and compares them with what is referred to. */
final class Verification {

    private static final Logger log = LoggerFactory.getLogger(Verification.class);
    private static final Duration MIN_AGE = Duration.ofHours(1);
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(5);
    private static final int MAILBOXES_AT_ONCE = 500;

    private final ContentStore contents;
    private final Holders holders;
    private final MailboxStore mailboxes;
    private final int mostNamed;

    /**
     * @param holders who needs contents
     * @param mailboxes the one of them whose messages can be named
     * @param mostNamed findings that are named; the rest is counted
     */
    Verification(ContentStore contents, Holders holders, MailboxStore mailboxes, int mostNamed) {
        this.contents = contents;
        this.holders = holders;
        this.mailboxes = mailboxes;
        this.mostNamed = mostNamed;
    }

    /** One run. */
    private static final class Run {
        private final Map<Finding.Kind, Long> counts = new HashMap<>();
        private final List<Finding> named = new ArrayList<>();
        private long octets;
        private long needed;
        private long readBefore;
        private long told = System.nanoTime();

        private long wrong() {
            return counts.entrySet().stream()
                    .filter(count -> count.getKey() != Finding.Kind.ORPHAN)
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }
    }

    /**
     * Verifies everything.
     *
     * @param rate octets per second that are read at most; 0 for as fast as it goes
     * @param out where findings and progress are told
     * @return figures; that of faults counts what is wrong
     */
    Map<String, Object> run(long rate, PrintStream out) {
        Run run = new Run();
        // What is compacted meanwhile would be missed.
        Registration hold = contents.hold();
        try {
            look(run, rate, out);
        } finally {
            hold.close();
        }
        tell(run, out);
        log.info("store verified octets={} needed={} findings={}", run.octets, run.needed, run.counts);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("octets", run.octets);
        figures.put("needed", run.needed);
        figures.put("orphans", run.counts.getOrDefault(Finding.Kind.ORPHAN, 0L));
        figures.put("faults", run.wrong());
        return figures;
    }

    private void look(Run run, long rate, PrintStream out) {
        Optional<String> from = Optional.empty();
        do {
            try (ContentSurvey survey = contents.survey(new ContentSurvey.Options(MIN_AGE, rate, from))) {
                holders.references(survey);
                from = survey.rest();
                survey.verify(finding -> found(run, finding), read -> progress(run, read, out));
                for (ContentSurvey.Usage usage : survey.usage()) {
                    run.octets += usage.octets();
                    run.needed += usage.needed();
                }
                run.readBefore = run.octets;
            }
        } while (from.isPresent());
    }

    private void found(Run run, Finding finding) {
        run.counts.merge(finding.kind(), 1L, Long::sum);
        if (finding.kind() != Finding.Kind.ORPHAN && run.named.size() < mostNamed) {
            run.named.add(finding);
        }
    }

    private static void progress(Run run, long read, PrintStream out) {
        long now = System.nanoTime();
        if (now - run.told >= PAUSE) {
            run.told = now;
            out.printf(Locale.ROOT, "%,d MB read so far%n", run.readBefore + read >> 20);
        }
    }

    private void tell(Run run, PrintStream out) {
        if (run.named.isEmpty()) {
            return;
        }
        List<String> unread = new ArrayList<>();
        Map<ContentRef, String> owners = owners(run.named, unread);
        unread.forEach(out::println);
        String unknown =
                unread.isEmpty() ? "in the queue, or removed" : "in the queue, removed, or in a mailbox not read";
        for (Finding finding : run.named) {
            String line = finding.kind().name().toLowerCase(Locale.ROOT) + " " + finding.place() + " "
                    + finding.content()
                            .map(ref -> ref + " (" + owners.getOrDefault(ref, unknown) + ") ")
                            .orElse("")
                    + finding.what();
            out.println(line);
            log.warn("store fault {}", line);
        }
        if (run.wrong() > run.named.size()) {
            out.println("and " + (run.wrong() - run.named.size()) + " more");
        }
    }

    /** In which mailboxes they are; the first, if there are several. */
    private Map<ContentRef, String> owners(List<Finding> findings, List<String> unread) {
        Map<ContentRef, String> owners = new HashMap<>();
        findings.forEach(finding -> finding.content().ifPresent(ref -> owners.put(ref, "")));
        long last = 0;
        List<MailboxInfo> some;
        do {
            some = mailboxes.mailboxes(last, MAILBOXES_AT_ONCE);
            for (MailboxInfo mailbox : some) {
                last = mailbox.id();
                name(mailbox, owners, unread);
            }
        } while (!some.isEmpty());
        owners.values().removeIf(String::isEmpty);
        return owners;
    }

    private void name(MailboxInfo mailbox, Map<ContentRef, String> owners, List<String> unread) {
        try {
            mailboxes.messages(mailbox.id(), row -> {
                String known = owners.get(row.content());
                if (known != null && known.isEmpty()) {
                    owners.put(row.content(), mailbox.account() + " " + mailbox.name() + " UID " + row.uid());
                }
            });
        } catch (StoreException e) {
            unread.add("mailbox not read: " + mailbox.account() + " " + mailbox.name() + ": " + e.getMessage());
        }
    }
}
