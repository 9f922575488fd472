package org.mailrack.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import javax.net.ssl.SSLSession;

import org.mailrack.api.net.Connection;
import org.mailrack.api.net.Endpoint;
import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.api.net.Protocol;
import org.mailrack.api.net.Session;

/**
 * A connection without a socket, for tests of a protocol. It calls the session only in the thread of the test and only inside the
 * methods of this class that feed, drain or await, so that a test without threads of its own runs the same each time.
 *
 * <pre>{@code
 * TestConnection client = TestConnection.open(protocol);
 * assertThat(client.read()).startsWith("220 ");
 * assertThat(client.exchange("NOOP")).isEqualTo("250 2.0.0 OK\r\n");
 * }</pre>
 *
 * <p>Other threads may use the methods of {@link Connection}; what they give to {@link #execute} waits for the next
 * {@link #drain()} or {@link #await}. An exception that the session throws reaches the test.
 */
public final class TestConnection implements Connection {

    /** Octets of untaken output from which the connection is not writable. */
    public static final int HIGH_WATER = 64 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Runnable WAKE = () -> {};
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String id = "test-" + COUNT.incrementAndGet();
    private final Endpoint endpoint;
    private final InetSocketAddress remote;
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    /** Guarded by this, as all below: other threads write and close. */
    private final Deque<Object> output = new ArrayDeque<>();

    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private byte[] input = new byte[0];
    private byte[] wire = new byte[0];
    private long pending;
    private long window = Long.MAX_VALUE;
    private boolean starved;
    private boolean paused;
    private boolean show;
    private boolean tlsWanted;
    private boolean tlsFails;
    private boolean closing;
    private boolean inputEnded;
    private boolean disconnected;
    private boolean closed;
    private Duration idleTimeout = Duration.ZERO;
    private SSLSession tls;
    private Session session;

    /** A connection from a loopback address to an endpoint named {@code test} with STARTTLS. */
    public TestConnection() {
        this(endpoint("test", TlsMode.STARTTLS, Map.of()));
    }

