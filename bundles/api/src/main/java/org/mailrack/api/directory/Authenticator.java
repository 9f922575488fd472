package org.mailrack.api.directory;

import java.net.InetSocketAddress;
import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Proves who a client is. The answer and its time are the same for an unknown account and for a wrong password. Calls may take
 * the time of a password hash; thread-safe.
 */
@ProviderType
public interface Authenticator {

    /**
     * Where a client authenticates from.
     *
     * @param session the connection's name in the log
     * @param protocol such as {@code imap}
     * @param remote the client's address
     * @param secure whether TLS protects the connection
     */
    record Client(String session, String protocol, InetSocketAddress remote, boolean secure) {}

    /** Whether the client may send a password as things are: under TLS, or on loopback when the configuration says so. */
    boolean allowsPlaintext(Client client);

    /** The SASL mechanisms that the client may use as things are, best first, in upper case. */
    List<String> mechanisms(Client client);

    /**
     * Begins a SASL exchange.
     *
     * @throws AuthenticationException UNSUPPORTED when the mechanism is not among {@link #mechanisms}
     */
    SaslExchange begin(String mechanism, Client client) throws AuthenticationException;

    /**
     * Checks a password, for commands such as LOGIN and USER/PASS. A name without domain is looked up in the default domain.
     *
     * @throws AuthenticationException when it is not accepted
     */
    Account password(String name, char[] password, Client client) throws AuthenticationException;
}
