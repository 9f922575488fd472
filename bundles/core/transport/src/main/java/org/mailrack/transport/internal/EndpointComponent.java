package org.mailrack.transport.internal;

import java.net.InetSocketAddress;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Locale;
import java.util.Map;

import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.net.Endpoint;
import org.mailrack.api.net.Endpoint.TlsMode;

/** One endpoint per configuration file {@code etc/org.mailrack.transport.endpoint-NAME.cfg}. */
@Component(
        service = {},
        immediate = true,
        configurationPid = EndpointSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = EndpointComponent.Config.class, factory = true)
public final class EndpointComponent {

    private static final Logger log = LoggerFactory.getLogger(EndpointComponent.class);

    /** For consoles that show settings; they are read as text by {@link EndpointSettings}. */
    @ObjectClassDefinition(
            name = "Mailrack endpoint",
            description = "An address to listen at. Settings not named here are passed on to the protocol")
    @interface Config {
        @AttributeDefinition(
                name = "Name",
                description = "Empty for the part of the file's name after org.mailrack.transport.endpoint-")
        String name() default "";

        @AttributeDefinition(name = "Protocol", description = "What is spoken there; empty for the name")
        String protocol() default "";

        @AttributeDefinition(name = "Address", description = "Address to listen at; 0.0.0.0 or :: for all")
        String address() default "127.0.0.1";

        @AttributeDefinition(name = "Port")
        int port();

        @AttributeDefinition(
                name = "TLS",
                options = {
                    @Option(label = "never", value = "none"),
                    @Option(label = "when the client asks", value = "starttls"),
                    @Option(label = "from the first octet", value = "implicit")
                })
        String tls() default "none";

        @AttributeDefinition(name = "Enabled")
        boolean enabled() default true;

        @AttributeDefinition(name = "Connections at most")
        int max_connections() default 1000;

        @AttributeDefinition(
                name = "Connections per client at most",
                description = "By IPv4 address or IPv6 /64; loopback clients are not limited")
        int max_connections_per_client() default 50;

        @AttributeDefinition(name = "Backlog", description = "Clients that the kernel keeps waiting")
        int backlog() default 1024;

        @AttributeDefinition(name = "Handshake timeout", description = "Until a TLS handshake has to be done")
        String handshake_timeout() default "30 s";

        @AttributeDefinition(name = "Write timeout", description = "For a client that takes no output")
        String write_timeout() default "2 m";

        @AttributeDefinition(name = "Close timeout", description = "For the output that is left when a session closes")
        String close_timeout() default "5 m";

        @AttributeDefinition(name = "Absent wait", description = "How long a client waits for an absent protocol")
        String absent_wait() default "2 s";

        @AttributeDefinition(name = "Goodbye timeout", description = "For sessions of a protocol that goes")
        String goodbye_timeout() default "5 s";
    }

    private final BundleContext context;
    private final Network network;
    /** Changes of state come from many threads; registering with locks held invites deadlock, so they take turns. */
    private final Turn publishing;

    private record Published(Endpoint endpoint, EndpointServer.State state, String reason) {}

    private volatile Published latest;
    private volatile boolean stopped;
    private Published shown;
    private volatile ServiceRegistration<Endpoint> registration;
    private EndpointServer server;

    @Activate
    public EndpointComponent(
            BundleContext context, @Reference TransportComponent transport, Map<String, Object> configuration) {
        this.context = context;
        this.network = transport.network();
        this.publishing = new Turn(network.workers(), this::publish);
        start(configuration);
    }

    private void start(Map<String, Object> configuration) {
        try {
            EndpointSettings settings = EndpointSettings.parse(configuration);
            if (!settings.enabled()) {
                log.info("endpoint disabled endpoint={}", settings.endpoint().name());
                latest = null;
            } else {
                server = EndpointServer.start(network, settings, this::changed);
            }
        } catch (SettingException e) {
            String name = EndpointSettings.name(configuration);
            String protocol =
                    String.valueOf(configuration.containsKey("protocol") ? configuration.get("protocol") : name);
            InetSocketAddress nowhere = InetSocketAddress.createUnresolved(
                    String.valueOf(configuration.containsKey("address") ? configuration.get("address") : ""), 0);
            changed(
                    new Endpoint(name, protocol, nowhere, TlsMode.NONE, Map.of()),
                    EndpointServer.State.FAILED,
                    e.getMessage());
        }
        publishing.request();
    }

    @Modified
    void modified(Map<String, Object> configuration) {
        if (server != null) {
            try {
                EndpointSettings settings = EndpointSettings.parse(configuration);
                if (server.canTake(settings)) {
                    server.take(settings);
                    return;
                }
            } catch (SettingException e) {
                log.debug("endpoint restarts because of a broken setting reason={}", e.getMessage());
            }
            server.stop();
            server = null;
        }
        start(configuration);
    }

    @Deactivate
    void stop() {
        stopped = true;
        if (server != null) {
            server.stop();
        }
        ServiceRegistration<Endpoint> last = registration;
        registration = null;
        unregister(last);
    }

    private void changed(Endpoint endpoint, EndpointServer.State state, String reason) {
        latest = new Published(endpoint, state, reason);
        publishing.request();
    }

    private boolean publish() {
        Published now = latest;
        if (now == shown || stopped) {
            return false;
        }
        if (now != null && now.state() == EndpointServer.State.FAILED) {
            log.error(now.reason());
        } else if (now != null && (shown == null || shown.state() != now.state())) {
            log.info(
                    "endpoint {} endpoint={} protocol={} address={} tls={}",
                    text(now.state()),
                    now.endpoint().name(),
                    now.endpoint().protocol(),
                    EndpointServer.text(now.endpoint().address()),
                    now.endpoint().tls());
        }
        ServiceRegistration<Endpoint> old = registration;
        try {
            if (old != null && now != null && now.endpoint().equals(shown.endpoint())) {
                old.setProperties(properties(now));
            } else {
                registration =
                        now == null ? null : context.registerService(Endpoint.class, now.endpoint(), properties(now));
                unregister(old);
            }
        } catch (IllegalStateException e) {
            log.debug("endpoint not published, the bundle stops reason={}", e.getMessage());
        }
        shown = now;
        if (stopped) {
            unregister(registration);
        }
        return true;
    }

    private static void unregister(ServiceRegistration<Endpoint> registration) {
        try {
            if (registration != null) {
                registration.unregister();
            }
        } catch (IllegalStateException e) {
            log.debug("endpoint was unregistered before reason={}", e.getMessage());
        }
    }

    private static Dictionary<String, Object> properties(Published now) {
        Endpoint endpoint = now.endpoint();
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("endpoint.name", endpoint.name());
        properties.put("endpoint.protocol", endpoint.protocol());
        properties.put("endpoint.address", endpoint.address().getHostString());
        properties.put("endpoint.port", endpoint.address().getPort());
        properties.put("endpoint.tls", endpoint.tls().name().toLowerCase(Locale.ROOT));
        properties.put("endpoint.state", text(now.state()));
        if (now.reason() != null) {
            properties.put("endpoint.reason", now.reason());
        }
        return properties;
    }

    private static String text(EndpointServer.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
