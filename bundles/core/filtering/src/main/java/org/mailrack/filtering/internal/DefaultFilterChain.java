package org.mailrack.filtering.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.filter.Client;
import org.mailrack.api.filter.ConnectionFilter;
import org.mailrack.api.filter.FilterChain;
import org.mailrack.api.filter.MessageFilter;
import org.mailrack.api.filter.RecipientFilter;
import org.mailrack.api.filter.SenderFilter;
import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Recipient;

/**
 * The chain over all filter services, as they come and go.
 *
 * <p>A required filter that was never seen defers every sender, recipient and message, since nobody knows which stage it would
 * serve; one that was seen defers in the stages that it served since the start or the last change of the configuration.
 */
@Component(service = FilterChain.class, immediate = true, configurationPid = "org.mailrack.filtering")
@Designate(ocd = FilteringConfig.class)
public final class DefaultFilterChain implements FilterChain {

    private static final Logger log = LoggerFactory.getLogger(DefaultFilterChain.class);

    /** All that a client is told of our troubles. */
    private static final Verdict UNAVAILABLE =
            new Verdict.Defer("4.7.1", "Mail filtering is not available, try again later");

    private static final Verdict HEADER_TOO_BIG = new Verdict.Reject("5.3.4", "Header of the message too big");
    private static final ByteBuffer NO_HEAD = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private enum Stage {
        CONNECTION(false),
        HELO(false),
        SENDER(true),
        RECIPIENT(true),
        MESSAGE(true);

        private final boolean carriesMail;

        Stage(boolean carriesMail) {
            this.carriesMail = carriesMail;
        }
    }

    private final FilterList<ConnectionFilter> connectionFilters = new FilterList<>();
    private final FilterList<SenderFilter> senderFilters = new FilterList<>();
    private final FilterList<RecipientFilter> recipientFilters = new FilterList<>();
    private final FilterList<MessageFilter> messageFilters = new FilterList<>();
    /** The stages that a filter of that name served. */
    private final Map<String, Set<Stage>> served = new ConcurrentHashMap<>();

    private final ExecutorService threads;
    private volatile FilteringSettings settings;

    @Activate
    public DefaultFilterChain(FilteringConfig config) {
        this(FilteringSettings.of(config));
    }

    DefaultFilterChain(FilteringSettings settings) {
        this.settings = settings;
        // Bounded by the slots of each filter, so that one that hangs takes no thread from another.
        this.threads =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "filter");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    @Modified
    void modified(FilteringConfig config) {
        settings = FilteringSettings.of(config);
        served.clear();
        connectionFilters.entries().forEach(e -> serves(e.name(), Stage.CONNECTION));
        senderFilters.entries().forEach(e -> serves(e.name(), Stage.HELO, Stage.SENDER));
        recipientFilters.entries().forEach(e -> serves(e.name(), Stage.RECIPIENT));
        messageFilters.entries().forEach(e -> serves(e.name(), Stage.MESSAGE));
        log.info("filtering changed required={}", settings.required());
    }

    @Deactivate
    void stop() {
        threads.shutdownNow();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "updateConnectionFilter")
    void addConnectionFilter(ConnectionFilter filter, Map<String, Object> properties) {
        added(connectionFilters.put(filter, properties), Stage.CONNECTION);
    }

    void updateConnectionFilter(ConnectionFilter filter, Map<String, Object> properties) {
        addConnectionFilter(filter, properties);
    }

    void removeConnectionFilter(ConnectionFilter filter) {
        connectionFilters.remove(filter);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "updateSenderFilter")
    void addSenderFilter(SenderFilter filter, Map<String, Object> properties) {
        added(senderFilters.put(filter, properties), Stage.HELO, Stage.SENDER);
    }

    void updateSenderFilter(SenderFilter filter, Map<String, Object> properties) {
        addSenderFilter(filter, properties);
    }

