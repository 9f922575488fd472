package org.mailrack.delivery.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;

import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.delivery.DeliveryPolicy;
import org.mailrack.api.delivery.Transport;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.spool.Spool;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.MailboxStore;

/** Runs the dispatcher, and brings it the policies and transports that come and go. */
@Component(
        immediate = true,
        service = DispatcherComponent.class,
        configurationPid = "org.mailrack.delivery",
        // Not before the policies of this bundle are there: without aliases, say, an address would look unknown.
        property = "Policy.cardinality.minimum:Integer=3")
@Designate(ocd = DispatcherComponent.Config.class)
public final class DispatcherComponent {

    private static final Logger log = LoggerFactory.getLogger(DispatcherComponent.class);

    /** The settings. */
    @ObjectClassDefinition(
            name = "Mailrack delivery",
            description = "How mail goes from the queue to where it belongs.")
    public @interface Config {

        @AttributeDefinition(name = "retry.first", description = "Seconds until the second attempt.", min = "1")
        int retry_first() default 300;

        @AttributeDefinition(
                name = "retry.max",
                description = "Seconds that lie between attempts at most; the pauses double up to it.",
                min = "1")
        int retry_max() default 4000;

        @AttributeDefinition(
                name = "expire.after",
                description = "Seconds after which a mail that cannot be delivered goes back to its sender.",
                min = "1")
        int expire_after() default 432_000;

        @AttributeDefinition(name = "max.in.flight", description = "Mails that are being delivered at once.", min = "1")
        int max_in_flight() default 1000;

        @AttributeDefinition(
                name = "max.per.transport",
                description =
                        "Deliveries that one transport has at once; more wait in the queue, so that others go on.",
                min = "1")
        int max_per_transport() default 500;

        @AttributeDefinition(name = "batch", description = "Mails that are routed together.", min = "1")
        int batch() default 100;

        @AttributeDefinition(
                name = "max.recipients",
                description = "Recipients that a mail may have after its aliases were expanded.",
                min = "1")
        int max_recipients() default 10_000;

        @AttributeDefinition(
                name = "max.received",
                description = "Received fields after which a mail counts as going round in circles.",
                min = "1")
        int max_received() default 50;

        @AttributeDefinition(
                name = "policy.timeout",
                description = "Seconds that a delivery policy may take for one recipient.",
                min = "1")
        int policy_timeout() default 10;

        @AttributeDefinition(
                name = "delivery.timeout",
                description = "Seconds after which a delivery that its transport has not reported is deferred.",
                min = "1")
        int delivery_timeout() default 1800;

        @AttributeDefinition(
                name = "stop.wait",
                description = "Seconds that a stop waits for deliveries that are under way.",
                min = "1")
        int stop_wait() default 10;
    }

    private final Dispatcher dispatcher;
    private volatile MailboxStore mailboxes;

    @Activate
    public DispatcherComponent(
            @Reference Spool spool, @Reference ContentStore contents, @Reference Directory directory, Config config) {
        dispatcher = new Dispatcher(spool, contents, directory, this::forget, settings(config), Clock.systemUTC());
    }

    @Activate
    void activate() {
        dispatcher.start();
    }

    @Deactivate
    void deactivate() {
        dispatcher.close();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addPolicy(ServiceReference<DeliveryPolicy> reference, DeliveryPolicy policy) {
        dispatcher.policies().add(reference, policy);
    }

    void removePolicy(DeliveryPolicy policy) {
        dispatcher.policies().remove(policy);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(" + Transport.NAME + "=*)")
    void addTransport(Transport transport, Map<String, Object> properties) {
        dispatcher.addTransport(String.valueOf(properties.get(Transport.NAME)), transport);
    }

    void removeTransport(Transport transport) {
        dispatcher.removeTransport(transport);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setMailboxes(MailboxStore store) {
        mailboxes = store;
    }

    void unsetMailboxes(MailboxStore store) {
        if (mailboxes == store) {
            mailboxes = null;
        }
    }

    private void forget(Collection<String> keys) {
        MailboxStore store = mailboxes;
        if (store == null) {
            log.debug("delivery keys stay in the absent store keys={}", keys.size());
        } else {
            store.forgetDeliveries(keys);
        }
    }

    private static Settings settings(Config config) {
        return new Settings(
                seconds("retry.first", config.retry_first()),
                seconds("retry.max", config.retry_max()),
                seconds("expire.after", config.expire_after()),
                positive("max.in.flight", config.max_in_flight()),
                positive("max.per.transport", config.max_per_transport()),
                positive("batch", config.batch()),
                positive("max.recipients", config.max_recipients()),
                positive("max.received", config.max_received()),
                seconds("policy.timeout", config.policy_timeout()),
                seconds("delivery.timeout", config.delivery_timeout()),
                seconds("stop.wait", config.stop_wait()));
    }

    private static Duration seconds(String setting, int value) {
        return Duration.ofSeconds(positive(setting, value));
    }

    private static int positive(String setting, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("org.mailrack.delivery: " + setting + " is less than 1");
        }
        return value;
    }
}
