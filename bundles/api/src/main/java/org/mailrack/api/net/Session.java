package org.mailrack.api.net;

import java.nio.ByteBuffer;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The protocol's side of one connection. The transport makes all calls of one session one after another, together with the
 * tasks given to {@link Connection#execute}; so a session needs no locks. A call may block for a bounded time, such as a
 * database access.
 */
@ConsumerType
public interface Session {

    /**
     * Whether all other calls, made now, return at once: no disk, no network, no waiting for others, no costly computation, and no
     * {@linkplain Connection#write(java.nio.channels.ReadableByteChannel) source} of output that waits. The transport then
     * makes them in the thread that read the input, or that gave a task, which spares two changes of threads for each answer. A
     * session that says so and then takes long holds up other clients.
     */
    default boolean prompt() {
        return false;
    }

    /** The connection is open, on an endpoint with implicit TLS after the handshake. Greet the client here. */
    void opened();

    /**
     * Input is there. The session consumes whole commands or any part of them by moving the buffer's position; what it leaves is
     * kept and shown again, with what came since, when more arrives, when output has drained, or after
     * {@link Connection#resume()}. A session returns without consuming more once it paused, closed, asked for TLS, or the
     * connection is not {@linkplain Connection#writable() writable}.
     *
     * <p>The buffer holds at most {@link Endpoint#INPUT_LIMIT} octets: a session must consume or refuse before that, or the
     * transport ends the connection. The buffer is only valid during the call and is not to be written to.
     */
    void received(ByteBuffer input);

    /** The TLS handshake that {@link Connection#startTls()} asked for is done. */
    void secured();

    /** Nothing was received for the time set with {@link Connection#idleTimeout}: say goodbye and close, or go on. */
    void idle();

    /**
     * The protocol is being replaced or the server stops: finish the command at hand, then say the protocol's goodbye and
     * {@linkplain Connection#close() close}.
     */
    void goodbye();

    /**
     * The connection is gone, by either side or by failure. The last call, made exactly once after {@link #opened()}; release
     * what the session holds.
     */
    void closed();
}
