package org.mailrack.filtering.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.mailrack.api.filter.Client;
import org.mailrack.api.filter.ConnectionFilter;
import org.mailrack.api.filter.RecipientFilter;
import org.mailrack.api.filter.SenderFilter;
import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.Recipient;

/** A client, HELO, sender or recipient on its way through the filters. */
final class EarlyWork extends AbstractWork {

    private final Stage stage;
    private final Client client;
    /** At MAIL: the reverse-path. */
    private final Optional<MailAddress> reversePath;
    /** At RCPT: the mail so far and who is to get it. */
    private final Envelope envelope;

    private final Recipient recipient;
    private Map<String, String> attributes = Map.of();

    private EarlyWork(
            FilteringSettings settings,
            Stage stage,
            Client client,
            Optional<MailAddress> reversePath,
            Envelope envelope,
            Recipient recipient) {
        super(settings, stage, client.session(), "");
        this.stage = stage;
        this.client = client;
        this.reversePath = reversePath;
        this.envelope = envelope;
        this.recipient = recipient;
    }

    /** A client at its connection or HELO. */
    static EarlyWork client(FilteringSettings settings, Stage stage, Client client) {
        return new EarlyWork(settings, stage, client, Optional.empty(), null, null);
    }

    static EarlyWork sender(FilteringSettings settings, Client client, Optional<MailAddress> reversePath) {
        return new EarlyWork(settings, Stage.SENDER, client, reversePath, null, null);
    }

    static EarlyWork recipient(FilteringSettings settings, Client client, Envelope envelope, Recipient recipient) {
        return new EarlyWork(settings, Stage.RECIPIENT, client, envelope.reversePath(), envelope, recipient);
    }

    @Override
    boolean concerns(Domains domains) {
        return recipient == null || domains.concern(recipient.address().domain());
    }

    @Override
    public int timeLimit(Entry entry) {
        return entry.card().limits().timeLimitEnvelope();
    }

    @Override
    public Inquiry inquiry(Entry entry) {
        Object filter = entry.filter();
        return switch (entry.kind()) {
            case CONNECTION -> () -> ((ConnectionFilter) filter).connected(client);
            case SENDER ->
                switch (stage) {
                    case HELO -> () -> ((SenderFilter) filter).helo(client);
                    case SENDER -> () -> ((SenderFilter) filter).sender(client, reversePath);
                    default -> () -> late((SenderFilter) filter);
                };
            default -> () -> ((RecipientFilter) filter).recipient(client, envelope, recipient);
        };
    }

    /** A filter for some domains has its word on HELO and sender now, when it is known that it is for them. */
    private Verdict late(SenderFilter filter) throws Exception {
        Verdict helo = client.helo().isPresent() ? filter.helo(client) : Verdict.ACCEPT;
        if (helo instanceof Verdict.Accept || helo == null) {
            return helo == null ? null : filter.sender(client, reversePath);
        }
        if (!(helo instanceof Verdict.Tag first)) {
            return helo;
        }
        Verdict sender = filter.sender(client, reversePath);
        if (sender instanceof Verdict.Accept) {
            return first;
        }
        if (!(sender instanceof Verdict.Tag second)) {
            return sender;
        }
        Map<String, String> both = new HashMap<>(first.attributes());
        both.putAll(second.attributes());
        return new Verdict.Tag(first.edits().isEmpty() ? second.edits() : first.edits(), both);
    }

    @Override
    void add(Verdict.Tag tag) {
        if (!tag.attributes().isEmpty()) {
            Map<String, String> changed = new HashMap<>(attributes);
            changed.putAll(tag.attributes());
            attributes = changed;
        }
    }

    /** The chain's word. */
    Verdict result() {
        Verdict end = end();
        if (end != null) {
            return end;
        }
        return attributes.isEmpty() ? Verdict.ACCEPT : new Verdict.Tag(List.of(), attributes);
    }
}
