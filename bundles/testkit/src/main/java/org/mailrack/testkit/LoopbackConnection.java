package org.mailrack.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

import org.mailrack.api.net.Connection;
import org.mailrack.api.net.Endpoint;
import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.api.net.Protocol;
import org.mailrack.api.net.Session;

/** One connection of a {@link LoopbackServer}: a thread that runs tasks, writes, calls the session and reads, in turn. */
final class LoopbackConnection implements Connection {

    private static final int HIGH_WATER = 64 * 1024;
    private static final int PIECE = 16 * 1024;
    private static final long CLOSE_LIMIT = TimeUnit.SECONDS.toNanos(10);

    private final String id;
    private final Endpoint endpoint;
    private final SocketChannel socket;
    private final SSLContext context;
    private final Consumer<Throwable> failures;
    private final InetSocketAddress remote;
    private final InetSocketAddress local;
    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Guarded by itself, and with it pending and starved. */
    private final Deque<Object> output = new ArrayDeque<>();

    private long pending;
    private boolean starved;
    private volatile boolean paused;
    private volatile boolean closing;
    private volatile boolean closed;
    private volatile boolean aborted;
    private volatile boolean tlsWanted;
    private volatile boolean resumed;
    private volatile long idleNanos;
    private volatile SSLSession secured;

    /** The rest belongs to the thread. Both buffers are kept in writing order. */
    private final ByteBuffer input = ByteBuffer.allocate(Endpoint.INPUT_LIMIT);

    private final ByteBuffer net = ByteBuffer.allocate(64 * 1024);
    private final Queue<ByteBuffer> wire = new ArrayDeque<>();
    private LoopbackTlsEngine engine;
    private boolean opened;
    private boolean show;
    private boolean inputEnded;
    private long lastInput;
    private long closeBy;
    private Session session;