    /** A connection from a loopback address; with implicit TLS it is secure from the start. */
    public TestConnection(Endpoint endpoint) {
        this(endpoint, new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000 + COUNT.get() % 20000));
    }

    public TestConnection(Endpoint endpoint, InetSocketAddress remote) {
        this.endpoint = endpoint;
        this.remote = remote;
        if (endpoint.tls() == TlsMode.IMPLICIT) {
            tls = new SimulatedTlsSession();
        }
    }

    /** An endpoint of that name, which is its protocol's name also, on a loopback address. */
    public static Endpoint endpoint(String name, TlsMode tls, Map<String, String> settings) {
        return new Endpoint(name, name, new InetSocketAddress(InetAddress.getLoopbackAddress(), 12345), tls, settings);
    }

    /** Opens a session of the protocol on a new connection to the endpoint {@code test}. */
    public static TestConnection open(Protocol protocol) {
        return new TestConnection().start(protocol);
    }

    /** Opens a session of the protocol on a new connection to the endpoint. */
    public static TestConnection open(Protocol protocol, Endpoint endpoint) {
        return new TestConnection(endpoint).start(protocol);
    }

    /** Opens a session of the protocol on this connection. */
    public TestConnection start(Protocol protocol) {
        return start(protocol.open(this));
    }

    /** Opens that session on this connection. */
    public TestConnection start(Session opened) {
        if (session != null) {
            throw new IllegalStateException("the connection has a session");
        }
        session = opened;
        tasks.add(opened::opened);
        return drain();
    }

    // What the client does

    /** The client sends octets. */
    public TestConnection feed(byte[] octets) {
        synchronized (this) {
            wire = join(wire, octets);
        }
        return drain();
    }

    /** The client sends text in UTF-8, with the line ends that are in it. */
    public TestConnection feed(String text) {
        return feed(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The client sends text one octet at a time, as the slowest network would bring it. */
    public TestConnection trickle(String text) {
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            feed(new byte[] {octet});
        }
        return this;
    }

    /** The client sends lines, each with CRLF, in one piece. */
    public TestConnection lines(String... lines) {
        return feed(String.join("\r\n", lines) + "\r\n");
    }

    /** The client sends a line; returns what it has got since the last read. */
    public String exchange(String line) {
        return lines(line).read();
    }

    /** Takes from now on no more than {@code octets} of output until it is called again: 0 is a client that does not read. */
    public TestConnection window(long octets) {
        synchronized (this) {
            window = octets;
        }
        return drain();
    }

    /** The handshake that the next startTls brings fails. */
    public TestConnection failTls() {
        tlsFails = true;
        return this;
    }

    /** The client ends its sending and still reads (a TCP half-close). */
    public TestConnection endInput() {
        synchronized (this) {
            inputEnded = true;
        }
        return drain();
    }

    /** The client is gone without a word. */
    public TestConnection disconnect() {
        synchronized (this) {
            disconnected = true;
        }
        return drain();
    }

    // What the transport does

    /** The idle time passes. */
    public TestConnection passIdleTime() {
        tasks.add(session::idle);
        return drain();
    }

    /** The protocol is being replaced or the server stops. */
    public TestConnection sayGoodbye() {
        tasks.add(session::goodbye);
        return drain();
    }

    // What the test sees

    /** What the client has got since the last read, as UTF-8. */
    public synchronized String read() {
        return new String(readOctets(), StandardCharsets.UTF_8);
    }

    /** What the client has got since the last read. */
    public synchronized byte[] readOctets() {
        byte[] all = taken.toByteArray();
        taken.reset();
        return all;
    }

    /** What the client has got since the last read, as lines without their CRLF. */
    public List<String> readLines() {
        String text = read();
        return text.isEmpty() ? List.of() : List.of(text.split("\r\n"));
    }

    /** Octets that the client sent and the session has not consumed. */
    public synchronized int unconsumed() {
        return input.length + wire.length;
    }

    /** Octets of output that the client has not taken, sources not counted. */
    public synchronized long untaken() {
        return pending;
    }

    public synchronized boolean isPaused() {
        return paused;
    }

    /** Whether the connection is closed and the session has been told. */
    public synchronized boolean isClosed() {
        return closed;
    }

    /** What the session set as idle timeout, zero if nothing. */
    public synchronized Duration idleTimeout() {
        return idleTimeout;
    }

    /** Drains until other threads have made the condition true, at most ten seconds. */
    public TestConnection await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        drain();
        while (!condition.getAsBoolean()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("not so after " + PATIENCE.toSeconds() + " s; output: " + peek());
            }
            try {
                // A condition may depend on more than this connection, so look again now and then.
                Runnable task = tasks.poll(Math.min(left, TimeUnit.MILLISECONDS.toNanos(20)), TimeUnit.NANOSECONDS);
                if (task != null) {
                    run(task);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
            drain();
        }
        return this;
    }

    /** Drains until the output since the last read fits, and reads it. */
    public String awaitOutput(Predicate<String> fits) {
        await(() -> fits.test(peek()));
        return read();
    }

    /** Drains until the connection is closed, and reads what is left. */
    public String awaitClosed() {
        await(this::isClosed);
        return read();
    }

    /** Calls the session for all that waits. */
    public TestConnection drain() {
        while (step()) {
            // until nothing is left to do
        }
        return this;
    }

    private boolean step() {
        takeOutput();
        Runnable task = tasks.poll();
        if (task != null) {
            run(task);
            return true;
        }
        if (session == null || isClosed()) {
            return false;
        }
        Runnable call;
        synchronized (this) {
            call = nextCall();
        }
        if (call != null) {
            call.run();
        }
        return call != null;
    }

    private void run(Runnable task) {
        if (!isClosed()) {
            task.run();
        }
    }

    private Runnable nextCall() {
        boolean flushed = output.isEmpty();
        if (disconnected || closing && flushed) {
            return this::end;
        }
        if (closing) {
            return null;
        }
        if (tlsWanted) {
            return flushed ? this::handshake : null;
        }
        if (paused || !writable()) {
            return null;
        }
        if (starved) {
            starved = false;
            show = true;
        }
        int room = Math.min(wire.length, Endpoint.INPUT_LIMIT - input.length);
        if (room > 0) {
            input = join(input, Arrays.copyOf(wire, room));
            wire = Arrays.copyOfRange(wire, room, wire.length);
            show = true;
        }
        if (show) {
            show = false;
            return this::receive;
        }
        if (inputEnded) {
            return this::close;
        }
        return null;
    }

    private void receive() {
        byte[] shown = input;
        ByteBuffer view = ByteBuffer.wrap(shown).asReadOnlyBuffer();
        session.received(view);
        synchronized (this) {
            if (tlsWanted || input != shown) {
                return;
            }
            input = Arrays.copyOfRange(shown, view.position(), shown.length);
            boolean mayWait = paused || closing || !writable();
            if (view.position() == 0 && shown.length >= Endpoint.INPUT_LIMIT && !mayWait) {
                disconnected = true;
            }
        }
    }

    private void handshake() {
        synchronized (this) {
            tlsWanted = false;
            input = new byte[0];
            wire = new byte[0];
            if (tlsFails) {
                disconnected = true;
                return;
            }
            tls = new SimulatedTlsSession();
        }
        session.secured();
    }

    private void end() {
        synchronized (this) {
            closed = true;
            output.forEach(TestConnection::closeSource);
            output.clear();
            pending = 0;
        }
        session.closed();
    }

    private void takeOutput() {
        while (true) {
            Object first;
            synchronized (this) {
                first = output.peek();
                if (first == null || window <= 0 || disconnected) {
                    return;
                }
                if (first instanceof ByteBuffer octets) {
                    int count = (int) Math.min(window, octets.remaining());
                    byte[] piece = new byte[count];
                    octets.get(piece);
                    give(piece);
                    pending -= count;
                    if (!octets.hasRemaining()) {
                        output.poll();
                    }
                    continue;
                }
            }
            pull((ReadableByteChannel) first);
        }
    }

    /** Reads a source outside the lock, because it may block on a disk. */
    private void pull(ReadableByteChannel source) {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(window, 8192));
        int count;
        try {
            count = source.read(piece);
        } catch (IOException | RuntimeException e) {
            synchronized (this) {
                disconnected = true;
            }
            return;
        }
        synchronized (this) {
            if (count < 0) {
                output.poll();
                closeSource(source);
            } else {
                give(Arrays.copyOf(piece.array(), piece.position()));
            }
        }
    }

    private void give(byte[] piece) {
        taken.writeBytes(piece);
        if (window != Long.MAX_VALUE) {
            window -= piece.length;
        }
    }

    private synchronized String peek() {
        return taken.toString(StandardCharsets.UTF_8);
    }

    private static void closeSource(Object item) {
        if (item instanceof ReadableByteChannel source) {
            try {
                source.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    // Connection

    @Override
    public String id() {
        return id;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public InetSocketAddress remote() {
        return remote;
    }

    @Override
    public InetSocketAddress local() {
        return endpoint.address();
    }

    @Override
    public synchronized Optional<SSLSession> tls() {
        return Optional.ofNullable(tls);
    }

    @Override
    public void write(ByteBuffer octets) {
        synchronized (this) {
            if (closing || closed || !octets.hasRemaining()) {
                return;
            }
            output.add(octets);
            pending += octets.remaining();
            starved |= pending >= HIGH_WATER;
        }
        tasks.add(WAKE);
    }

    @Override
    public void write(ReadableByteChannel source) {
        synchronized (this) {
            if (closing || closed) {
                closeSource(source);
                return;
            }
            output.add(source);
            starved = true;
        }
        tasks.add(WAKE);
    }

    @Override
    public synchronized boolean writable() {
        return !closing
                && !closed
                && pending < HIGH_WATER
                && output.stream().noneMatch(item -> item instanceof ReadableByteChannel);
    }

    @Override
    public synchronized void startTls() {
        if (tls != null || tlsWanted) {
            throw new IllegalStateException("TLS is started already");
        }
        tlsWanted = true;
        tasks.add(WAKE);
    }

    @Override
    public synchronized void pause() {
        paused = true;
    }

    @Override
    public synchronized void resume() {
        if (paused) {
            paused = false;
            show |= input.length > 0;
            tasks.add(WAKE);
        }
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public synchronized void idleTimeout(Duration time) {
        idleTimeout = time;
    }

    @Override
    public synchronized void close() {
        closing = true;
        tasks.add(WAKE);
    }
}
