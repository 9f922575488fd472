package org.mailrack.transport.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.net.Connection;
import org.mailrack.api.net.Endpoint;
import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.api.net.Protocol;
import org.mailrack.api.net.Session;

/**
 * One client. Whatever happens, from the network, the clock, or another thread, only leaves a note and asks for a {@link Turn}; the
 * turn, of which never two run at a time, does all the work: tasks, TLS, calls of the session, output. So neither the session nor
 * the TLS layer needs a lock, and a slow session holds up no other. A session that says that it is prompt has its turn in the
 * thread that brought the note, which spares the client two changes of threads for each answer.
 */
final class ClientConnection implements Connection {

    private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);
    /** How many pieces of output one round sends at most. */
    private static final int PIECES = 8;

    /** The socket, as far as a connection needs it. */
    interface Wire {
        /** Sends what the socket takes at once and leaves the rest; only while nothing sent before waits. */
        void sendNow(ByteBuffer octets) throws IOException;

        /** Sends octets when the socket takes them; {@link ClientConnection#sent} says when they have gone out. */
        void send(ByteBuffer octets);

        void suspendReading();

        void resumeReading();

        /** Ends it at once; {@link ClientConnection#gone} follows. */
        void close();
    }

    /** The endpoint's side. */
    interface Host {
        /** The protocol, if it is there. */
        Optional<Protocol> protocol();

        /** What to say when it is not there. */
        ByteBuffer refusal();

        EndpointSettings.Limits limits();

        SSLContext tls();

        /** A session threw. */
        void failed(ClientConnection connection, Throwable failure);

        void ended(ClientConnection connection);
    }

    private final String id;
    private final Endpoint endpoint;
    private final InetSocketAddress remote;
    private final InetSocketAddress local;
    private final Wire wire;
    private final Host host;
    private final Turn turn;
    private final Arrivals arrivals;
    private final long created = System.nanoTime();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Output output = new Output();
    private final AtomicLong inFlight = new AtomicLong();
    private volatile long lastSent = created;
    private volatile long restSince = created;
    private volatile long idleNanos;
    private volatile long closeBy;
    private volatile long goodbyeBy;
    private volatile boolean idleDue;
    private volatile boolean paused;
    private volatile boolean resumed;
    private volatile boolean tlsWanted;
    private volatile boolean gone;
    private volatile boolean finished;
    private volatile SSLSession secured;
    private volatile Protocol protocol;
    private volatile long handshakeSince;

    /** The rest belongs to the turn. */
    private final InputBuffer input = new InputBuffer(Endpoint.INPUT_LIMIT);

    private InputBuffer net;
    private TlsLayer tls;
    private Session session;
    private boolean show;
    /** Written before the first turn is asked for, then the turn's like the rest. */
    private boolean discarded;

    private boolean tlsClosed;

    ClientConnection(
            String id,
            Endpoint endpoint,
            InetSocketAddress remote,
            InetSocketAddress local,
            Wire wire,
            Host host,
            Executor workers) {
        this.id = id;
        this.endpoint = endpoint;
        this.remote = remote;
        this.local = local;
        this.wire = wire;
        this.host = host;
        this.arrivals = new Arrivals(wire);
        this.turn = new Turn(workers, this::round, this::prompt);
    }

    // What happens to it, from any thread

    void start() {
        if (endpoint.tls() == TlsMode.IMPLICIT) {
            tlsWanted = true;
            // Nothing was or will be said in plain text: what came before the first turn is the client's hello.
            discarded = true;
            output.addTlsStart();
        }
        turn.requestHere();
    }

    void received(ByteBuffer octets) {
        restSince = System.nanoTime();
        arrivals.add(octets);
        turn.requestHere();
    }

    void inputEnded() {
        arrivals.end();
        turn.requestHere();
    }

    void sent(int octets) {
        lastSent = System.nanoTime();
        long left = inFlight.addAndGet(-octets);
        if (left == 0 && output.closed() || left <= Output.LOW_WATER && (!output.isEmpty() || output.starved())) {
            turn.requestHere();
        }
    }

    void gone() {
        gone = true;
        turn.requestHere();
    }

    /** The protocol came, so that a client who waits for it can be served. */
    void protocolCame() {
        if (protocol == null) {
            turn.request();
        }
    }

    Protocol protocol() {
        return protocol;
    }

    /** Has the session say goodbye; whoever is not served yet is turned away. */
    CompletableFuture<Void> goodbye() {
        execute(() -> {
            if (session != null) {
                session.goodbye();
            } else {
                turnAway();
            }
        });
        return ended;
    }

    void abort(String why) {
        log.debug("connection aborted session={} reason={}", id, why);
        wire.close();
    }

    CompletableFuture<Void> ended() {
        return ended;
    }

    void abortUnlessEnded(String why) {
        if (!finished) {
            abort(why);
        }
    }

    /** Is ended at that time if it has not ended by itself. */
    void endBy(long time) {
        goodbyeBy = time;
    }

    /** Looks at the time; called now and then. */
    void tick(long now) {
        EndpointSettings.Limits limits = host.limits();
        if (gone) {
            return;
        }
        if (handshakeSince != 0
                && now - handshakeSince > limits.handshakeTimeout().toNanos()) {
            abort("TLS handshake takes longer than handshake.timeout");
        } else if (inFlight.get() > 0 && now - lastSent > limits.writeTimeout().toNanos()) {
            abort("client takes no output for write.timeout");
        } else if (output.closed() && now - closeBy > 0) {
            abort("output not taken within close.timeout");
        } else if (goodbyeBy != 0 && now - goodbyeBy > 0) {
            abort("no goodbye within goodbye.timeout");
        } else if (protocol == null && now - created > limits.absentWait().toNanos()) {
            turn.request();
        } else if (idleNanos > 0 && !paused && !output.starved() && now - restSince > idleNanos) {
            restSince = now;
            idleDue = true;
            turn.request();
        }
    }

    // The turn

    /** Whether a round will not hold up the thread that runs it. */
    private boolean prompt() {
        boolean handshake = tls != null ? !tls.established() : tlsWanted;
        if (handshake || finished) {
            return finished;
        }
        try {
            return session != null
                    ? session.prompt()
                    : host.protocol().map(Protocol::prompt).orElse(false);
        } catch (RuntimeException | LinkageError e) {
            log.debug("session does not say whether it is prompt session={} error={}", id, e.toString());
            return false;
        }
    }

    /** Does what there is to do; says whether there may be more. */
    private boolean round() {
        if (finished) {
            return false;
        }
        try {
            if (gone) {
                end();
                return false;
            }
            boolean progress = runTasks();
            progress |= decode();
            if (session == null && !output.closed()) {
                open();
            }
            if (idleDue) {
                idleDue = false;
                if (session != null && !output.closed()) {
                    session.idle();
                }
            }
            progress |= show();
            progress |= pump();
            closeWhenDone();
            return progress;
        } catch (IOException e) {
            abort(e.toString());
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            host.failed(this, e);
            abort("session failed");
        }
        return false;
    }

    private boolean runTasks() {
        boolean progress = false;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
            progress = true;
        }
        return progress;
    }

    private void open() throws IOException {
        if (endpoint.tls() == TlsMode.IMPLICIT && secured == null) {
            if (arrivals.ended()) {
                throw new IOException("client left during the TLS handshake");
            }
            return;
        }
        Optional<Protocol> present = host.protocol();
        if (present.isEmpty()) {
            if (System.nanoTime() - created > host.limits().absentWait().toNanos()) {
                turnAway();
            }
            return;
        }
        protocol = present.get();
        session = protocol.open(this);
        session.opened();
        show = input.size() > 0;
        if (host.protocol().orElse(null) != protocol) {
            // Replaced in this moment: whoever replaced it may not have seen this session.
            session.goodbye();
        }
    }

    private void turnAway() {
        write(host.refusal());
        close();
    }

    private boolean decode() throws IOException {
        if (tlsWanted) {
            return false;
        }
        InputBuffer target = tls == null ? input : net;
        int before = input.size();
        boolean progress = arrivals.take(target);
        if (tls != null) {
            try {
                progress |= tls.unwrap(net, input);
            } catch (SSLException e) {
                tls.alert();
                sendTls();
                throw e;
            }
            if (tls.established() && secured == null) {
                secured = tls.session();
                handshakeSince = 0;
                if (session != null) {
                    session.secured();
                }
            }
        }
        if (output.closed()) {
            input.clear();
        }
        show |= input.size() > before;
        return progress;
    }

    private boolean show() throws IOException {
        if (session == null || paused || tlsWanted || !output.writable()) {
            return false;
        }
        if (resumed) {
            resumed = false;
            show |= input.size() > 0;
        }
        if (!show) {
            if (arrivals.ended() || tls != null && tls.inputEnded()) {
                close();
            }
            return false;
        }
        show = false;
        ByteBuffer view = input.view();
        int size = view.remaining();
        session.received(view);
        input.consume(size - view.remaining());
        if (view.remaining() >= Endpoint.INPUT_LIMIT && !paused && !tlsWanted && output.writable()) {
            throw new IOException("session leaves more than " + Endpoint.INPUT_LIMIT + " octets of input");
        }
        return true;
    }

    private boolean pump() throws IOException {
        boolean progress = false;
        // A client that takes all at once does not have the thread for itself: after a while it is for the turn to
        // decide.
        for (int pieces = 0; pieces < PIECES; pieces++) {
            sendTls();
            if (inFlight.get() >= Output.HIGH_WATER || tls != null && !tls.established()) {
                break;
            }
            if (tlsWanted && !discarded) {
                // Before the last plain octet goes out, so that the client's answer to it is never thrown away.
                discarded = true;
                discardInput();
            }
            ByteBuffer piece = nextPiece();
            if (piece != null && tls == null) {
                send(piece);
            } else if (piece != null) {
                tls.wrap(piece);
            } else if (output.tlsStartsNext()) {
                output.tlsStarted();
                net = new InputBuffer(Endpoint.INPUT_LIMIT);
                tls = new TlsLayer(host.tls());
                handshakeSince = System.nanoTime();
                tlsWanted = false;
            } else {
                break;
            }
            progress = true;
        }
        if (output.fedAgain(inFlight.get())) {
            restSince = System.nanoTime();
            show = true;
            progress = true;
        }
        return progress;
    }

    private ByteBuffer nextPiece() throws IOException {
        try {
            return output.next();
        } catch (IOException | RuntimeException e) {
            log.warn("output failed session={} reason={}", id, e.toString());
            throw new IOException("source of output failed", e);
        }
    }

    private void discardInput() {
        input.clear();
        arrivals.clear();
    }

    private void sendTls() throws IOException {
        if (tls != null) {
            for (ByteBuffer piece = tls.outgoing().poll();
                    piece != null;
                    piece = tls.outgoing().poll()) {
                send(piece);
            }
        }
    }

    /**
     * From the turn's own thread as far as the socket has room, which spares waking another thread; the rest is for the thread of
     * the socket, and what comes after it too, for the order.
     */
    private void send(ByteBuffer piece) throws IOException {
        if (inFlight.get() == 0) {
            wire.sendNow(piece);
        }
        if (piece.hasRemaining()) {
            if (inFlight.getAndAdd(piece.remaining()) == 0) {
                lastSent = System.nanoTime();
            }
            wire.send(piece);
        }
    }

    private void closeWhenDone() throws IOException {
        if (!output.closed() || !output.isEmpty() || inFlight.get() > 0) {
            return;
        }
        if (tls != null && tls.established() && !tlsClosed) {
            tlsClosed = true;
            tls.close();
            sendTls();
        }
        if (inFlight.get() == 0) {
            wire.close();
        }
    }

    private void end() {
        finished = true;
        output.close();
        IOException failure = output.drop();
        if (failure != null) {
            log.warn("source of output not closed session={} reason={}", id, failure.toString());
        }
        tasks.clear();
        discardInput();
        try {
            if (session != null) {
                session.closed();
            }
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            host.failed(this, e);
        } finally {
            host.ended(this);
            ended.complete(null);
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
        if (octets.hasRemaining() && output.add(octets)) {
            turn.request();
        }
    }

    @Override
    public void write(ReadableByteChannel source) {
        if (output.add(source)) {
            turn.request();
            return;
        }
        IOException failure = Output.closeSource(source, null);
        if (failure != null) {
            log.warn("source of output not closed session={} reason={}", id, failure.toString());
        }
    }

    @Override
    public boolean writable() {
        return output.writable();
    }

    @Override
    public void startTls() {
        if (tls != null || tlsWanted) {
            throw new IllegalStateException("TLS is started already");
        }
        tlsWanted = true;
        output.addTlsStart();
        turn.request();
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        if (paused) {
            restSince = System.nanoTime();
            resumed = true;
            paused = false;
            turn.request();
        }
    }

    @Override
    public void execute(Runnable task) {
        if (!finished) {
            tasks.add(task);
            turn.requestHere();
        }
    }

    @Override
    public void idleTimeout(Duration time) {
        idleNanos = time.toNanos();
    }

    @Override
    public void close() {
        if (closeBy == 0) {
            closeBy = System.nanoTime() + host.limits().closeTimeout().toNanos();
        }
        output.close();
        turn.request();
    }
}