    LoopbackConnection(
            String id,
            Endpoint endpoint,
            SocketChannel socket,
            SSLContext context,
            Protocol protocol,
            Consumer<Throwable> failures,
            Consumer<LoopbackConnection> whenClosed)
            throws IOException {
        this.id = id;
        this.endpoint = endpoint;
        this.socket = socket;
        this.context = context;
        this.failures = failures;
        this.remote = (InetSocketAddress) socket.getRemoteAddress();
        this.local = (InetSocketAddress) socket.getLocalAddress();
        this.selector = Selector.open();
        this.thread = new Thread(() -> run(protocol, whenClosed), id);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void goodbye() {
        execute(() -> session.goodbye());
    }

    void abort() {
        aborted = true;
        selector.wakeup();
    }

    void join() {
        try {
            thread.join(CLOSE_LIMIT / 1_000_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Protocol protocol, Consumer<LoopbackConnection> whenClosed) {
        try (selector;
                socket) {
            socket.register(selector, SelectionKey.OP_READ);
            lastInput = System.nanoTime();
            session = protocol.open(this);
            if (endpoint.tls() == TlsMode.IMPLICIT) {
                engine = new LoopbackTlsEngine(context);
            } else {
                opened = true;
                session.opened();
            }
            while (!aborted && !finished()) {
                if (!turn()) {
                    await();
                }
            }
        } catch (IOException e) {
            // The client is gone, or its TLS is broken: closed() tells the session.
        } catch (RuntimeException | Error e) {
            failures.accept(e);
        } finally {
            closed = true;
            dropOutput();
            if (opened) {
                try {
                    session.closed();
                } catch (RuntimeException e) {
                    failures.accept(e);
                }
            }
            whenClosed.accept(this);
        }
    }

    private boolean finished() throws IOException {
        if (!closing) {
            return false;
        }
        if (closeBy == 0) {
            closeBy = System.nanoTime() + CLOSE_LIMIT;
        }
        if (flushed()) {
            if (engine != null) {
                engine.close();
                wire.addAll(engine.outgoing());
                flushWire();
            }
            return true;
        }
        return System.nanoTime() - closeBy > 0;
    }

    /** One round; says whether there may be more to do at once. */
    private boolean turn() throws IOException {
        boolean progress = runTasks();
        progress |= write();
        if (tlsWanted && flushed()) {
            tlsWanted = false;
            input.clear();
            net.clear();
            engine = new LoopbackTlsEngine(context);
            progress = true;
        }
        progress |= decode();
        progress |= showInput();
        progress |= read();
        long idle = idleNanos;
        if (idle > 0 && opened && !closing && System.nanoTime() - lastInput >= idle) {
            lastInput = System.nanoTime();
            session.idle();
            progress = true;
        }
        return progress;
    }

    private boolean runTasks() {
        boolean progress = false;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
            progress = true;
        }
        return progress;
    }

    private void await() throws IOException {
        boolean mayRead = !inputEnded && !tlsWanted && net.hasRemaining();
        SelectionKey key = socket.keyFor(selector);
        key.interestOps((mayRead ? SelectionKey.OP_READ : 0) | (wire.isEmpty() ? 0 : SelectionKey.OP_WRITE));
        long timeout = TimeUnit.SECONDS.toNanos(5);
        if (idleNanos > 0) {
            timeout = Math.min(timeout, lastInput + idleNanos - System.nanoTime());
        }
        if (tasks.isEmpty()) {
            selector.select(Math.max(1, timeout / 1_000_000));
            selector.selectedKeys().clear();
        }
    }

    private boolean read() throws IOException {
        if (inputEnded || tlsWanted || !net.hasRemaining()) {
            return false;
        }
        int count = socket.read(net);
        if (count > 0) {
            lastInput = System.nanoTime();
        }
        inputEnded = count < 0;
        return count != 0;
    }

    private boolean decode() throws IOException {
        if (tlsWanted) {
            return false;
        }
        net.flip();
        int before = input.position();
        boolean progress;
        try {
            if (engine == null) {
                int count = Math.min(net.remaining(), input.remaining());
                input.put(net.slice().limit(count));
                net.position(net.position() + count);
                progress = count > 0;
            } else {
                progress = engine.unwrap(net, input);
                inputEnded |= engine.inboundDone();
            }
        } catch (SSLException e) {
            engine.alert();
            wire.addAll(engine.outgoing());
            flushWire();
            throw e;
        } finally {
            net.compact();
        }
        show |= input.position() > before;
        if (engine != null && engine.established() && secured == null) {
            secured = engine.session();
            if (opened) {
                session.secured();
            } else {
                opened = true;
                session.opened();
            }
        }
        return progress;
    }

    private boolean showInput() throws IOException {
        if (!opened || paused || closing || tlsWanted || !writable()) {
            return false;
        }
        if (resumed) {
            resumed = false;
            show |= input.position() > 0;
        }
        synchronized (output) {
            show |= starved;
            starved = false;
        }
        if (!show) {
            if (inputEnded) {
                close();
            }
            return inputEnded;
        }
        show = false;
        boolean full = !input.hasRemaining();
        input.flip();
        ByteBuffer view = input.duplicate();
        session.received(view);
        boolean stuck = full && view.position() == 0;
        input.position(view.position());
        input.compact();
        if (stuck && !paused && !closing && !tlsWanted && writable()) {
            throw new IOException("the session leaves more than the input limit");
        }
        return true;
    }

    private boolean write() throws IOException {
        boolean progress = false;
        while (flushWire()) {
            if (engine != null) {
                wire.addAll(engine.outgoing());
                engine.outgoing().clear();
            }
            if (wire.isEmpty()) {
                ByteBuffer piece = engine == null || engine.established() ? nextPiece() : null;
                if (piece == null) {
                    return progress;
                }
                if (engine == null) {
                    wire.add(piece);
                } else {
                    engine.wrap(piece);
                }
            }
            progress = true;
        }
        return progress;
    }

    private boolean flushWire() throws IOException {
        while (!wire.isEmpty()) {
            socket.write(wire.peek());
            if (wire.peek().hasRemaining()) {
                return false;
            }
            wire.poll();
        }
        return true;
    }

    private ByteBuffer nextPiece() throws IOException {
        while (true) {
            Object first;
            synchronized (output) {
                first = output.peek();
                if (first instanceof ByteBuffer octets) {
                    pending -= octets.remaining();
                    output.poll();
                    return octets;
                }
            }
            if (first == null) {
                return null;
            }
            ByteBuffer piece = ByteBuffer.allocate(PIECE);
            ReadableByteChannel source = (ReadableByteChannel) first;
            if (source.read(piece) >= 0) {
                return piece.flip();
            }
            source.close();
            synchronized (output) {
                output.poll();
            }
        }
    }

    private boolean flushed() {
        synchronized (output) {
            return output.isEmpty()
                    && wire.isEmpty()
                    && (engine == null || engine.outgoing().isEmpty());
        }
    }

    private void dropOutput() {
        synchronized (output) {
            output.forEach(this::closeSource);
            output.clear();
        }
    }

    private void closeSource(Object item) {
        if (item instanceof ReadableByteChannel source) {
            try {
                source.close();
            } catch (IOException e) {
                failures.accept(e);
            }
        }
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
        return local;
    }

    @Override
    public Optional<SSLSession> tls() {
        return Optional.ofNullable(secured);
    }

    @Override
    public void write(ByteBuffer octets) {
        if (octets.hasRemaining()) {
            queue(octets, octets.remaining());
        }
    }

    @Override
    public void write(ReadableByteChannel source) {
        queue(source, 0);
    }

    private void queue(Object item, int octets) {
        synchronized (output) {
            if (closing || closed) {
                closeSource(item);
                return;
            }
            output.add(item);
            pending += octets;
            starved |= octets == 0 || pending >= HIGH_WATER;
        }
        wakeup();
    }

    @Override
    public boolean writable() {
        synchronized (output) {
            return !closing
                    && !closed
                    && pending < HIGH_WATER
                    && output.stream().noneMatch(item -> item instanceof ReadableByteChannel);
        }
    }

    @Override
    public void startTls() {
        if (engine != null || tlsWanted) {
            throw new IllegalStateException("TLS is started already");
        }
        tlsWanted = true;
        wakeup();
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        if (paused) {
            resumed = true;
            paused = false;
            wakeup();
        }
    }

    @Override
    public void execute(Runnable task) {
        if (!closed) {
            tasks.add(task);
            wakeup();
        }
    }

    @Override
    public void idleTimeout(Duration time) {
        idleNanos = time.toNanos();
        wakeup();
    }

    @Override
    public void close() {
        synchronized (output) {
            closing = true;
        }
        wakeup();
    }

    private void wakeup() {
        if (Thread.currentThread() != thread) {
            selector.wakeup();
        }
    }
}
