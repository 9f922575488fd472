package org.mailrack.delivery.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.delivery.Delivery;
import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.delivery.Transport;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.mailbox.Mailboxes.Delivered;
import org.mailrack.api.mailbox.Mailboxes.ToDeliver;
import org.mailrack.api.store.StoreException;

/** Carries mail into mailboxes, a batch in one transaction. The content stays where it is; the mailbox references it. */
@Component(property = Transport.NAME + "=mailbox")
public final class MailboxTransport implements Transport {

    private static final Logger log = LoggerFactory.getLogger(MailboxTransport.class);

    private final Mailboxes mailboxes;
    // The dispatcher bounds what is under way, and with it this queue.
    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            2,
            2,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> new Thread(task, "mailrack-mailbox-delivery"));

    @Activate
    public MailboxTransport(@Reference Mailboxes mailboxes) {
        this.mailboxes = mailboxes;
        executor.allowCoreThreadTimeOut(true);
    }

    @Deactivate
    void stop() throws InterruptedException {
        executor.shutdown();
        executor.awaitTermination(10, TimeUnit.SECONDS);
        executor.shutdownNow();
    }

    @Override
    public void deliver(List<Delivery> batch) {
        executor.execute(() -> {
            try {
                append(batch);
            } catch (RuntimeException | LinkageError e) {
                if (!(e instanceof StoreException)) {
                    log.warn("mailbox delivery failed deliveries={}", batch.size(), e);
                }
                Outcome outcome = failure(e);
                batch.forEach(delivery -> delivery.report(outcome));
            }
        });
    }

    private void append(List<Delivery> batch) {
        List<ToDeliver> messages = new ArrayList<>(batch.size());
        for (Delivery delivery : batch) {
            Route.ToMailbox route = (Route.ToMailbox) delivery.route();
            messages.add(new ToDeliver(
                    route.account(),
                    route.mailbox(),
                    delivery.mail().content(),
                    delivery.mail().size(),
                    Flags.of(route.flags()),
                    delivery.mail().received(),
                    delivery.key()));
        }
        List<Delivered> results = mailboxes.deliver(messages);
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).report(outcome(results.get(i), messages.get(i)));
        }
    }

    private static Outcome outcome(Delivered result, ToDeliver message) {
        return switch (result.status()) {
            case APPENDED -> new Outcome.Delivered("delivered to " + message.name());
            // A crash came between the delivery and its record; the promise is once.
            case DUPLICATE -> new Outcome.Delivered("delivered to " + message.name() + " before");
            case NO_MAILBOX -> new Outcome.Deferred("4.2.0", "", "mailbox " + message.name() + " cannot be made");
        };
    }

    private static Outcome failure(Throwable e) {
        boolean full = e instanceof StoreException store && store.kind() == StoreException.Kind.NO_SPACE;
        return new Outcome.Deferred(
                full ? "4.3.1" : "4.3.0", "", full ? "no space for the message" : "the mailbox store does not answer");
    }
}
