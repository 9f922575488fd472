package org.mailrack.smtp.internal;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.filter.Client;
import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.net.Endpoint;
import org.mailrack.api.store.StoreException;

/**
 * The state of a session, which the commands read and change (RFC 5321 section 4.1.4). Lines in, steps out: free of I/O. Used by
 * one thread at a time.
 */
final class Dialog {

    private static final Logger log = LoggerFactory.getLogger(Dialog.class);

    private final String session;
    private final Flavor flavor;
    private final Endpoint endpoint;
    private final InetSocketAddress remote;
    private final SmtpSettings settings;
    private final Services services;

    /** What TLS is used, empty without. */
    private String tls = "";

    private Optional<String> helo = Optional.empty();
    private boolean extended;
    private Optional<Account> account = Optional.empty();
    private Transaction transaction;
    private MessageReceiver receiver;
    private Function<String, Step> continuation;
    private final Map<String, String> sessionAttributes = new HashMap<>();
    private boolean refused;
    private int authFailures;
    private int rejectedRecipients;
    private int messages;

    Dialog(
            String session,
            Flavor flavor,
            Endpoint endpoint,
            InetSocketAddress remote,
            SmtpSettings settings,
            Services services) {
        this.session = session;
        this.flavor = flavor;
        this.endpoint = endpoint;
        this.remote = remote;
        this.settings = settings;
        this.services = services;
    }

    /** The first words to the client. */
    Step greeting() {
        Verdict verdict = services.filters().connected(client());
        if (verdict instanceof Verdict.Reject reject) {
            refused = true;
            log.info("client refused session={} remote={} reply=\"{}\"", session, remoteAddress(), reject.text());
            return Step.of(Reply.plain(554, hostname() + ' ' + reject.text()));
        }
        if (verdict instanceof Verdict.Defer defer) {
            log.info("client deferred session={} remote={} reply=\"{}\"", session, remoteAddress(), defer.text());
            return Step.close(Reply.plain(421, hostname() + ' ' + defer.text()));
        }
        keep(verdict);
        return Step.of(Reply.plain(220, hostname() + ' ' + flavor.greeting() + " Mailrack"));
    }

    /** Keeps what filters said of the session, for the envelopes of all its mails. */
    void keep(Verdict verdict) {
        if (verdict instanceof Verdict.Tag tag) {
            sessionAttributes.putAll(tag.attributes());
        }
    }

    /** Carries out a line: a command, or what a command asked for. */
    Step line(String line) {
        if (continuation != null) {
            Function<String, Step> asked = continuation;
            continuation = null;
            return guarded(() -> asked.apply(line));
        }
        int space = line.indexOf(' ');
        String verb = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
        String argument = space < 0 ? "" : line.substring(space + 1).strip();
        if (line.length() > settings.maxCommandLine() - 2 && !verb.equals("AUTH")) {
            return Step.of(Replies.LINE_TOO_LONG);
        }
        if (refused && !verb.equals("QUIT")) {
            // RFC 5321 section 3.1
            return Step.of(Replies.REFUSED_BEFORE);
        }
        Optional<SmtpCommand> command = services.commands().find(verb, flavor);
        return command.isEmpty()
                ? CommandRegistry.unknown(verb)
                : guarded(() -> command.get().execute(this, argument));
    }

    private Step guarded(Supplier<Step> work) {
        try {
            return work.get();
        } catch (StoreException e) {
            Reply reply = MessageReceiver.storeFailure(e);
            log.info("command refused session={} by=store reply=\"{}\" reason=\"{}\"", session, reply, e.getMessage());
            return Step.of(reply);
        }
    }

    /** How many octets the next line may have. */
    int lineLimit() {
        return continuation != null || offersAuth() ? settings.maxAuthLine() : settings.maxCommandLine();
    }

    /** Whether a command waits for a line of its own, as AUTH does for a response. */
    boolean continued() {
        return continuation != null;
    }

    /** The next line goes there instead of being a command. */
    void continueWith(Function<String, Step> next) {
        continuation = next;
    }

