package org.mailrack.pop3.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

/** The protocol {@code pop3}, for endpoints with STLS and with TLS from the start. Changed settings apply to new sessions. */
@Component(configurationPid = "org.mailrack.pop3", service = Protocol.class, property = Protocol.NAME + "=pop3")
@Designate(ocd = Pop3Config.class)
public final class Pop3Protocol implements Protocol {

    private final Directory directory;
    private final Authenticator authenticator;
    private final Mailboxes mailboxes;
    private final MaildropLocks locks = new MaildropLocks();
    private final ThreadPoolExecutor logins;
    private volatile Services services;

    @Activate
    public Pop3Protocol(
            @Reference Directory directory,
            @Reference Authenticator authenticator,
            @Reference Mailboxes mailboxes,
            Pop3Config config) {
        this(directory, authenticator, mailboxes, Settings.of(config));
    }

    Pop3Protocol(Directory directory, Authenticator authenticator, Mailboxes mailboxes, Settings settings) {
        this.directory = directory;
        this.authenticator = authenticator;
        this.mailboxes = mailboxes;
        AtomicInteger count = new AtomicInteger();
        logins = new ThreadPoolExecutor(
                settings.loginThreads(),
                settings.loginThreads(),
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(settings.loginQueue()),
                task -> new Thread(task, "mailrack-pop3-login-" + count.incrementAndGet()));
        // No thread stays when nobody logs in.
        logins.allowCoreThreadTimeOut(true);
        settings(settings);
    }

    private void settings(Settings settings) {
        services = new Services(directory, authenticator, mailboxes, locks, logins, settings);
    }

    /** The number of login threads follows; the length of their queue needs a restart of the bundle. */
    @Modified
    void modified(Pop3Config config) {
        Settings changed = Settings.of(config);
        if (changed.loginThreads() > logins.getMaximumPoolSize()) {
            logins.setMaximumPoolSize(changed.loginThreads());
            logins.setCorePoolSize(changed.loginThreads());
        } else {
            logins.setCorePoolSize(changed.loginThreads());
            logins.setMaximumPoolSize(changed.loginThreads());
        }
        settings(changed);
    }

    /** Logins under way end by themselves; their sessions have been told goodbye. */
    @Deactivate
    void deactivate() {
        logins.shutdown();
    }

    @Override
    public Session open(Connection connection) {
        return new Pop3Session(connection, services);
    }

    @Override
    public ByteBuffer refusal(Refusal reason) {
        String text =
                switch (reason) {
                    case TOO_MANY_CONNECTIONS -> "-ERR [SYS/TEMP] Too many connections, try again later\r\n";
                    case UNAVAILABLE -> "-ERR [SYS/TEMP] Service not available, try again later\r\n";
                };
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
