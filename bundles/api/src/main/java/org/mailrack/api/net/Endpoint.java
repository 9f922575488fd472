package org.mailrack.api.net;

import java.net.InetSocketAddress;
import java.util.Map;

/**
 * A listening address and what is spoken there. The transport registers each one as a service of this class with the
 * properties {@code endpoint.name}, {@code endpoint.protocol}, {@code endpoint.address}, {@code endpoint.port},
 * {@code endpoint.tls}, {@code endpoint.state} ({@code accepting}, {@code waiting} while its protocol is absent, or
 * {@code failed}) and, when failed, {@code endpoint.reason}: one line that names the setting at fault. Immutable.
 *
 * @param name the endpoint's name in the configuration, such as {@code submission}
 * @param protocol the {@link Protocol#NAME} of the protocol spoken there
 * @param address where it listens
 * @param tls how TLS is used
 * @param settings the endpoint's other settings, for the protocol
 */
public record Endpoint(
        String name, String protocol, InetSocketAddress address, TlsMode tls, Map<String, String> settings) {

    /** Octets of unconsumed input that a connection keeps for its session. */
    public static final int INPUT_LIMIT = 128 * 1024;

    /** How an endpoint uses TLS. */
    public enum TlsMode {
        /** Never. */
        NONE,
        /** When the client asks by the protocol's command. */
        STARTTLS,
        /** From the first octet (RFC 8314). */
        IMPLICIT
    }

    public Endpoint {
        settings = Map.copyOf(settings);
    }
}