    void removeSenderFilter(SenderFilter filter) {
        senderFilters.remove(filter);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "updateRecipientFilter")
    void addRecipientFilter(RecipientFilter filter, Map<String, Object> properties) {
        added(recipientFilters.put(filter, properties), Stage.RECIPIENT);
    }

    void updateRecipientFilter(RecipientFilter filter, Map<String, Object> properties) {
        addRecipientFilter(filter, properties);
    }

    void removeRecipientFilter(RecipientFilter filter) {
        recipientFilters.remove(filter);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "updateMessageFilter")
    void addMessageFilter(MessageFilter filter, Map<String, Object> properties) {
        added(messageFilters.put(filter, properties), Stage.MESSAGE);
    }

    void updateMessageFilter(MessageFilter filter, Map<String, Object> properties) {
        addMessageFilter(filter, properties);
    }

    void removeMessageFilter(MessageFilter filter) {
        messageFilters.remove(filter);
    }

    private void added(String name, Stage... stages) {
        serves(name, stages);
        log.info(
                "filter added filter={} stages={} required={}",
                name,
                List.of(stages),
                settings.required().contains(name));
    }

    private void serves(String name, Stage... stages) {
        served.computeIfAbsent(name, n -> ConcurrentHashMap.newKeySet()).addAll(List.of(stages));
    }

    @Override
    public Verdict connected(Client client) {
        return early(Stage.CONNECTION, connectionFilters, client, f -> f.connected(client));
    }

    @Override
    public Verdict helo(Client client) {
        return early(Stage.HELO, senderFilters, client, f -> f.helo(client));
    }

    @Override
    public Verdict sender(Client client, Optional<MailAddress> reversePath) {
        return early(Stage.SENDER, senderFilters, client, f -> f.sender(client, reversePath));
    }

    @Override
    public Verdict recipient(Client client, Envelope envelope, Recipient recipient) {
        return early(Stage.RECIPIENT, recipientFilters, client, f -> f.recipient(client, envelope, recipient));
    }

    /** What is asked of a filter of some stage. */
    private interface Question<F> {
        Verdict ask(F filter) throws Exception;
    }

    private <F> Verdict early(Stage stage, FilterList<F> list, Client client, Question<F> question) {
        FilteringSettings current = settings;
        List<FilterList.Entry<F>> entries = list.entries();
        if (missing(stage, entries, current, client.session())) {
            return UNAVAILABLE;
        }
        Map<String, String> attributes = new HashMap<>();
        for (FilterList.Entry<F> entry : entries) {
            try {
                Verdict verdict = call(entry, current.timeLimitEnvelope(), current, () -> question.ask(entry.filter()));
                if (!(verdict instanceof Verdict.Tag tag)) {
                    if (ends(verdict, entry.name(), client.session(), "")) {
                        return verdict;
                    }
                } else if (tag.edits().isEmpty()) {
                    attributes.putAll(tag.attributes());
                } else {
                    throw new FilterCall.Failure("edits the header of a message that is not there yet", null);
                }
            } catch (FilterCall.Failure e) {
                if (failed(entry.name(), current, client.session(), "", e)) {
                    return UNAVAILABLE;
                }
            }
        }
        return attributes.isEmpty() ? Verdict.ACCEPT : new Verdict.Tag(List.of(), attributes);
    }

    @Override
    public boolean promptBeforeMessage() {
        return connectionFilters.entries().isEmpty()
                && senderFilters.entries().isEmpty()
                && recipientFilters.entries().isEmpty();
    }

    @Override
    public boolean promptAtMessage() {
        return messageFilters.entries().isEmpty();
    }

