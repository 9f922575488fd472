package org.mailrack.delivery.internal;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

import org.mailrack.api.delivery.DeliveryPolicy;
import org.mailrack.api.delivery.Transport;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.directory.DirectoryAdmin;
import org.mailrack.api.spool.Spool;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.MailboxStore;

/** Ties the dispatcher to the services that come and go. */
@Component(
        service = {},
        immediate = true,
        configurationPid = DeliveryComponent.PID)
@Designate(ocd = DeliveryConfig.class)
public final class DeliveryComponent {

    static final String PID = "org.mailrack.delivery";

    // The greatest reference is the one of the highest ranking; it is asked first.
    private final NavigableMap<ServiceReference<DeliveryPolicy>, DeliveryPolicy> policies =
            new ConcurrentSkipListMap<>(Comparator.reverseOrder());
    private final Directory directory;
    private final DirectoryAdmin admin;
    /** Asked after all others, and never absent: without them an address with an alias would be unknown. */
    private volatile List<DeliveryPolicy> ours;

    private volatile List<DeliveryPolicy> inOrder = List.of();
    private final Transports transports = new Transports();
    private final Dispatcher dispatcher;

    @Activate
    public DeliveryComponent(
            @Reference Spool spool,
            @Reference ContentStore contents,
            @Reference MailboxStore mailboxes,
            @Reference Directory directory,
            @Reference DirectoryAdmin admin,
            DeliveryConfig config) {
        this.directory = directory;
        this.admin = admin;
        ours = ours(config);
        InstantSource clock = InstantSource.system();
        dispatcher = new Dispatcher(
                spool,
                contents,
                new Router(this::policies),
                transports,
                new Settlement(spool, contents, mailboxes, directory::hostname, clock),
                DeliverySettings.of(config),
                clock);
    }

    private List<DeliveryPolicy> ours(DeliveryConfig config) {
        return List.of(
                new AliasPolicy(directory),
                new LocalPolicy(directory, admin, config.postmaster()),
                new RelayPolicy(directory));
    }

    private List<DeliveryPolicy> policies() {
        return Stream.concat(inOrder.stream(), ours.stream()).toList();
    }

    /** Begins when the policies and transports that are there already are bound. */
    @Activate
    void start() {
        dispatcher.start();
    }

    @Modified
    void modified(DeliveryConfig config) {
        DeliverySettings settings = DeliverySettings.of(config);
        ours = ours(config);
        dispatcher.settings(settings);
    }

    @Deactivate
    void stop() {
        dispatcher.close();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addPolicy(ServiceReference<DeliveryPolicy> reference, DeliveryPolicy policy) {
        policies.put(reference, policy);
        inOrder = List.copyOf(policies.values());
    }

    void removePolicy(ServiceReference<DeliveryPolicy> reference) {
        policies.remove(reference);
        inOrder = List.copyOf(policies.values());
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addTransport(Transport transport, Map<String, Object> properties) {
        transports.add(String.valueOf(properties.get(Transport.NAME)), transport);
    }

    void removeTransport(Transport transport, Map<String, Object> properties) {
        transports.remove(String.valueOf(properties.get(Transport.NAME)), transport);
    }
}
