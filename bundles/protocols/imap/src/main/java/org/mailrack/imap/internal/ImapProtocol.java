package org.mailrack.imap.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.net.Connection;
import org.mailrack.api.net.Protocol;
import org.mailrack.api.net.Session;
import org.mailrack.imap.internal.command.Commands;
import org.mailrack.imap.internal.session.Limits;
import org.mailrack.imap.internal.session.Registry;
import org.mailrack.imap.internal.session.Services;
import org.mailrack.imap.internal.session.SessionLoop;

/** The protocol {@code imap}. */
@Component(service = Protocol.class, configurationPid = "org.mailrack.imap", property = Protocol.NAME + "=imap")
@Designate(ocd = ImapConfig.class)
public final class ImapProtocol implements Protocol {

    private final Mailboxes mailboxes;
    private final Authenticator authenticator;
    private final Directory directory;
    private final Registry registry = Commands.all();
    private final ThreadPoolExecutor searches;
    private final ThreadPoolExecutor logins;
    private volatile Limits limits;

    @Activate
    public ImapProtocol(
            @Reference Mailboxes mailboxes,
            @Reference Authenticator authenticator,
            @Reference Directory directory,
            ImapConfig config) {
        this.mailboxes = mailboxes;
        this.authenticator = authenticator;
        this.directory = directory;
        this.limits = limits(config);
        this.searches = pool("imap-search-", threads(config), positive("search.queue", config.search_queue()));
        this.logins = pool("imap-login-", loginThreads(config), positive("login.queue", config.login_queue()));
    }

    private static int threads(ImapConfig config) {
        return positive("search.threads", config.search_threads());
    }

    private static int loginThreads(ImapConfig config) {
        return positive("login.threads", config.login_threads());
    }

    private static ThreadPoolExecutor pool(String name, int threads, int queue) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queue), task -> {
                    Thread thread = new Thread(task, name + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static void resize(ThreadPoolExecutor pool, int threads) {
        // The core must never be greater than the maximum.
        pool.setCorePoolSize(Math.min(threads, pool.getMaximumPoolSize()));
        pool.setMaximumPoolSize(threads);
        pool.setCorePoolSize(threads);
    }

    @Modified
    void modified(ImapConfig config) {
        Limits changed = limits(config);
        int searchThreads = threads(config);
        int loginThreads = loginThreads(config);
        resize(searches, searchThreads);
        resize(logins, loginThreads);
        limits = changed;
    }

    @Deactivate
    void deactivate() {
        searches.shutdown();
        logins.shutdown();
    }

    @Override
    public Session open(Connection connection) {
        Services services = new Services(mailboxes, authenticator, directory.hostname(), registry, searches, logins);
        return new SessionLoop(connection, services, limits);
    }

    @Override
    public ByteBuffer refusal(Refusal reason) {
        String text =
                switch (reason) {
                    case TOO_MANY_CONNECTIONS -> "* BYE [LIMIT] Too many connections, try again later\r\n";
                    case UNAVAILABLE -> "* BYE [UNAVAILABLE] The server goes down or restarts\r\n";
                };
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Limits limits(ImapConfig config) {
        return new Limits(
                positive("max.line.length", config.max_line_length()),
                positive("max.line.length.before.login", config.max_line_length_before_login()),
                positive("max.literal.size", config.max_literal_size()),
                positive("max.literal.size.before.login", config.max_literal_size_before_login()),
                positive("max.append.size", config.max_append_size()),
                positive("max.append.messages", config.max_append_messages()),
                positive("max.sequence.elements", config.max_sequence_elements()),
                positive("max.search.depth", config.max_search_depth()),
                positive("max.arguments", config.max_arguments()),
                positive("max.header.size", config.max_header_size()),
                positive("max.bad.commands", config.max_bad_commands()),
                positive("max.bad.commands.before.login", config.max_bad_commands_before_login()),
                positive("max.login.failures", config.max_login_failures()),
                Duration.ofSeconds(positive("login.timeout", config.login_timeout())),
                Duration.ofSeconds(positive("idle.timeout", config.idle_timeout())),
                Duration.ofSeconds(positive("idle.keepalive", config.idle_keepalive())));
    }

    private static int positive(String setting, int value) {
        return (int) positive(setting, (long) value);
    }

    private static long positive(String setting, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("org.mailrack.imap: " + setting + " must be greater than 0");
        }
        return value;
    }
}
