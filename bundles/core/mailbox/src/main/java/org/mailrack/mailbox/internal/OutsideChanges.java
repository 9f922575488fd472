package org.mailrack.mailbox.internal;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.Registration;
import org.mailrack.api.store.MailboxStore;

/**
 * Hears from the store which mailboxes other processes have changed, and passes each on from a thread of its own, so that the
 * store's thread need not wait. A mailbox that waits is not put in twice.
 */
final class OutsideChanges implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OutsideChanges.class);

    private final LongConsumer action;
    private final Set<Long> waiting = new HashSet<>();
    private final ExecutorService executor;
    private final Registration registration;

    OutsideChanges(MailboxStore store, LongConsumer action) {
        this.action = action;
        // No thread while nothing happens: a store that is alone never calls.
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "mailbox-outside-changes");
                    thread.setDaemon(true);
                    return thread;
                });
        one.allowCoreThreadTimeOut(true);
        executor = one;
        registration = store.listen(this::changed);
    }

    private void changed(long id) {
        synchronized (waiting) {
            if (executor.isShutdown() || !waiting.add(id)) {
                return;
            }
            executor.execute(() -> pass(id));
        }
    }

    private void pass(long id) {
        synchronized (waiting) {
            waiting.remove(id);
        }
        try {
            action.accept(id);
        } catch (RuntimeException e) {
            log.warn("change of another process not taken in mailbox={} reason={}", id, e.toString());
        }
    }

    @Override
    public void close() {
        registration.close();
        synchronized (waiting) {
            executor.shutdownNow();
        }
    }
}
