package org.mailrack.transport.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLContext;

import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.Registration;
import org.mailrack.api.net.Endpoint;
import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.api.net.Protocol;
import org.mailrack.api.net.Protocol.Refusal;

/** One listening address: accepts clients, counts them, and opens a session of its protocol for each. */
final class EndpointServer extends IoHandlerAdapter implements ClientConnection.Host, Protocols.Listener {

    private static final Logger log = LoggerFactory.getLogger(EndpointServer.class);
    private static final String CONNECTION = "mailrack.connection";

    /** Told of every change of the endpoint's state; the reason is null unless it failed. */
    interface StateListener {
        void changed(Endpoint endpoint, State state, String reason);
    }

    /** As in the properties of the {@link Endpoint} service. */
    enum State {
        ACCEPTING,
        WAITING,
        FAILED
    }

    private final Network network;
    private final StateListener states;
    private final NioSocketAcceptor acceptor;
    private final ClientCounts counts = new ClientCounts();
    private final LogLimit refusals = new LogLimit();
    private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();
    private volatile EndpointSettings settings;
    private volatile Endpoint endpoint;
    private volatile boolean stopping;
    private Registration protocolListener = () -> {};
    private Registration clock = () -> {};

    private EndpointServer(Network network, EndpointSettings settings, StateListener states) {
        this.network = network;
        this.settings = settings;
        this.endpoint = settings.endpoint();
        this.states = states;
        this.acceptor = new NioSocketAcceptor(network.io(), network.processors());
    }

    /** Listens; throws with one line that names the setting when it cannot. */
    static EndpointServer start(Network network, EndpointSettings settings, StateListener states)
            throws SettingException {
        EndpointServer server = new EndpointServer(network, settings, states);
        try {
            server.bind();
        } catch (IOException | RuntimeException e) {
            server.acceptor.dispose(false);
            throw BindFailure.explain(settings, e);
        }
        return server;
    }

