package org.mailrack.delivery.internal;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.spool.RecipientState;
import org.mailrack.api.spool.Spool;
import org.mailrack.api.spool.SpooledMail;
import org.mailrack.testkit.InMemoryContentStore;

/** What is durable around a dispatcher, in memory, and a crash at any step that changes it. */
final class World implements Spool {

    /** The process died. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    final InMemoryContentStore contents;
    final Map<MailId, SpooledMail> mails = new TreeMap<>();
    /** Account and mailbox, with the contents that were delivered. */
    final Map<String, List<ContentRef>> mailboxes = new LinkedHashMap<>();

    final Set<String> keys = new HashSet<>();
    final Map<String, List<String>> aliases = new LinkedHashMap<>();
    final Set<String> accounts = new HashSet<>(Set.of("bob@hamburger.edu", "carol@hamburger.edu"));
    final List<MailAddress> bounced = new ArrayList<>();

    private final Set<MailId> leased = new HashSet<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private int ids;
    int steps;
    /** The step at which the process dies, before or after what it does. */
    int crashAt = Integer.MAX_VALUE;

    boolean crashAfter;
    private boolean dead;
    boolean noMailbox;
    /** What happens between the end of an attempt and its record. */
    volatile Runnable whileSettling = () -> {};

    RuntimeException mailboxFailure;

    World() {
        this(new InMemoryContentStore());
    }

    private World(InMemoryContentStore contents) {
        this.contents = contents;
    }

    Dispatcher dispatcher(Settings settings) {
        Dispatcher dispatcher = new Dispatcher(this, contents, directory(), this::forget, settings, Clock.systemUTC());
        dispatcher.policies().add(-900, new AliasPolicy(directory()));
        dispatcher.policies().add(-1000, new LocalPolicy(directory(), Optional.empty(), ""));
        dispatcher.policies().add(-1100, new RelayPolicy(directory()));
        return dispatcher;
    }

