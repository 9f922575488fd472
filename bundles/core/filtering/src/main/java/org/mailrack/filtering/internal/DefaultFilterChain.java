package org.mailrack.filtering.internal;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
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

import org.mailrack.api.card.Card;
import org.mailrack.api.card.CardRack;
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
 * <p>References are taken to the registrations only: a filter that hangs in its start must not hold up the chain's.
 */
@Component(
        service = {FilterChain.class, CardRack.class},
        immediate = true,
        configurationPid = "org.mailrack.filtering")
@Designate(ocd = FilteringConfig.class)
public final class DefaultFilterChain implements FilterChain, CardRack {

    private static final Logger log = LoggerFactory.getLogger(DefaultFilterChain.class);

    private static final int LOOK_MILLIS = 250;

    private final BundleContext context;
    private final FilterThreads threads = new FilterThreads();
    private final Pass.Threads passes = new Pass.Threads(threads);
    private final FilterBoard board;
    private final ScheduledThreadPoolExecutor watch = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "filter-watch");
        thread.setDaemon(true);
        return thread;
    });

    @Activate
    public DefaultFilterChain(BundleContext context, FilteringConfig config) {
        this(context, FilteringSettings.of(config), System::nanoTime);
    }

    DefaultFilterChain(BundleContext context, FilteringSettings settings, LongSupplier nanoTime) {
        this.context = context;
        this.board = new FilterBoard(settings, threads, nanoTime);
        passes.prompt(settings.promptLimit(), board::rebuild);
        watch.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            passes.look();
            board.look();
        } catch (RuntimeException | Error e) {
            // Thrown on, it would end the watch for good.
            log.error("filters cannot be watched", e);
        }
    }

    @Modified
    void modified(FilteringConfig config) {
        FilteringSettings changed;
        try {
            changed = FilteringSettings.of(config);
        } catch (IllegalArgumentException e) {
            // Thrown on, it would take the chain away, and mail with it.
            log.warn("settings refused, what was in force stays reason=\"{}\"", e.getMessage());
            return;
        }
        passes.prompt(changed.promptLimit(), board::rebuild);
        board.configure(changed);
        log.info("filtering changed required={} order={}", changed.required(), changed.order());
    }

    @Deactivate
    void stop() {
        watch.shutdownNow();
        threads.stop();
    }

    FilterBoard board() {
        return board;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "addFilterSettings")
    void addFilterSettings(FilterSettings filter) {
        board.own(filter);
        log.info("filter settings in force filter={}", filter.name());
    }

    void removeFilterSettings(FilterSettings filter) {
        board.notOwn(filter);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "updateConnectionFilter")
    void addConnectionFilter(ServiceReference<ConnectionFilter> filter) {
        board.add(Kind.CONNECTION, new ServiceSource(context, filter));
    }

    void updateConnectionFilter(ServiceReference<ConnectionFilter> filter) {
        board.update(Kind.CONNECTION, new ServiceSource(context, filter));
    }

    void removeConnectionFilter(ServiceReference<ConnectionFilter> filter) {
        board.remove(Kind.CONNECTION, filter);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "updateSenderFilter")
    void addSenderFilter(ServiceReference<SenderFilter> filter) {
        board.add(Kind.SENDER, new ServiceSource(context, filter));
    }

    void updateSenderFilter(ServiceReference<SenderFilter> filter) {
        board.update(Kind.SENDER, new ServiceSource(context, filter));
    }

    void removeSenderFilter(ServiceReference<SenderFilter> filter) {
        board.remove(Kind.SENDER, filter);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "updateRecipientFilter")
    void addRecipientFilter(ServiceReference<RecipientFilter> filter) {
        board.add(Kind.RECIPIENT, new ServiceSource(context, filter));
    }

    void updateRecipientFilter(ServiceReference<RecipientFilter> filter) {
        board.update(Kind.RECIPIENT, new ServiceSource(context, filter));
    }

    void removeRecipientFilter(ServiceReference<RecipientFilter> filter) {
        board.remove(Kind.RECIPIENT, filter);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "updateMessageFilter")
    void addMessageFilter(ServiceReference<MessageFilter> filter) {
        board.add(Kind.MESSAGE, new ServiceSource(context, filter));
    }

    void updateMessageFilter(ServiceReference<MessageFilter> filter) {
        board.update(Kind.MESSAGE, new ServiceSource(context, filter));
    }

    void removeMessageFilter(ServiceReference<MessageFilter> filter) {
        board.remove(Kind.MESSAGE, filter);
    }

    @Override
    public Verdict connected(Client client) {
        return early(EarlyWork.client(board.settings(), Stage.CONNECTION, client), Stage.CONNECTION);
    }

    @Override
    public Verdict helo(Client client) {
        return early(EarlyWork.client(board.settings(), Stage.HELO, client), Stage.HELO);
    }

    @Override
    public Verdict sender(Client client, Optional<MailAddress> reversePath) {
        return early(EarlyWork.sender(board.settings(), client, reversePath), Stage.SENDER);
    }

    @Override
    public Verdict recipient(Client client, Envelope envelope, Recipient recipient) {
        return early(EarlyWork.recipient(board.settings(), client, envelope, recipient), Stage.RECIPIENT);
    }

    private Verdict early(EarlyWork work, Stage stage) {
        Line line = board.enter(stage);
        try {
            if (!work.missing(line)) {
                Pass.through(line, work, passes);
            }
            return work.result();
        } finally {
            line.exit();
        }
    }

    @Override
    public Result message(MailId id, Client client, Envelope envelope, Content content) {
        MessageWork work = new MessageWork(board.settings(), id, client, envelope, content);
        Line line = board.enter(Stage.MESSAGE);
        try {
            if (work.missing(line) || line.entries().isEmpty()) {
                return work.result();
            }
            Optional<Verdict> unreadable = work.read();
            if (unreadable.isPresent()) {
                return work.unfiltered(unreadable.get());
            }
            Pass.through(line, work, passes);
            return work.result();
        } finally {
            line.exit();
        }
    }

    @Override
    public boolean promptBeforeMessage() {
        return board.promptBeforeMessage();
    }

    @Override
    public boolean promptAtMessage() {
        return board.line(Stage.MESSAGE).prompt();
    }

    @Override
    public List<Card> cards() {
        return board.cards();
    }
}
