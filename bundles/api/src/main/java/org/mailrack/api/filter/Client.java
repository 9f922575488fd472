package org.mailrack.api.filter;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Who is handing mail in. Immutable.
 *
 * @param session the connection's name in the log
 * @param endpoint the name of the endpoint that the client came to
 * @param remote the client's address
 * @param secure whether TLS protects the connection
 * @param helo the name that the client gave itself, empty before HELO
 * @param account the account that authenticated, empty when none did
 */
public record Client(
        String session,
        String endpoint,
        InetSocketAddress remote,
        boolean secure,
        Optional<String> helo,
        Optional<String> account) {}
