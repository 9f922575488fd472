package org.mailrack.delivery.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.spool.RecipientState;
import org.mailrack.api.spool.RecipientState.Status;
import org.mailrack.api.spool.SpooledMail;

/**
 * One attempt to deliver a mail to its pending recipients: the deliveries under way and what they reported. Thread-safe; the
 * listener is called once, when the last one has reported.
 */
final class Attempt {

    private final SpooledMail mail;
    private final Instant begun;
    private final Consumer<Attempt> listener;
    private final List<RecipientState> states;
    private final List<Router.Leaf> open = new ArrayList<>();
    private final Map<Integer, Outcome> outcomes = new HashMap<>();
    private final List<Integer> openIndexes = new ArrayList<>();
    private String held = "";
    private int missing;
    private boolean over;
    /** Touched by the dispatcher's thread only. */
    private boolean bounced;

    Attempt(SpooledMail mail, Instant begun, Router router, DeliverySettings settings, Consumer<Attempt> listener) {
        this.mail = mail;
        this.begun = begun;
        this.listener = listener;
        this.states = new ArrayList<>(mail.recipients());
        Set<String> known = new HashSet<>();
        states.forEach(state -> known.add(identity(state.recipient())));
        for (int i = 0; i < mail.recipients().size(); i++) {
            RecipientState state = mail.recipients().get(i);
            if (state.status() == Status.PENDING) {
                add(i, state.recipient(), router.route(mail, state.recipient(), settings), known);
            }
        }
        missing = open.size();
    }

    private void add(int index, Recipient recipient, List<Router.Leaf> leaves, Set<String> known) {
        if (leaves.size() == 1 && leaves.get(0).recipient().equals(recipient)) {
            open(index, leaves.get(0));
            return;
        }
        states.set(index, new RecipientState(recipient, Status.DELIVERED, "expanded"));
        for (Router.Leaf leaf : leaves) {
            if (known.add(identity(leaf.recipient()))) {
                states.add(new RecipientState(leaf.recipient(), Status.PENDING, ""));
                open(states.size() - 1, leaf);
            }
        }
    }

    private void open(int index, Router.Leaf leaf) {
        openIndexes.add(index);
        open.add(leaf);
    }

    /** Two aliases that lead to one address are one recipient; an address and its final form (see Router) are two. */
    private static String identity(Recipient recipient) {
        return recipient.address().key() + (recipient.parameters().containsKey(Router.FINAL) ? " final" : "");
    }

    SpooledMail mail() {
        return mail;
    }

    Instant begun() {
        return begun;
    }

    /** How many deliveries there are in it. */
    int size() {
        return open.size();
    }

    Router.Leaf leaf(int delivery) {
        return open.get(delivery);
    }

    /** Takes what a delivery reported; only its first report counts. */
    void report(int delivery, Outcome outcome) {
        synchronized (this) {
            if (over || outcomes.putIfAbsent(delivery, outcome) != null || --missing > 0) {
                return;
            }
            over = true;
        }
        listener.accept(this);
    }

    /** Keeps the mail in the spool until an operator releases it. */
    synchronized void hold(String reason) {
        held = reason;
    }

    /** Defers what was not reported. */
    void giveUp(Outcome outcome) {
        for (int i = 0; i < open.size(); i++) {
            report(i, outcome);
        }
    }

    /** What a delivery reported. */
    synchronized Outcome outcome(int delivery) {
        return outcomes.get(delivery);
    }

    /** The mail after the attempt; expired tells whether what is still pending has failed now. */
    synchronized SpooledMail result(DeliverySettings settings, Instant now) {
        boolean expired = !now.isBefore(mail.received().plus(settings.expireAfter()));
        boolean congestedOnly = !outcomes.isEmpty();
        for (int i = 0; i < open.size(); i++) {
            Outcome outcome = outcomes.get(i);
            Status status = status(outcome, expired && held.isEmpty());
            congestedOnly &= outcome == Congestion.OUTCOME;
            int index = openIndexes.get(i);
            states.set(index, new RecipientState(states.get(index).recipient(), status, outcome.text()));
        }
        int attempts = mail.attempts() + (congestedOnly ? 0 : 1);
        Instant next = congestedOnly ? now.plus(Congestion.WAIT) : settings.nextAttempt(now, attempts);
        return new SpooledMail(
                mail.id(), mail.envelope(), states, mail.content(), mail.size(), mail.received(), attempts, next, held);
    }

    private static Status status(Outcome outcome, boolean expired) {
        if (outcome instanceof Outcome.Delivered) {
            return Status.DELIVERED;
        }
        return outcome instanceof Outcome.Failed || expired ? Status.FAILED : Status.PENDING;
    }

    /** The deliveries that are given up with this attempt, for the bounce. */
    synchronized List<Failure> failures(SpooledMail result) {
        List<Failure> failures = new ArrayList<>();
        for (int i = 0; i < open.size(); i++) {
            if (result.recipients().get(openIndexes.get(i)).status() == Status.FAILED) {
                failures.add(Failure.of(open.get(i).recipient(), outcomes.get(i)));
            }
        }
        return failures;
    }

    /** Keys of deliveries into mailboxes that are done. */
    synchronized List<String> deliveredKeys() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < open.size(); i++) {
            if (open.get(i).route() instanceof Route.ToMailbox && outcomes.get(i) instanceof Outcome.Delivered) {
                keys.add(key(i));
            }
        }
        return keys;
    }

    /** Whether the bounce was accepted already, so that settling again makes no second one. */
    boolean bounced() {
        return bounced;
    }

    void markBounced() {
        bounced = true;
    }

    String key(int delivery) {
        return mail.id() + "/" + open.get(delivery).recipient().address().key();
    }

    /** A transport that has enough to do: the delivery waits in the spool, and that is no failed attempt. */
    static final class Congestion {
        static final Outcome OUTCOME = new Outcome.Deferred("4.3.2", "", "waiting for others to be delivered first");
        static final Duration WAIT = Duration.ofSeconds(10);

        private Congestion() {}
    }

    /** One delivery that is given up. */
    record Failure(Recipient recipient, String status, String remote, String text) {
        static Failure of(Recipient recipient, Outcome outcome) {
            if (outcome instanceof Outcome.Failed failed) {
                return new Failure(recipient, failed.enhancedCode(), failed.remote(), failed.text());
            }
            Outcome.Deferred deferred = (Outcome.Deferred) outcome;
            // RFC 3463 section 3.5: X.4.7, delivery time expired.
            return new Failure(recipient, "5.4.7", deferred.remote(), "delivery time expired: " + deferred.text());
        }
    }
}
