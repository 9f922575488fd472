package org.mailrack.smtp.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.AuthenticationException;
import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.directory.SaslExchange;
import org.mailrack.api.filter.FilterChain;
import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.api.spool.RecipientState;
import org.mailrack.api.spool.Spool;
import org.mailrack.api.spool.SpooledMail;
import org.mailrack.testkit.InMemoryContentStore;
import org.mailrack.testkit.TestConnection;

/** The rest of a server around the protocol: hamburger.edu with bob, and crepes.fr is elsewhere. */
final class Rack implements Directory, Spool, FilterChain, Authenticator {

    final InMemoryContentStore contents = new InMemoryContentStore();
    final List<SpooledMail> mails = new CopyOnWriteArrayList<>();
    final Map<String, Object> config = new HashMap<>();
    final AtomicInteger writersOpen = new AtomicInteger();
    Verdict onConnect = Verdict.ACCEPT;
    Verdict onHelo = Verdict.ACCEPT;
    Verdict onSender = Verdict.ACCEPT;
    Verdict onRecipient = Verdict.ACCEPT;
    Verdict onMessage = Verdict.ACCEPT;
    /** What a filter would put in place of so many octets of the message. */
    String newHead = "";

    long newHeadLength;
    /** What the message filters saw. */
    String seen = "";

    boolean plaintext;
    /** Whether the filters have a bug. */
    boolean failing;

    Executor worker = task -> {
        throw new AssertionError("nothing to wait for");
    };
    /** Whether there are no filters to wait for. */
    boolean prompt = true;

    Instant now = Instant.parse("2025-03-01T12:00:00Z");
    private int lastId;

