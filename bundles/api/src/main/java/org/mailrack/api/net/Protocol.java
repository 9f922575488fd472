package org.mailrack.api.net;

import java.nio.ByteBuffer;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A server protocol, registered as a service with the property {@value #NAME}. The transport looks the service up by the
 * protocol name of each endpoint and opens one session per connection. Called by several threads at once.
 */
@ConsumerType
public interface Protocol {

    /** Service property: the name that endpoints ask for, such as {@code smtp}, {@code submission}, {@code imap}. */
    String NAME = "protocol.name";

    /** Why a connection is turned away before a session is opened. */
    enum Refusal {
        /** The endpoint or the client has too many connections. */
        TOO_MANY_CONNECTIONS,
        /** The protocol is being replaced or the server stops. */
        UNAVAILABLE
    }

    /**
     * Opens the session of a new connection. The session writes its greeting from {@link Session#opened()}, not from here.
     */
    Session open(Connection connection);

    /** Whether opening a session now, its greeting included, returns at once, as {@link Session#prompt()} says of the rest. */
    default boolean prompt() {
        return false;
    }

    /**
     * What a client is told that is turned away, in the protocol's words and with its line end. The transport keeps the answer,
     * to be able to give it while the protocol is absent.
     */
    ByteBuffer refusal(Refusal reason);
}