    private void bind() throws IOException {
        acceptor.setReuseAddress(true);
        acceptor.setBacklog(settings.backlog());
        acceptor.getSessionConfig().setTcpNoDelay(true);
        acceptor.getSessionConfig().setKeepAlive(true);
        acceptor.getSessionConfig().setMinReadBufferSize(4096);
        acceptor.getSessionConfig().setReadBufferSize(4096);
        acceptor.getSessionConfig().setMaxReadBufferSize(32 * 1024);
        acceptor.setCloseOnDeactivation(false);
        acceptor.setHandler(this);
        acceptor.bind(endpoint.address());
        InetSocketAddress bound = acceptor.getLocalAddress();
        endpoint = new Endpoint(endpoint.name(), endpoint.protocol(), bound, endpoint.tls(), endpoint.settings());
        protocolListener = network.protocols().listen(endpoint.protocol(), this);
        clock = network.everyTick(this::tick);
        publish();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** Whether new settings can be taken without listening anew. */
    boolean canTake(EndpointSettings changed) {
        Endpoint now = settings.endpoint();
        Endpoint then = changed.endpoint();
        return changed.enabled()
                && changed.backlog() == settings.backlog()
                && then.name().equals(now.name())
                && then.address().equals(now.address())
                && then.tls() == now.tls()
                && then.protocol().equals(now.protocol());
    }

    /** Takes new limits at once, and new settings of the protocol for new connections. */
    void take(EndpointSettings changed) {
        Endpoint then = changed.endpoint();
        settings = changed;
        endpoint = new Endpoint(then.name(), then.protocol(), endpoint.address(), then.tls(), then.settings());
        publish();
    }

    /** Says goodbye to all, waits a bounded time, and stops listening. */
    void stop() {
        stopping = true;
        protocolListener.close();
        goodbye(List.copyOf(open), true);
        acceptor.unbind();
        List<ClientConnection> late = List.copyOf(open);
        late.forEach(connection -> connection.abort("endpoint stops"));
        await(late.stream().map(ClientConnection::ended).toList());
        clock.close();
        acceptor.dispose(true);
        log.info("endpoint stopped endpoint={} address={}", endpoint.name(), text(endpoint.address()));
    }

    private void tick(long now) {
        open.forEach(connection -> connection.tick(now));
    }

    private void publish() {
        boolean present = protocol().isPresent();
        states.changed(endpoint, present ? State.ACCEPTING : State.WAITING, null);
    }

    // Protocols.Listener

    @Override
    public void protocolChanged(Protocol before, boolean wait) {
        publish();
        List<ClientConnection> old = open.stream()
                .filter(connection -> before != null && connection.protocol() == before)
                .toList();
        if (!old.isEmpty()) {
            log.info("protocol replaced endpoint={} sessions={}", endpoint.name(), old.size());
            goodbye(old, wait);
        }
        open.forEach(ClientConnection::protocolCame);
    }

    private void goodbye(List<ClientConnection> connections, boolean wait) {
        List<CompletableFuture<Void>> ends =
                connections.stream().map(ClientConnection::goodbye).toList();
        if (wait) {
            await(ends);
            connections.forEach(connection -> connection.abortUnlessEnded("no goodbye within goodbye.timeout"));
        } else {
            long until = System.nanoTime() + limits().goodbyeTimeout().toNanos();
            connections.forEach(connection -> connection.endBy(until));
        }
    }

    private void await(List<CompletableFuture<Void>> ends) {
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                    .get(limits().goodbyeTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.warn("sessions still open after goodbye.timeout endpoint={}", endpoint.name());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Has all sessions say goodbye; those that do not end in time are ended. */
    void goodbye() {
        goodbye(List.copyOf(open), false);
    }

    // ClientConnection.Host

    @Override
    public Optional<Protocol> protocol() {
        return network.protocols().find(endpoint.protocol());
    }

    @Override
    public ByteBuffer refusal() {
        return network.protocols().refusal(endpoint.protocol(), Refusal.UNAVAILABLE);
    }

    @Override
    public EndpointSettings.Limits limits() {
        return settings.limits();
    }

    @Override
    public SSLContext tls() {
        return network.tls().server();
    }

    @Override
    public void failed(ClientConnection connection, Throwable failure) {
        network.countFailure();
        log.warn(
                "session failed session={} endpoint={} error={}", connection.id(), endpoint.name(), failure.toString());
        log.debug("session failed session={}", connection.id(), failure);
    }

    @Override
    public void ended(ClientConnection connection) {
        open.remove(connection);
        counts.release(connection.remote().getAddress());
        log.debug("connection closed session={}", connection.id());
    }

    // IoHandler

    @Override
    public void sessionOpened(IoSession session) {
        InetSocketAddress remote = (InetSocketAddress) session.getRemoteAddress();
        if (remote == null) {
            // Gone before it was accepted.
            session.closeNow();
            return;
        }
        if (stopping || !counts.admit(remote.getAddress(), limits())) {
            refuse(session, remote.getAddress());
            return;
        }
        InetSocketAddress local = (InetSocketAddress) session.getLocalAddress();
        String id = network.nextId(endpoint.name());
        ClientConnection connection =
                new ClientConnection(id, endpoint, remote, local, new MinaWire(session), this, network.workers());
        session.setAttribute(CONNECTION, connection);
        open.add(connection);
        log.debug("connection opened session={} endpoint={} client={}", id, endpoint.name(), text(remote));
        connection.start();
    }

    private void refuse(IoSession session, InetAddress client) {
        Refusal reason = stopping ? Refusal.UNAVAILABLE : Refusal.TOO_MANY_CONNECTIONS;
        if (refusals.mayLog()) {
            log.info(
                    "connection refused endpoint={} client={} reason={} connections={}",
                    endpoint.name(),
                    client.getHostAddress(),
                    reason,
                    counts.all());
        }
        ByteBuffer answer = network.protocols().refusal(endpoint.protocol(), reason);
        if (endpoint.tls() != TlsMode.IMPLICIT && answer.hasRemaining()) {
            session.write(IoBuffer.wrap(answer));
        }
        session.closeOnFlush();
    }

    @Override
    public void messageReceived(IoSession session, Object message) {
        ClientConnection connection = connection(session);
        if (connection != null) {
            connection.received(((IoBuffer) message).buf());
        }
    }

    @Override
    public void messageSent(IoSession session, Object message) {
        ClientConnection connection = connection(session);
        int octets = ((IoBuffer) message).limit();
        if (octets == 0) {
            session.resumeRead();
        } else if (connection != null) {
            connection.sent(octets);
        }
    }

    @Override
    public void inputClosed(IoSession session) {
        ClientConnection connection = connection(session);
        if (connection == null) {
            session.closeNow();
        } else {
            connection.inputEnded();
        }
    }

    @Override
    public void exceptionCaught(IoSession session, Throwable cause) {
        ClientConnection connection = connection(session);
        String id = connection == null ? endpoint.name() : connection.id();
        log.debug("connection broken session={} error={}", id, cause.toString());
        session.closeNow();
    }

    @Override
    public void sessionClosed(IoSession session) {
        ClientConnection connection = connection(session);
        if (connection != null) {
            connection.gone();
        }
    }

    private static ClientConnection connection(IoSession session) {
        return (ClientConnection) session.getAttribute(CONNECTION);
    }

    static String text(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        if (host == null) {
            return address.getHostString() + ':' + address.getPort();
        }
        String literal = host.getHostAddress();
        return (literal.indexOf(':') >= 0 ? '[' + literal + ']' : literal) + ':' + address.getPort();
    }
}
