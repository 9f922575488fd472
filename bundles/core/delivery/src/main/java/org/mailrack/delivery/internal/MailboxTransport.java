package org.mailrack.delivery.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.delivery.Delivery;
import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.delivery.Transport;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.store.StoreException;

/** Puts mail in mailboxes, a batch in one transaction. The message stays where the spool wrote it; the mailbox refers to it. */
@Component(property = Transport.NAME + "=mailbox")
public final class MailboxTransport implements Transport {

    private static final Logger log = LoggerFactory.getLogger(MailboxTransport.class);

    private final Mailboxes mailboxes;
    /** Whether the store failed the last time: said once when it begins and once when it ends. */
    private final AtomicBoolean failing = new AtomicBoolean();

    @Activate
    public MailboxTransport(@Reference Mailboxes mailboxes) {
        this.mailboxes = mailboxes;
    }

    @Override
    public void deliver(List<Delivery> batch) {
        List<Mailboxes.Delivered> results;
        try {
            results = mailboxes.deliver(
                    batch.stream().map(MailboxTransport::message).toList());
        } catch (StoreException e) {
            storeFailed(batch, e);
            return;
        } catch (RuntimeException e) {
            if (batch.size() == 1) {
                log.warn("mailbox delivery failed mail={}", batch.get(0).mail().id(), e);
                batch.get(0).report(new Outcome.Deferred("4.2.0", "", "the mailbox failed"));
                return;
            }
            // One of them is to blame, and shall not hinder the others.
            batch.forEach(delivery -> deliver(List.of(delivery)));
            return;
        }
        if (failing.compareAndSet(true, false)) {
            log.info("mailbox store works again");
        }
        List<Delivery> homeless = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            report(batch.get(i), results.get(i), homeless);
        }
        if (!homeless.isEmpty()) {
            toInbox(homeless);
        }
    }

    private void storeFailed(List<Delivery> batch, StoreException e) {
        if (failing.compareAndSet(false, true)) {
            log.warn("mailbox store failed, mail waits in the queue until it works reason=\"{}\"", e.getMessage());
        } else {
            log.debug("mailbox store failed mails={} reason=\"{}\"", batch.size(), e.getMessage());
        }
        String code = e.kind() == StoreException.Kind.NO_SPACE ? "4.3.1" : "4.3.0";
        batch.forEach(delivery -> delivery.report(new Outcome.Deferred(code, "", "the mailbox store failed")));
    }

    private void report(Delivery delivery, Mailboxes.Delivered result, List<Delivery> homeless) {
        Route.ToMailbox route = (Route.ToMailbox) delivery.route();
        switch (result.status()) {
            case APPENDED -> delivery.report(new Outcome.Delivered("delivered to " + route.mailbox()));
            case DUPLICATE -> delivery.report(new Outcome.Delivered("was delivered to " + route.mailbox() + " before"));
            case NO_MAILBOX -> homeless.add(delivery);
        }
    }

    /** A mailbox that a policy names and that cannot be is no reason to lose or refuse mail. */
    private void toInbox(List<Delivery> homeless) {
        List<Mailboxes.ToDeliver> again = new ArrayList<>();
        for (Delivery delivery : homeless) {
            Mailboxes.ToDeliver first = message(delivery);
            again.add(new Mailboxes.ToDeliver(
                    first.account(),
                    MailboxInfo.INBOX,
                    first.content(),
                    first.size(),
                    first.flags(),
                    first.internalDate(),
                    first.deliveryKey()));
        }
        List<Mailboxes.Delivered> results;
        try {
            results = mailboxes.deliver(again);
        } catch (StoreException e) {
            storeFailed(homeless, e);
            return;
        } catch (RuntimeException e) {
            log.warn("mailbox delivery failed mails={} reason=\"{}\"", again.size(), e.getMessage());
            homeless.forEach(delivery -> delivery.report(new Outcome.Deferred("4.2.0", "", "the mailbox failed")));
            return;
        }
        for (int i = 0; i < results.size(); i++) {
            homeless.get(i)
                    .report(
                            results.get(i).status() == Mailboxes.Delivered.Status.NO_MAILBOX
                                    ? new Outcome.Deferred("4.2.1", "", "the mailbox is not there")
                                    : new Outcome.Delivered("delivered to INBOX, the other mailbox cannot be made"));
        }
    }

    private static Mailboxes.ToDeliver message(Delivery delivery) {
        Route.ToMailbox route = (Route.ToMailbox) delivery.route();
        return new Mailboxes.ToDeliver(
                route.account(),
                route.mailbox(),
                delivery.mail().content(),
                delivery.mail().size(),
                Flags.of(route.flags()),
                delivery.mail().received(),
                delivery.key());
    }
}
