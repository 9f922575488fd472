package org.mailrack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.mailrack.api.net.Connection;
import org.mailrack.api.net.Endpoint;
import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.api.net.Protocol;
import org.mailrack.testkit.ProbeProtocol.Probe;

/** What {@link Connection} promises to a session, tried over real sockets. Each transport extends this class. */
public abstract class ConnectionContract {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** More than the kernel buffers for one connection. */
    private static final long MUCH = 32L << 20;

    private static final long BOUND = 16L << 20;

    private final ProbeProtocol protocol = new ProbeProtocol();
    private final List<Socket> clients = new ArrayList<>();
    private InetSocketAddress address;

    /** Serves the protocol at a new endpoint until {@link #stop}; says where. */
    protected abstract InetSocketAddress serve(Protocol served, TlsMode tls) throws Exception;

    /** Has all sessions told goodbye. */
    protected abstract void goodbye() throws Exception;

    /** Stops what {@link #serve} started. */
    protected abstract void stop() throws Exception;

    /** A context that trusts the server's certificate. */
    protected SSLContext trust() {
        return LoopbackTls.context();
    }

    @AfterEach
    void stopAll() throws Exception {
        for (Socket client : clients) {
            client.close();
        }
        stop();
        assertThat(protocol.events).noneMatch(event -> event.startsWith("OVERLAP"));
    }

    @Test
    void callsOpenedFirstAndClosedLastAndOnce() throws Exception {
        Socket client = connect(TlsMode.NONE);
        assertThat(line(client)).isEqualTo("hello secure=false");
        send(client, "ECHO one\r\n");
        assertThat(line(client)).isEqualTo("one");
        client.close();
        until(() -> protocol.events.contains("closed"));
        assertThat(protocol.events).containsExactly("opened", "closed");
    }

    @Test
    void answersPipelinedCommandsInOrder() throws Exception {
        Socket client = connect(TlsMode.NONE);
        send(client, "ECHO a\r\nSOURCE 3\r\nECHO b\r\nECHO c\r\n");
        assertThat(line(client)).startsWith("hello");
        assertThat(line(client)).isEqualTo("a");
        assertThat(line(client)).isEqualTo("\0\0\0b");
        assertThat(line(client)).isEqualTo("c");
    }

    @Test
    void showsUnconsumedInputAgainWithWhatCameSince() throws Exception {
        Socket client = connect(TlsMode.NONE);
        client.setTcpNoDelay(true);
        assertThat(line(client)).startsWith("hello");
        for (byte octet : "ECHO piece by piece\r\n".getBytes(StandardCharsets.UTF_8)) {
            client.getOutputStream().write(octet);
        }
        assertThat(line(client)).isEqualTo("piece by piece");
    }

    @Test
    void showsNoInputWhilePausedAndWhatWaitsAfterResume() throws Exception {
        Socket client = connect(TlsMode.NONE);
        send(client, "PAUSE\r\nECHO after\r\n");
        assertThat(line(client)).startsWith("hello");
        assertThat(line(client)).isEqualTo("pausing");
        send(client, "ECHO later\r\n");
        Connection connection = probe(0).connection;
        connection.write("from elsewhere\r\n");
        assertThat(line(client)).isEqualTo("from elsewhere");
        assertSilent(client);
        connection.resume();
        connection.resume();
        assertThat(line(client)).isEqualTo("after");
        assertThat(line(client)).isEqualTo("later");
    }

