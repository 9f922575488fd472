package org.mailrack.storekeeper.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.ContentSurvey;
import org.mailrack.api.store.MailboxStore;

/** Gives back the space of contents that nobody needs, if these contents are of these mailboxes. Thread-safe. */
final class Compacting {

    private static final Logger log = LoggerFactory.getLogger(Compacting.class);

    private final ContentStore contents;
    private final MailboxStore mailboxes;
    private final Holders holders;

    Compacting(ContentStore contents, MailboxStore mailboxes, Holders holders) {
        this.contents = contents;
        this.mailboxes = mailboxes;
        this.holders = holders;
    }

    /** Says that these contents belong to these mailboxes, when nobody has said anything yet. */
    void claimWhatIsNew() {
        if (contents.owner().isEmpty()) {
            claim();
        }
    }

    /** Says that these contents belong to these mailboxes. */
    void claim() {
        String identity = mailboxes.identity();
        contents.claim(identity);
        log.info("contents belong to the mailbox store identity={}", identity);
    }

    /**
     * Runs it once over everything.
     *
     * @return figures
     * @throws IllegalStateException when nothing may be taken for dead, with the reason
     */
    Map<String, Object> run(Duration minAge, long rate, int neededBelow) {
        check();
        long begun = System.nanoTime();
        long octets = 0;
        int removed = 0;
        int rewritten = 0;
        boolean complete = true;
        Optional<String> from = Optional.empty();
        do {
            try (ContentSurvey survey = contents.survey(new ContentSurvey.Options(minAge, rate, from))) {
                holders.references(survey);
                check(); // one may have gone while the others were asked
                from = survey.rest();
                ContentSurvey.Reclaimed reclaimed = survey.reclaim(neededBelow);
                octets += reclaimed.octets();
                removed += reclaimed.removed();
                rewritten += reclaimed.rewritten();
                complete = reclaimed.complete();
            }
        } while (from.isPresent() && complete);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("octets", octets);
        figures.put("removed", removed);
        figures.put("rewritten", rewritten);
        figures.put("complete", complete);
        log.info(
                "store compacted octets={} removed={} rewritten={} complete={} time={}s",
                octets,
                removed,
                rewritten,
                complete,
                (System.nanoTime() - begun) / 1_000_000_000);
        return figures;
    }

    private void check() {
        Optional<String> owner = contents.owner();
        String identity = mailboxes.identity();
        if (owner.isEmpty()) {
            throw new IllegalStateException("nobody has said yet to whose messages the contents belong");
        }
        if (!owner.get().equals(identity)) {
            throw new IllegalStateException("the contents belong to the mailbox store " + owner.get() + ", and this is "
                    + identity + "; when that one is lost for good, say: store claim");
        }
        holders.objection().ifPresent(objection -> {
            throw new IllegalStateException(objection);
        });
    }
}
