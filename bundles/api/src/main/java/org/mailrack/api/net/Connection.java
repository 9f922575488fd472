package org.mailrack.api.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

import javax.net.ssl.SSLSession;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A client's connection as a protocol sees it: bytes in, bytes out, start TLS, pause, close. All methods can be called from any
 * thread; what {@link #execute} runs never overlaps with a call of the {@link Session}.
 */
@ProviderType
public interface Connection extends Executor {

    /** A short name for the log, unique since the server's start. */
    String id();

    /** The endpoint that the client came to. */
    Endpoint endpoint();

    /** The client's address. */
    InetSocketAddress remote();

    /** The address that the client connected to. */
    InetSocketAddress local();

    /** The TLS session, or empty while the connection is in plain text. */
    Optional<SSLSession> tls();

    /** Whether TLS protects the connection. */
    default boolean secure() {
        return tls().isPresent();
    }

    /**
     * Queues output. The buffer belongs to the connection from now on. Never blocks; a session that writes much asks
     * {@link #writable()} between its pieces or writes a {@link #write(ReadableByteChannel) source}.
     */
    void write(ByteBuffer output);

    /** Queues text in UTF-8. */
    default void write(String output) {
        write(ByteBuffer.wrap(output.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Queues a source of output that is read piece by piece, in order with the other writes, as fast as the client takes it;
     * its length need not be known. The source is read one read at a time like a call of the session, may block on a disk but
     * not on a network, ends with -1, and is closed by the connection in any case. A source that throws ends the connection,
     * because what was promised cannot be kept. While a source is being sent, the connection is not writable.
     */
    void write(ReadableByteChannel source);

    /** Whether little enough output is waiting that the session should go on producing; received is called again when it is. */
    boolean writable();

    /**
     * Starts TLS after all output written before has gone out in plain text. All input not yet consumed is thrown away, so that
     * nothing sent in plain text is taken for protected (RFC 3207 section 6). Answered by {@link Session#secured()}, or by
     * {@link Session#closed()} when the handshake fails.
     */
    void startTls();

    /** Stops calls of {@link Session#received} until {@link #resume()}, while an answer is being prepared elsewhere. */
    void pause();

    /** Ends {@link #pause()}; input that waits is shown at once. Does nothing when not paused. */
    void resume();

    /** Runs a task in order with the session's calls; dropped when the connection is closed. */
    @Override
    void execute(Runnable task);

    /** Sets after how long without input {@link Session#idle()} is called, again and again. */
    void idleTimeout(Duration time);

    /** Closes after all output written before has gone out, in a bounded time. Later writes are dropped. */
    void close();
}
