package org.mailrack.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;

import org.mailrack.api.net.Endpoint;
import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.api.net.Protocol;

/**
 * Serves one protocol on a free loopback port, so that its authors can drive it with real clients. Small rather than fast: one
 * thread per connection, no limits, no timeouts but the idle time that the session sets.
 *
 * <pre>{@code
 * try (LoopbackServer server = LoopbackServer.serve(protocol, "pop3", TlsMode.STARTTLS)) {
 *     store.connect("127.0.0.1", server.port(), "bob", "hungry");
 * }
 * }</pre>
 */
public final class LoopbackServer implements AutoCloseable {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Protocol protocol;
    private final Endpoint endpoint;
    private final SSLContext tls = LoopbackTls.context();
    private final ServerSocketChannel acceptor;
    private final Set<LoopbackConnection> open = ConcurrentHashMap.newKeySet();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private LoopbackServer(Protocol protocol, ServerSocketChannel acceptor, Endpoint endpoint) {
        this.protocol = protocol;
        this.acceptor = acceptor;
        this.endpoint = endpoint;
    }

    /** Serves a protocol at an endpoint of that name without settings. */
    public static LoopbackServer serve(Protocol protocol, String name, TlsMode tls) {
        return serve(protocol, name, tls, Map.of());
    }

    /** Serves a protocol at an endpoint of that name with those settings. */
    public static LoopbackServer serve(Protocol protocol, String name, TlsMode tls, Map<String, String> settings) {
        try {
            ServerSocketChannel acceptor = ServerSocketChannel.open();
            acceptor.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            InetSocketAddress address = (InetSocketAddress) acceptor.getLocalAddress();
            LoopbackServer server =
                    new LoopbackServer(protocol, acceptor, new Endpoint(name, name, address, tls, settings));
            Thread thread = new Thread(server::accept, "loopback-" + name + "-acceptor");
            thread.setDaemon(true);
            thread.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    public int port() {
        return endpoint.address().getPort();
    }

    /** How many connections are open. */
    public int connections() {
        return open.size();
    }

    /** What sessions have thrown. */
    public Queue<Throwable> failures() {
        return failures;
    }

    /** Tells every session that the protocol is being replaced. */
    public void goodbye() {
        open.forEach(LoopbackConnection::goodbye);
    }

    /** Stops listening and drops all connections; returns when their sessions have been told. */
    @Override
    public void close() {
        try {
            acceptor.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(LoopbackConnection::abort);
        open.forEach(LoopbackConnection::join);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel socket = acceptor.accept();
                socket.configureBlocking(false);
                String id = endpoint.name() + '-' + COUNT.incrementAndGet();
                LoopbackConnection connection =
                        new LoopbackConnection(id, endpoint, socket, tls, protocol, failures::add, open::remove);
                open.add(connection);
                connection.start();
            }
        } catch (AsynchronousCloseException e) {
            // closed, as told
        } catch (IOException e) {
            failures.add(e);
        }
    }
}