    SmtpProtocol protocol(Flavor flavor) {
        SmtpSettings settings = SmtpSettings.of(config());
        Clock clock = new Clock() {
            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        Services services = new Services(
                this,
                this,
                this,
                flavor == Flavor.SUBMISSION ? Optional.of(this) : Optional.empty(),
                CommandRegistry.standard(),
                task -> worker.execute(task),
                clock);
        return new SmtpProtocol(flavor, services, () -> settings);
    }

    TestConnection connect(Flavor flavor, TlsMode tls) {
        return TestConnection.open(protocol(flavor), TestConnection.endpoint(flavor.protocol(), tls, Map.of()));
    }

    /** Messages wait for filters, in a thread of its own. */
    void filtersTakeTime(Executor inTheirThread) {
        prompt = false;
        worker = inTheirThread;
    }

    /** A client of port 25 that was greeted. */
    TestConnection smtp() {
        return connect(Flavor.SMTP, TlsMode.STARTTLS);
    }

    /** A client that has said EHLO. */
    TestConnection greeted() {
        TestConnection client = smtp();
        client.exchange("EHLO crepes.fr");
        return client;
    }

    /** A client that may send data for bob. */
    TestConnection inData() {
        TestConnection client = greeted();
        client.lines("MAIL FROM:<alice@crepes.fr>", "RCPT TO:<bob@hamburger.edu>", "DATA");
        client.read();
        return client;
    }

    /** Only the settings of this test, and otherwise the defaults that the annotation has. */
    SmtpConfig config() {
        return (SmtpConfig) java.lang.reflect.Proxy.newProxyInstance(
                SmtpConfig.class.getClassLoader(),
                new Class<?>[] {SmtpConfig.class},
                (proxy, method, args) -> method.getDeclaringClass() == Annotation.class
                        ? SmtpConfig.class
                        : config.getOrDefault(method.getName().replace('_', '.'), method.getDefaultValue()));
    }

    String text(int mail) {
        try (var in = contents.open(mails.get(mail).content()).open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The only mail there is, without what the server put on top of it. */
    String untraced() {
        if (mails.size() != 1) {
            throw new AssertionError("mails: " + mails.size());
        }
        return text(0).replaceFirst("(?s)^Return-Path: .*?\r\nReceived: .*?\r\n(?![ \t])", "");
    }

    // Directory

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
        return address.key().equals("bob@hamburger.edu") ? Optional.of(new Account(address.key())) : Optional.empty();
    }

    @Override
    public List<MailAddress> alias(MailAddress address) {
        return address.key().equals("robert@hamburger.edu")
                ? List.of(MailAddress.parse("bob@hamburger.edu"))
                : List.of();
    }

    @Override
    public boolean accepts(MailAddress address) {
        return account(address).isPresent()
                || !alias(address).isEmpty()
                || address.localPart().equalsIgnoreCase("postmaster")
                || address.localPart().startsWith("many");
    }

    // Spool

    @Override
    public synchronized MailId newId() {
        return new MailId("M" + ++lastId);
    }

    @Override
    public ContentWriter create() {
        ContentWriter writer = contents.create();
        writersOpen.incrementAndGet();
        return new ContentWriter() {
            private boolean open = true;

            @Override
            public void write(ByteBuffer data) {
                writer.write(data);
            }

            @Override
            public long length() {
                return writer.length();
            }

            @Override
            public Content content() {
                return writer.content();
            }

            @Override
            public void replaceHead(long oldLength, ByteBuffer head) {
                writer.replaceHead(oldLength, head);
            }

            @Override
            public void close() {
                if (open) {
                    open = false;
                    writersOpen.decrementAndGet();
                    writer.close();
                }
            }
        };
    }

    @Override
    public CompletionStage<SpooledMail> accept(MailId id, Envelope envelope, ContentWriter content) {
        ContentWriter inner = contents.create();
        try (var in = content.content().open()) {
            inner.write(ByteBuffer.wrap(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            content.close();
        }
        long size = inner.length();
        List<RecipientState> states = envelope.recipients().stream()
                .map(r -> new RecipientState(r, RecipientState.Status.PENDING, ""))
                .toList();
        return contents.commit(inner).thenApply(ref -> {
            SpooledMail mail = new SpooledMail(id, envelope, states, ref, size, now, 0, now, "");
            mails.add(mail);
            return mail;
        });
    }

    @Override
    public List<SpooledMail> take(int max) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> settle(Collection<SpooledMail> settled) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Instant> nextDue() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Registration listen(Runnable listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<SpooledMail> list(Optional<MailId> after, int max) {
        return new ArrayList<>(mails);
    }

    @Override
    public Optional<SpooledMail> find(MailId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int size() {
        return mails.size();
    }

    @Override
    public int retryNow(Collection<MailId> ids) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int hold(Collection<MailId> ids, String reason) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int remove(Collection<MailId> ids) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void references(References visitor) {
        throw new UnsupportedOperationException();
    }

    // FilterChain

    @Override
    public Verdict connected(org.mailrack.api.filter.Client client) {
        return checked(onConnect);
    }

    @Override
    public Verdict helo(org.mailrack.api.filter.Client client) {
        return onHelo;
    }

    @Override
    public Verdict sender(org.mailrack.api.filter.Client client, Optional<MailAddress> reversePath) {
        return checked(onSender);
    }

    private Verdict checked(Verdict verdict) {
        if (failing) {
            throw new IllegalStateException("a test wants it so");
        }
        return verdict;
    }

    @Override
    public Verdict recipient(org.mailrack.api.filter.Client client, Envelope envelope, Recipient recipient) {
        return onRecipient;
    }

    @Override
    public boolean promptBeforeMessage() {
        return prompt;
    }

    @Override
    public boolean promptAtMessage() {
        return prompt;
    }

    @Override
    public Result message(MailId id, org.mailrack.api.filter.Client client, Envelope envelope, Content content) {
        try (var in = content.open()) {
            seen = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Result(
                onMessage, envelope, newHeadLength, ByteBuffer.wrap(newHead.getBytes(StandardCharsets.UTF_8)));
    }

    // Authenticator

    @Override
    public boolean allowsPlaintext(Authenticator.Client client) {
        return client.secure() || plaintext;
    }

    @Override
    public List<String> mechanisms(Authenticator.Client client) {
        return allowsPlaintext(client) ? List.of("PLAIN", "LOGIN") : List.of();
    }

    @Override
    public SaslExchange begin(String mechanism, Authenticator.Client client) {
        return mechanism.equals("PLAIN") ? new Plain() : new Login();
    }

    @Override
    public Account password(String name, char[] password, Authenticator.Client client) throws AuthenticationException {
        if (name.equals("bob@hamburger.edu") && Arrays.equals(password, "hungry".toCharArray())) {
            return new Account(name);
        }
        throw new AuthenticationException(AuthenticationException.Reason.FAILED, "no");
    }

    private static String utf8(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }

    private final class Plain implements SaslExchange {
        private Account account;

        @Override
        public Optional<byte[]> respond(Optional<byte[]> response) throws AuthenticationException {
            if (response.isEmpty()) {
                return Optional.of(new byte[0]);
            }
            String[] parts = utf8(response.get()).split("\0", -1);
            if (parts.length != 3) {
                throw new AuthenticationException(AuthenticationException.Reason.MALFORMED, "malformed");
            }
            account = password(parts[1], parts[2].toCharArray(), null);
            return Optional.empty();
        }

        @Override
        public Account account() {
            return account;
        }
    }

    private final class Login implements SaslExchange {
        private String name;
        private boolean asked;
        private Account account;

        @Override
        public Optional<byte[]> respond(Optional<byte[]> response) throws AuthenticationException {
            if (!asked && response.isEmpty()) {
                asked = true;
                return Optional.of("Username:".getBytes(StandardCharsets.UTF_8));
            }
            if (name == null) {
                asked = true;
                name = utf8(response.orElseThrow());
                return Optional.of("Password:".getBytes(StandardCharsets.UTF_8));
            }
            account = password(name, utf8(response.orElseThrow()).toCharArray(), null);
            return Optional.empty();
        }

        @Override
        public Account account() {
            return account;
        }
    }
}
