package org.mailrack.filtering.internal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.filter.Verdict;

/** What all work has in common: how it ends, and what the log says of it. */
abstract class AbstractWork implements Work {

    /** All that a client is told of our troubles. */
    static final Verdict UNAVAILABLE = new Verdict.Defer("4.7.1", "Mail filtering is not available, try again later");

    private static final Logger log = LoggerFactory.getLogger(AbstractWork.class);

    private final FilteringSettings settings;
    private final Stage stage;
    private final String session;
    private final String mail;
    /** The verdict that ended it. */
    private Verdict end;

    private volatile boolean broken;

    AbstractWork(FilteringSettings settings, Stage stage, String session, String mail) {
        this.settings = settings;
        this.stage = stage;
        this.session = session;
        this.mail = mail;
    }

    /** Adds what a verdict says, which is not the end. */
    abstract void add(Verdict.Tag tag) throws FilterFailure;

    FilteringSettings settings() {
        return settings;
    }

    /** What ended it; null when every filter had its word. */
    Verdict end() {
        return broken ? UNAVAILABLE : end;
    }

    @Override
    public boolean take(Entry entry, Verdict verdict) throws FilterFailure {
        if (verdict instanceof Verdict.Accept) {
            return true;
        }
        Verdicts.check(verdict, stage == Stage.MESSAGE, settings.maxAttributesSize());
        if (verdict instanceof Verdict.Tag tag) {
            add(tag);
            return true;
        }
        log.info(
                "filter decided session={} mail={} filter={} verdict={}",
                session,
                mail,
                entry.card().name(),
                Verdicts.shown(verdict));
        end = verdict;
        return false;
    }

    @Override
    public boolean failed(Entry entry, FilterFailure failure) {
        FilterCard card = entry.card();
        if (failure.kind() == FilterFailure.Kind.OUT) {
            if (card.required()) {
                deferred(card, "required and out");
            }
        } else {
            log.warn(
                    "filter failed session={} mail={} filter={} required={} reason=\"{}\"",
                    session,
                    mail,
                    card.name(),
                    card.required(),
                    failure.getMessage());
        }
        if (card.required()) {
            end = UNAVAILABLE;
        }
        return !card.required();
    }

    @Override
    public void broken(String reason) {
        broken = true;
        log.warn("mail deferred session={} mail={} stage={} reason=\"{}\"", session, mail, stage, reason);
    }

    /** Whether a required filter for this mail is not in the line; then it ends here. */
    boolean missing(Line line) {
        for (FilterCard card : line.missing()) {
            if (concerns(card.limits().domains())) {
                deferred(card, "required and not there");
                end = UNAVAILABLE;
                return true;
            }
        }
        return false;
    }

    private void deferred(FilterCard card, String reason) {
        log.warn(
                "mail deferred session={} mail={} filter={} stage={} reason=\"{}\"",
                session,
                mail,
                card.name(),
                stage,
                reason);
    }

    /** Whether somebody in those domains would get the mail. */
    abstract boolean concerns(Domains domains);

    @Override
    public boolean concerns(Entry entry) {
        Domains domains = entry.card().limits().domains();
        return domains.all() || concerns(domains);
    }
}