    MailboxTransport mailboxTransport() {
        return new MailboxTransport((Mailboxes) Proxy.newProxyInstance(
                World.class.getClassLoader(), new Class<?>[] {Mailboxes.class}, (proxy, method, args) -> {
                    if (!method.getName().equals("deliver")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    List<Mailboxes.ToDeliver> batch = new ArrayList<>();
                    for (Object one : (List<?>) args[0]) {
                        batch.add((Mailboxes.ToDeliver) one);
                    }
                    return deliver(batch);
                }));
    }

    private synchronized List<Mailboxes.Delivered> deliver(List<Mailboxes.ToDeliver> batch) {
        if (mailboxFailure != null) {
            throw mailboxFailure;
        }
        List<Mailboxes.Delivered> results = new ArrayList<>();
        step(() -> {
            for (Mailboxes.ToDeliver message : batch) {
                String where = message.account() + "/" + message.name();
                Mailboxes.Delivered.Status status;
                if (noMailbox && !message.name().equals("INBOX")) {
                    status = Mailboxes.Delivered.Status.NO_MAILBOX;
                } else if (keys.add(where + message.deliveryKey())) {
                    mailboxes.computeIfAbsent(where, key -> new ArrayList<>()).add(message.content());
                    status = Mailboxes.Delivered.Status.APPENDED;
                } else {
                    status = Mailboxes.Delivered.Status.DUPLICATE;
                }
                results.add(new Mailboxes.Delivered(status, Optional.empty()));
            }
        });
        return results;
    }

    private synchronized void forget(Collection<String> forgotten) {
        step(() -> keys.removeIf(key -> forgotten.stream().anyMatch(key::endsWith)));
    }

    Directory directory() {
        return new Directory() {
            @Override
            public String hostname() {
                return "mx.hamburger.edu";
            }

            @Override
            public boolean isLocal(String domain) {
                return domain.equals("hamburger.edu");
            }

            @Override
            public Optional<Account> account(MailAddress address) {
                return accounts.contains(address.key()) ? Optional.of(new Account(address.key())) : Optional.empty();
            }

            @Override
            public List<MailAddress> alias(MailAddress address) {
                return aliases.getOrDefault(address.key(), List.of()).stream()
                        .map(MailAddress::parse)
                        .toList();
            }

            @Override
            public boolean accepts(MailAddress address) {
                return true;
            }
        };
    }

    /** A change of what is durable. */
    private void step(Runnable change) {
        if (dead) {
            throw new Crash();
        }
        steps++;
        if (steps == crashAt) {
            dead = true;
            if (crashAfter) {
                change.run();
            }
            notifyAll();
            throw new Crash();
        }
        change.run();
        notifyAll();
    }

    /** What the next process finds: all that is durable. This world stays dead. */
    synchronized World successor() {
        World next = new World(contents);
        next.mails.putAll(mails);
        mailboxes.forEach((name, messages) -> next.mailboxes.put(name, new ArrayList<>(messages)));
        next.keys.addAll(keys);
        next.aliases.putAll(aliases);
        next.bounced.addAll(bounced);
        next.ids = ids + 1000;
        return next;
    }

    synchronized boolean dead() {
        return dead;
    }

    /** Waits for something that happens by itself. */
    synchronized void await(String what, BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("did not happen: " + what);
            }
            wait(20);
        }
    }

    SpooledMail mail(String text, String sender, String... recipients) {
        ContentWriter writer = create();
        writer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        List<Recipient> all = new ArrayList<>();
        for (String recipient : recipients) {
            all.add(new Recipient(MailAddress.parse(recipient)));
        }
        Optional<MailAddress> from = sender.isEmpty() ? Optional.empty() : Optional.of(MailAddress.parse(sender));
        return accept(newId(), new Envelope(from, all, Map.of()), writer)
                .toCompletableFuture()
                .join();
    }

    int copies(String mailbox) {
        return mailboxes.getOrDefault(mailbox, List.of()).size();
    }

    @Override
    public synchronized void references(References visitor) {
        mails.values().forEach(mail -> visitor.reference(mail.content(), mail.size()));
    }

    @Override
    public synchronized MailId newId() {
        return new MailId(String.format("m%05d", ++ids));
    }

    @Override
    public ContentWriter create() {
        return contents.create();
    }

    @Override
    public CompletionStage<SpooledMail> accept(MailId id, Envelope envelope, ContentWriter content) {
        SpooledMail mail;
        synchronized (this) {
            long size = content.length();
            ContentRef ref = contents.commit(content).toCompletableFuture().join();
            Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            List<RecipientState> states = envelope.recipients().stream()
                    .map(recipient -> new RecipientState(recipient, RecipientState.Status.PENDING, ""))
                    .toList();
            mail = new SpooledMail(id, envelope, states, ref, size, now, 0, now, "");
            step(() -> {
                mails.put(id, mail);
                if (envelope.reversePath().isEmpty()) {
                    bounced.add(envelope.recipients().get(0).address());
                }
            });
        }
        listeners.forEach(Runnable::run);
        return CompletableFuture.completedFuture(mail);
    }

    @Override
    public synchronized List<SpooledMail> take(int max) {
        Instant now = Instant.now();
        List<SpooledMail> due = mails.values().stream()
                .filter(mail -> mail.held().isEmpty()
                        && !leased.contains(mail.id())
                        && !mail.nextAttempt().isAfter(now))
                .limit(dead ? 0 : max)
                .toList();
        due.forEach(mail -> leased.add(mail.id()));
        return due;
    }

    @Override
    public CompletionStage<Void> settle(Collection<SpooledMail> settled) {
        whileSettling.run();
        synchronized (this) {
            step(() -> settled.forEach(mail -> {
                if (mail.finished()) {
                    mails.remove(mail.id());
                } else {
                    mails.put(mail.id(), mail);
                }
                leased.remove(mail.id());
            }));
        }
        listeners.forEach(Runnable::run);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized Optional<Instant> nextDue() {
        return mails.values().stream()
                .filter(mail -> mail.held().isEmpty() && !leased.contains(mail.id()))
                .map(SpooledMail::nextAttempt)
                .min(Instant::compareTo);
    }

    @Override
    public Registration listen(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public synchronized List<SpooledMail> list(Optional<MailId> after, int max) {
        return mails.values().stream().limit(max).toList();
    }

    @Override
    public synchronized Optional<SpooledMail> find(MailId id) {
        return Optional.ofNullable(mails.get(id));
    }

    @Override
    public synchronized int size() {
        return mails.size();
    }

    @Override
    public int retryNow(Collection<MailId> which) {
        synchronized (this) {
            for (MailId id : which) {
                SpooledMail mail = mails.get(id);
                if (mail == null || leased.contains(id)) {
                    // As Spool says: leased ones are left as they are.
                    continue;
                }
                mails.put(
                        id,
                        new SpooledMail(
                                id,
                                mail.envelope(),
                                mail.recipients(),
                                mail.content(),
                                mail.size(),
                                mail.received(),
                                mail.attempts(),
                                Instant.now(),
                                ""));
            }
        }
        listeners.forEach(Runnable::run);
        return which.size();
    }

    @Override
    public int hold(Collection<MailId> which, String reason) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int remove(Collection<MailId> which) {
        throw new UnsupportedOperationException();
    }
}