    /** Gives up what {@link #continueWith} waited for. */
    void cancelContinuation() {
        continuation = null;
    }

    /** TLS protects the connection: the client has to begin anew (RFC 3207 section 4.2). */
    void secured(String tlsInUse) {
        tls = tlsInUse;
        helo = Optional.empty();
        extended = false;
        account = Optional.empty();
        reset();
    }

    /** Ends a transaction, and throws away what was received of its message. */
    void reset() {
        transaction = null;
        if (receiver != null) {
            receiver.close();
            receiver = null;
        }
    }

    void hello(String name, boolean withExtensions) {
        helo = Optional.of(name);
        extended = withExtensions;
    }

    /** The name was not to a filter's liking: the client may try another. */
    void helloRefused() {
        helo = Optional.empty();
        extended = false;
    }

    boolean greeted() {
        return helo.isPresent();
    }

    /** Whether the client said EHLO or LHLO. */
    boolean extended() {
        return extended;
    }

    boolean secure() {
        return !tls.isEmpty();
    }

    String tls() {
        return tls;
    }

    /** Whether the client could start TLS now. */
    boolean offersTls() {
        return endpoint.tls() == Endpoint.TlsMode.STARTTLS && !secure();
    }

    /** Whether AUTH is possible here at all, and the client has not done it. */
    boolean offersAuth() {
        return flavor == Flavor.SUBMISSION && services.authenticator().isPresent() && account.isEmpty();
    }

    void authenticated(Account who) {
        account = Optional.of(who);
    }

    Optional<Account> account() {
        return account;
    }

    /** Counts a failed AUTH; true when it was one too many. */
    boolean authFailed() {
        return ++authFailures >= settings.maxAuthFailures();
    }

    /** Counts a rejected RCPT; true when it was one too many. */
    boolean recipientRejected() {
        transaction.reject();
        return ++rejectedRecipients >= settings.maxRejectedRecipients();
    }

    /** Counts a message; true when the session had as many as allowed before. */
    boolean anotherMessage() {
        return messages++ >= settings.maxSessionMessages();
    }

    /** Null outside a transaction. */
    Transaction transaction() {
        return transaction;
    }

    /** Begins a transaction; {@code verdict} is what filters said of its sender. */
    void begin(Optional<MailAddress> reversePath, boolean utf8, String body, Verdict verdict) {
        Map<String, String> attributes = new HashMap<>(sessionAttributes);
        attributes.put(Envelope.CLIENT_ADDRESS, TraceHeader.plain(remote.getAddress()));
        attributes.put(Envelope.HELO, helo.orElseThrow());
        attributes.put(Envelope.WITH, TraceHeader.with(flavor, extended, utf8, secure(), account.isPresent()));
        account.ifPresent(a -> attributes.put(Envelope.AUTHENTICATED, a.name()));
        if (!body.isEmpty()) {
            attributes.put(Envelope.BODY, body);
        }
        if (utf8) {
            attributes.put(Envelope.SMTPUTF8, "");
        }
        transaction = new Transaction(reversePath, utf8, attributes);
        transaction.keep(verdict);
    }

    /** Null while no data comes. */
    MessageReceiver receiver() {
        return receiver;
    }

    void receive(MessageReceiver into) {
        receiver = into;
    }

    /** Ends the transaction whose message was received; who calls has the message now. */
    void received() {
        receiver = null;
        transaction = null;
    }

    /** The client, as filters know it. */
    Client client() {
        return new Client(session, endpoint.name(), remote, secure(), helo, account.map(Account::name));
    }

    /** The client, as the authenticator knows it. */
    Authenticator.Client authClient() {
        return new Authenticator.Client(session, flavor.protocol(), remote, secure());
    }

    String session() {
        return session;
    }

    Flavor flavor() {
        return flavor;
    }

    SmtpSettings settings() {
        return settings;
    }

    Services services() {
        return services;
    }

    InetSocketAddress remote() {
        return remote;
    }

    String remoteAddress() {
        return TraceHeader.plain(remote.getAddress());
    }

    String hostname() {
        return services.directory().hostname();
    }
}
