package org.mailrack.api.directory;

import java.util.Optional;

import org.osgi.annotation.versioning.ProviderType;

/**
 * One SASL exchange (RFC 4422 section 3). The protocol carries the octets, in Base64 or however it does. Used by one thread at a
 * time.
 */
@ProviderType
public interface SaslExchange {

    /**
     * Takes the client's response.
     *
     * @param response its octets; empty (not absent) for an empty response; absent at the start when the client sent no initial
     *     response
     * @return the next challenge, or empty when the client is authenticated
     * @throws AuthenticationException when it is not; the exchange is over
     */
    Optional<byte[]> respond(Optional<byte[]> response) throws AuthenticationException;

    /** The account, once {@link #respond} has returned empty. */
    Account account();
}