    @Test
    void runsExecutedTasksInOrderAndNeverBesideTheSession() throws Exception {
        Socket client = connect(TlsMode.NONE);
        assertThat(line(client)).startsWith("hello");
        Probe probe = probe(0);
        List<String> expected = new ArrayList<>();
        StringBuilder commands = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            expected.add("task " + i);
            probe.execute("task " + i, Thread::onSpinWait);
            commands.append("ECHO ").append(i).append("\r\n");
            if (i % 50 == 0) {
                send(client, commands.toString());
                commands.setLength(0);
            }
        }
        send(client, commands.toString());
        for (int i = 0; i < 500; i++) {
            assertThat(line(client)).isEqualTo(Integer.toString(i));
        }
        until(() -> protocol.events.contains("task 499"));
        assertThat(protocol.events.stream().filter(event -> event.startsWith("task")))
                .isEqualTo(expected);
    }

    @Test
    void isNotWritableWhileTheClientDoesNotReadAndGoesOnWhenItDoes() throws Exception {
        Socket client = connectSmall(TlsMode.NONE);
        send(client, "PRODUCE " + MUCH + "\r\nECHO end\r\n");
        assertThat(line(client)).startsWith("hello");
        assertThat(settled(protocol.produced::get)).isLessThan(BOUND);
        assertThat(skip(client, MUCH)).isEqualTo(MUCH);
        assertThat(line(client)).isEqualTo("end");
    }

    @Test
    void readsASourceOnlyAsFastAsTheClientTakesIt() throws Exception {
        Socket client = connectSmall(TlsMode.NONE);
        send(client, "SOURCE " + MUCH + "\r\nECHO end\r\n");
        assertThat(line(client)).startsWith("hello");
        assertThat(settled(protocol.produced::get)).isBetween(1L, BOUND);
        assertThat(protocol.sourcesOpen).hasValue(1);
        assertThat(skip(client, MUCH)).isEqualTo(MUCH);
        assertThat(line(client)).isEqualTo("end");
        assertThat(protocol.sourcesOpen).hasValue(0);
    }

    @Test
    void readsASourceOnlyAsFastAsTheClientTakesItUnderTls() throws Exception {
        Socket client = connectSmall(TlsMode.IMPLICIT);
        send(client, "SOURCE " + MUCH / 2 + "\r\nECHO end\r\n");
        assertThat(line(client)).startsWith("hello");
        assertThat(settled(protocol.produced::get)).isBetween(1L, BOUND / 2);
        assertThat(skip(client, MUCH / 2)).isEqualTo(MUCH / 2);
        assertThat(line(client)).isEqualTo("end");
    }

    @Test
    void closesTheSourceWhenTheClientIsGone() throws Exception {
        Socket client = connectSmall(TlsMode.NONE);
        send(client, "SOURCE " + MUCH + "\r\n");
        until(() -> protocol.sourcesOpen.get() == 1 && protocol.produced.get() > 0);
        client.setSoLinger(true, 0);
        client.close();
        until(() -> protocol.events.contains("closed"));
        until(() -> protocol.sourcesOpen.get() == 0);
    }

    @Test
    void endsTheConnectionWhenASourceThrows() throws Exception {
        Socket client = connect(TlsMode.NONE);
        assertThat(line(client)).startsWith("hello");
        send(client, "BADSOURCE 5\r\nECHO no\r\n");
        assertEnds(client, 5);
        until(() -> protocol.events.contains("closed"));
        assertThat(protocol.sourcesOpen).hasValue(0);
    }

    @Test
    void stopsReadingWhenTheSessionIsPaused() throws Exception {
        address = serve(protocol, TlsMode.NONE);
        try (SocketChannel client = SocketChannel.open(address)) {
            client.write(ByteBuffer.wrap("PAUSE\r\n".getBytes(StandardCharsets.UTF_8)));
            client.configureBlocking(false);
            until(() -> !protocol.probes.isEmpty());
            long[] sent = new long[1];
            long total = settled(() -> {
                try {
                    for (int count = 1; count > 0 && sent[0] < MUCH; sent[0] += count) {
                        count = client.write(ByteBuffer.allocate(64 * 1024));
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                return sent[0];
            });
            assertThat(total).isLessThan(BOUND);
        }
        // A transport that reads nothing need not see before this that the client is gone.
        probe(0).connection.resume();
        until(() -> protocol.events.contains("closed"));
    }

    @Test
    void endsTheConnectionOfASessionThatLeavesMoreThanTheInputLimit() throws Exception {
        Socket client = connect(TlsMode.NONE);
        assertThat(line(client)).startsWith("hello");
        send(client, "DEAF\r\n");
        try {
            client.getOutputStream().write(new byte[4 * Endpoint.INPUT_LIMIT]);
        } catch (SocketException e) {
            // Ended while we were still sending: as it should.
        }
        until(() -> protocol.events.contains("closed"));
    }

    @Test
    void closesAfterAllThatWasWrittenHasGoneOut() throws Exception {
        Socket client = connectSmall(TlsMode.NONE);
        assertThat(line(client)).startsWith("hello");
        send(client, "SOURCE 3000000\r\nQUIT\r\n");
        assertThat(skip(client, 3000000)).isEqualTo(3000000);
        assertThat(line(client)).isEqualTo("bye");
        assertEnds(client, 0);
        until(() -> protocol.events.contains("closed"));
        assertThat(protocol.sourcesOpen).hasValue(0);
    }

    @Test
    void closesUnderTlsAfterAllThatWasWrittenHasGoneOutWithACloseNotify() throws Exception {
        Socket client = connectSmall(TlsMode.IMPLICIT);
        assertThat(line(client)).isEqualTo("hello secure=true");
        send(client, "SOURCE 300000\r\nQUIT\r\n");
        assertThat(skip(client, 300000)).isEqualTo(300000);
        assertThat(line(client)).isEqualTo("bye");
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        until(() -> protocol.events.contains("closed"));
    }

    @Test
    void answersAClientThatEndedItsSending() throws Exception {
        Socket client = connect(TlsMode.NONE);
        send(client, "ECHO a\r\nSOURCE 100000\r\nECHO b\r\n");
        client.shutdownOutput();
        assertThat(line(client)).startsWith("hello");
        assertThat(line(client)).isEqualTo("a");
        assertThat(skip(client, 100000)).isEqualTo(100000);
        assertThat(line(client)).isEqualTo("b");
        assertEnds(client, 0);
        until(() -> protocol.events.contains("closed"));
    }

    @Test
    void answersAPausedClientThatEndedItsSending() throws Exception {
        Socket client = connect(TlsMode.NONE);
        send(client, "PAUSE\r\nECHO b\r\n");
        client.shutdownOutput();
        assertThat(line(client)).startsWith("hello");
        assertThat(line(client)).isEqualTo("pausing");
        assertSilent(client);
        probe(0).connection.resume();
        assertThat(line(client)).isEqualTo("b");
        assertEnds(client, 0);
    }

    @Test
    void startsTlsAfterThePlainAnswer() throws Exception {
        Socket client = connect(TlsMode.STARTTLS);
        assertThat(line(client)).isEqualTo("hello secure=false");
        send(client, "STARTTLS\r\n");
        assertThat(line(client)).isEqualTo("go");
        Socket secure = secure(client);
        send(secure, "ECHO protected\r\n");
        assertThat(line(secure)).isEqualTo("protected");
        assertThat(protocol.events).containsExactly("opened", "secured");
        assertThat(probe(0).connection.tls().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
    }

    /** RFC 3207 section 6: what was sent in plain text is not taken for protected. */
    @Test
    void throwsAwayPlainInputPipelinedBehindStartTls() throws Exception {
        Socket client = connect(TlsMode.STARTTLS);
        assertThat(line(client)).startsWith("hello");
        send(client, "STARTTLS\r\nECHO injected\r\nECHO part");
        assertThat(line(client)).isEqualTo("go");
        Socket secure = secure(client);
        send(secure, "ECHO protected\r\n");
        assertThat(line(secure)).isEqualTo("protected");
    }

    @Test
    void endsTheConnectionWhenTheHandshakeFails() throws Exception {
        Socket client = connect(TlsMode.STARTTLS);
        assertThat(line(client)).startsWith("hello");
        send(client, "STARTTLS\r\n");
        assertThat(line(client)).isEqualTo("go");
        send(client, "ECHO this is no ClientHello\r\n");
        until(() -> protocol.events.contains("closed"));
        assertThat(protocol.events).containsExactly("opened", "closed");
    }

    @Test
    void opensASessionWithImplicitTlsAfterTheHandshake() throws Exception {
        Socket client = connect(TlsMode.IMPLICIT);
        assertThat(line(client)).isEqualTo("hello secure=true");
        send(client, "ECHO " + "x".repeat(50000) + "\r\n");
        assertThat(line(client)).hasSize(50000);
        client.close();
        until(() -> protocol.events.contains("closed"));
        assertThat(protocol.events).containsExactly("opened", "closed");
    }

    /** The client speaks first, so its hello may be there before the connection has had its first turn; it must not be lost. */
    @Test
    void takesAHelloThatIsThereBeforeTheFirstTurn() throws Exception {
        address = serve(protocol, TlsMode.IMPLICIT);
        for (int i = 0; i < 60; i++) {
            Socket client = secure(open());
            assertThat(line(client)).isEqualTo("hello secure=true");
            client.close();
        }
    }

    @Test
    void callsIdleAgainAndAgain() throws Exception {
        Socket client = connect(TlsMode.NONE);
        send(client, "IDLE 20\r\n");
        until(() -> protocol.events.stream().filter("idle"::equals).count() >= 3);
        send(client, "ECHO here\r\n");
        assertThat(line(client)).startsWith("hello");
        assertThat(line(client)).isEqualTo("here");
    }

    @Test
    void aSessionThatThrowsLosesItsConnectionAndNoOther() throws Exception {
        Socket good = connect(TlsMode.NONE);
        assertThat(line(good)).startsWith("hello");
        Socket bad = open();
        assertThat(line(bad)).startsWith("hello");
        send(bad, "THROW\r\n");
        assertEnds(bad, 0);
        until(() -> protocol.events.contains("closed"));
        send(good, "ECHO fine\r\n");
        assertThat(line(good)).isEqualTo("fine");
    }

    @Test
    void tellsGoodbyeAndLetsTheSessionClose() throws Exception {
        Socket plain = connect(TlsMode.NONE);
        assertThat(line(plain)).startsWith("hello");
        goodbye();
        assertThat(line(plain)).isEqualTo("goodbye");
        assertEnds(plain, 0);
        until(() -> protocol.events.contains("closed"));
        assertThat(protocol.events).containsExactly("opened", "goodbye", "closed");
    }

    // The client

    private Socket connect(TlsMode tls) throws Exception {
        address = serve(protocol, tls);
        Socket client = open();
        return tls == TlsMode.IMPLICIT ? secure(client) : client;
    }

    /** A client whose kernel buffers little. */
    private Socket connectSmall(TlsMode tls) throws Exception {
        address = serve(protocol, tls);
        Socket client = new Socket();
        clients.add(client);
        client.setReceiveBufferSize(16 * 1024);
        client.connect(address);
        client.setSoTimeout((int) PATIENCE.toMillis());
        return tls == TlsMode.IMPLICIT ? secure(client) : client;
    }

    private Socket open() throws IOException {
        Socket client = new Socket(address.getAddress(), address.getPort());
        client.setSoTimeout((int) PATIENCE.toMillis());
        clients.add(client);
        return client;
    }

    private Socket secure(Socket client) throws IOException {
        SSLSocket secure =
                (SSLSocket) trust().getSocketFactory().createSocket(client, "localhost", address.getPort(), true);
        secure.startHandshake();
        clients.add(secure);
        return secure;
    }

    private Probe probe(int index) {
        until(() -> protocol.probes.size() > index);
        return protocol.probes.get(index);
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
    }

    private static String line(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new AssertionError("the connection ended after '" + line + "'");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static long skip(Socket client, long octets) throws IOException {
        byte[] piece = new byte[64 * 1024];
        long done = 0;
        while (done < octets) {
            int count = client.getInputStream().read(piece, 0, (int) Math.min(piece.length, octets - done));
            if (count < 0) {
                break;
            }
            done += count;
        }
        return done;
    }

    /** The server ends the connection, in one way or the other, after at most so many more octets. */
    private static void assertEnds(Socket client, int octets) throws IOException {
        try {
            assertThat(skip(client, octets + 1)).isLessThanOrEqualTo(octets);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        } catch (SocketException e) {
            // A reset is an end too.
        }
    }

    private static void assertSilent(Socket client) throws IOException {
        client.setSoTimeout(100);
        try {
            assertThat(client.getInputStream().read()).as("an octet").isEqualTo(-2);
        } catch (SocketTimeoutException e) {
            client.setSoTimeout((int) PATIENCE.toMillis());
        }
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** The value once it has not changed for a while. */
    private static long settled(LongSupplier value) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        long last = -1;
        for (int same = 0; same < 20; ) {
            long now = value.getAsLong();
            same = now == last && now > 0 ? same + 1 : 0;
            last = now;
            assertThat(System.nanoTime()).as("time").isLessThan(end);
            LockSupport.parkNanos(10_000_000);
        }
        return last;
    }
}
