package org.mailrack.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.Test;

import org.mailrack.api.net.Connection;
import org.mailrack.api.net.Endpoint;
import org.mailrack.api.net.Protocol;
import org.mailrack.api.net.Session;

/** Output between a session and a socket that has room or not. The pool is a queue that the test works off. */
class ClientConnectionTest {

    private final Queue<Runnable> pool = new ArrayDeque<>();
    private final StringBuilder now = new StringBuilder();
    private final StringBuilder later = new StringBuilder();
    private int room = Integer.MAX_VALUE;
    private boolean broken;
    private boolean closed;
    private Connection session;
    private final ClientConnection connection = connect();

    private ClientConnection connect() {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 1);
        Endpoint endpoint = new Endpoint("test", "test", address, Endpoint.TlsMode.NONE, Map.of());
        ClientConnection made =
                new ClientConnection("test-1", endpoint, address, address, new Socket(), new OneHost(), pool::add);
        made.start();
        runPool();
        return made;
    }

    private void runPool() {
        for (Runnable next = pool.poll(); next != null; next = pool.poll()) {
            next.run();
        }
    }

    @Test
    void whatTheSocketTakesGoesOutInTheTurn() {
        session.write("one\r\n");
        runPool();
        assertThat(now).hasToString("one\r\n");
        assertThat(later).isEmpty();
    }

    @Test
    void whatItDoesNotTakeGoesOutByItsThreadAndAllThatFollowsToo() {
        room = 3;
        session.write("one\r\n");
        runPool();
        room = 1000;
        session.write("two\r\n");
        runPool();
        assertThat(now).hasToString("one");
        assertThat(later).hasToString("\r\ntwo\r\n");
    }

    @Test
    void whenItsThreadHasSentAllTheTurnSendsAgain() {
        room = 0;
        session.write("one\r\n");
        runPool();
        connection.sent(5);
        room = 1000;
        session.write("two\r\n");
        runPool();
        assertThat(now).hasToString("two\r\n");
        assertThat(later).hasToString("one\r\n");
    }

    @Test
    void aSocketThatIsBrokenEndsTheConnection() {
        broken = true;
        session.write("one\r\n");
        runPool();
        assertThat(closed).isTrue();
    }

    @Test
    void ofALongSourceForAClientThatTakesNothingLittleIsInMemory() {
        room = 0;
        session.write(new Endless());
        runPool();
        assertThat(later.length()).isLessThan(2 * Output.HIGH_WATER);
        assertThat(session.writable()).isFalse();
    }

    @Test
    void aClientThatTakesAllAtOnceLeavesTheThreadToOthersNowAndThen() {
        session.write(new Endless());
        pool.poll().run();
        assertThat(now.length()).isLessThan(8 << 20);
        assertThat(pool).as("goes on when it is its turn again").hasSize(1);
    }

    /** A source of output without an end. */
    private static final class Endless implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer target) {
            int count = target.remaining();
            target.put(new byte[count]);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private final class Socket implements ClientConnection.Wire {
        @Override
        public void sendNow(ByteBuffer octets) throws IOException {
            if (broken) {
                throw new IOException("broken pipe");
            }
            int count = Math.min(room, octets.remaining());
            now.append(StandardCharsets.US_ASCII.decode(octets.slice().limit(count)));
            octets.position(octets.position() + count);
            room -= count;
        }

        @Override
        public void send(ByteBuffer octets) {
            later.append(StandardCharsets.US_ASCII.decode(octets));
        }

        @Override
        public void suspendReading() {}

        @Override
        public void resumeReading() {}

        @Override
        public void close() {
            closed = true;
        }
    }

    private final class OneHost implements ClientConnection.Host, Protocol {
        @Override
        public Optional<Protocol> protocol() {
            return Optional.of(this);
        }

        @Override
        public Session open(Connection opened) {
            session = opened;
            return new Silent();
        }

        @Override
        public ByteBuffer refusal(Refusal reason) {
            return ByteBuffer.allocate(0);
        }

        @Override
        public ByteBuffer refusal() {
            return ByteBuffer.allocate(0);
        }

        @Override
        public EndpointSettings.Limits limits() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SSLContext tls() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void failed(ClientConnection failed, Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void ended(ClientConnection ended) {}
    }

    private static final class Silent implements Session {
        @Override
        public void opened() {}

        @Override
        public void received(ByteBuffer input) {}

        @Override
        public void secured() {}

        @Override
        public void idle() {}

        @Override
        public void goodbye() {}

        @Override
        public void closed() {}
    }
}
