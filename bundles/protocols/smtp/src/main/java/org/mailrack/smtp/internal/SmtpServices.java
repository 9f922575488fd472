package org.mailrack.smtp.internal;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.filter.FilterChain;
import org.mailrack.api.spool.Spool;

/** What the three protocols share: the settings, the commands, and the services of the rack. */
@Component(service = SmtpServices.class, configurationPid = "org.mailrack.smtp")
@Designate(ocd = SmtpConfig.class)
public final class SmtpServices {

    /** Messages per thread that may wait for one. */
    private static final int WAITING_PER_THREAD = 64;

    private final Directory directory;
    private final Spool spool;
    private final FilterChain filters;
    private final CommandRegistry commands = CommandRegistry.standard();
    private final Executor worker;
    private volatile SmtpSettings settings;

    @Activate
    public SmtpServices(
            @Reference Directory directory, @Reference Spool spool, @Reference FilterChain filters, SmtpConfig config) {
        this.directory = directory;
        this.spool = spool;
        this.filters = filters;
        this.settings = SmtpSettings.of(config);
        this.worker = worker(config.worker_threads());
    }

    /**
     * Its threads end by themselves when they have nothing to do. It is never shut down, because sessions that say goodbye after
     * this component is gone still have their message accepted.
     */
    private static Executor worker(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("org.mailrack.smtp: worker.threads must be at least 1");
        }
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                5,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(threads * WAITING_PER_THREAD),
                task -> {
                    Thread thread = new Thread(task, "smtp-accept");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Modified
    void modified(SmtpConfig config) {
        settings = SmtpSettings.of(config);
    }

    SmtpSettings settings() {
        return settings;
    }

    Services services(Optional<Authenticator> authenticator) {
        return new Services(directory, spool, filters, authenticator, commands, worker, Clock.systemDefaultZone());
    }
}