    @Override
    public Result message(MailId id, Client client, Envelope envelope, Content content) {
        FilteringSettings current = settings;
        List<FilterList.Entry<MessageFilter>> entries = messageFilters.entries();
        if (missing(Stage.MESSAGE, entries, current, client.session())) {
            return result(UNAVAILABLE, envelope);
        }
        if (entries.isEmpty()) {
            return result(Verdict.ACCEPT, envelope);
        }
        HeaderSection original;
        try {
            Optional<HeaderSection> read = HeaderSection.read(content, current.maxHeaderSize());
            if (read.isEmpty()) {
                return result(HEADER_TOO_BIG, envelope);
            }
            original = read.get();
        } catch (IOException | RuntimeException e) {
            log.error("message cannot be read session={} mail={}", client.session(), id, e);
            return result(UNAVAILABLE, envelope);
        }
        HeaderSection header = original;
        Envelope tagged = envelope;
        for (FilterList.Entry<MessageFilter> entry : entries) {
            PendingMail mail = new PendingMail(id, client, tagged, header.headers(), content);
            try {
                Verdict verdict = call(entry, current.timeLimit(), current, () -> entry.filter()
                        .message(mail));
                if (verdict instanceof Verdict.Tag tag) {
                    header = tag.edits().isEmpty() ? header : header.edited(tag.edits());
                    tagged = withAttributes(tagged, tag.attributes());
                } else if (ends(verdict, entry.name(), client.session(), id.toString())) {
                    return result(verdict, tagged);
                }
            } catch (HeaderSection.BadEdit e) {
                FilterCall.Failure failure = new FilterCall.Failure(e.getMessage(), e);
                if (failed(entry.name(), current, client.session(), id.toString(), failure)) {
                    return result(UNAVAILABLE, envelope);
                }
            } catch (FilterCall.Failure e) {
                if (failed(entry.name(), current, client.session(), id.toString(), e)) {
                    return result(UNAVAILABLE, envelope);
                }
            }
        }
        return header == original
                ? result(Verdict.ACCEPT, tagged)
                : new Result(Verdict.ACCEPT, tagged, original.length(), ByteBuffer.wrap(header.octets()));
    }

    private <F> Verdict call(FilterList.Entry<F> entry, int millis, FilteringSettings current, Callable<Verdict> filter)
            throws FilterCall.Failure {
        return FilterCall.run(threads, entry.slots(), current.callsPerFilter(), millis, filter);
    }

    private static Result result(Verdict verdict, Envelope envelope) {
        return new Result(verdict, envelope, 0, NO_HEAD.duplicate());
    }

    private static Envelope withAttributes(Envelope envelope, Map<String, String> added) {
        if (added.isEmpty()) {
            return envelope;
        }
        Map<String, String> attributes = new HashMap<>(envelope.attributes());
        attributes.putAll(added);
        return new Envelope(envelope.reversePath(), envelope.recipients(), attributes);
    }

    /** Whether a required filter that belongs to the stage is not among those that will be asked. */
    private <F> boolean missing(
            Stage stage, List<FilterList.Entry<F>> asked, FilteringSettings current, String session) {
        for (String name : current.required()) {
            Set<Stage> stages = served.get(name);
            boolean expected = stages == null ? stage.carriesMail : stages.contains(stage);
            if (expected && asked.stream().noneMatch(e -> e.name().equals(name))) {
                log.warn(
                        "mail deferred session={} filter={} stage={} reason=\"required and not there\"",
                        session,
                        name,
                        stage);
                return true;
            }
        }
        return false;
    }

    private static boolean ends(Verdict verdict, String filter, String session, String mail) {
        if (verdict instanceof Verdict.Accept) {
            return false;
        }
        log.info("filter decided session={} mail={} filter={} verdict={}", session, mail, filter, verdict);
        return true;
    }

    /** A filter gave no verdict; whether that defers the mail. */
    private static boolean failed(
            String name, FilteringSettings current, String session, String mail, FilterCall.Failure failure) {
        boolean required = current.required().contains(name);
        log.warn(
                "filter failed session={} mail={} filter={} required={} reason=\"{}\"",
                session,
                mail,
                name,
                required,
                failure.getMessage());
        log.debug("filter failed filter={}", name, failure);
        return required;
    }
}
