package org.mailrack.transport.internal;

import java.time.Duration;
import java.util.Map;

import org.osgi.framework.Constants;
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

import org.mailrack.api.net.Protocol;
import org.mailrack.api.net.TlsContext;

/** Holds what all endpoints share, and hears of protocols that come and go. */
@Component(service = TransportComponent.class, configurationPid = "org.mailrack.transport")
@Designate(ocd = TransportComponent.Config.class)
public final class TransportComponent {

    private static final Logger log = LoggerFactory.getLogger(TransportComponent.class);
    /** By then the endpoints accept; the first client with TLS should not have to wait for the certificate. */
    private static final Duration WARM_UP = Duration.ofMillis(1500);

    @ObjectClassDefinition(name = "Mailrack transport", description = "What all endpoints share")
    @interface Config {
        @AttributeDefinition(name = "Threads for sockets", description = "Threads that read and write sockets")
        int io_threads() default 2;

        @AttributeDefinition(
                name = "Threads for sessions",
                description = "Threads that run sessions; 0 for four per processor, at least 16")
        int worker_threads() default 0;
    }

    private final Protocols protocols = new Protocols();
    private final Network network;

    @Activate
    public TransportComponent(@Reference TlsContext tls, Config config) {
        if (config.io_threads() < 1 || config.worker_threads() < 0) {
            throw new IllegalArgumentException(
                    "io.threads must be 1 or more, worker.threads 0 or more (org.mailrack.transport.cfg)");
        }
        int workers = config.worker_threads() > 0
                ? config.worker_threads()
                : Math.max(16, 4 * Runtime.getRuntime().availableProcessors());
        network = new Network(protocols, tls, config.io_threads(), workers);
        network.later(WARM_UP, () -> warmUp(tls));
    }

    private static void warmUp(TlsContext tls) {
        try {
            tls.server();
        } catch (IllegalStateException e) {
            log.error("TLS not usable reason={}", e.getMessage());
        }
    }

    @Deactivate
    void stop() {
        network.close();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindProtocol(Protocol protocol, Map<String, Object> properties) {
        Object name = properties.get(Protocol.NAME);
        if (name == null) {
            log.warn("protocol ignored reason='no {} property' service={}", Protocol.NAME, properties);
            return;
        }
        Object ranking = properties.get(Constants.SERVICE_RANKING);
        protocols.add(name.toString(), protocol, ranking instanceof Integer rank ? rank : 0, id(properties));
    }

    void updatedProtocol(Protocol protocol, Map<String, Object> properties) {
        protocols.removeOther(id(properties), String.valueOf(properties.get(Protocol.NAME)));
        bindProtocol(protocol, properties);
    }

    void unbindProtocol(Map<String, Object> properties) {
        Object name = properties.get(Protocol.NAME);
        if (name != null) {
            protocols.remove(name.toString(), id(properties));
        }
    }

    private static long id(Map<String, Object> properties) {
        return (Long) properties.get(Constants.SERVICE_ID);
    }

    Network network() {
        return network;
    }
}
