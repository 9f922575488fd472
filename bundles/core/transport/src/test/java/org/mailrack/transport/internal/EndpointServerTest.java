package org.mailrack.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.mailrack.api.net.Connection;
import org.mailrack.api.net.Protocol;
import org.mailrack.api.net.Session;
import org.mailrack.testkit.LoopbackTls;

class EndpointServerTest {

    private final Protocols protocols = new Protocols();
    private final Network network = new Network(protocols, LoopbackTls::context, 1, 4);
    private final List<String> states = new CopyOnWriteArrayList<>();
    private final List<EndpointServer> servers = new ArrayList<>();
    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        servers.forEach(EndpointServer::stop);
        network.close();
    }

    private static EndpointSettings settings(String... pairs) throws SettingException {
        Map<String, String> all = new HashMap<>(Map.of("service.pid", EndpointSettings.PID + "~smtp", "port", "0"));
        for (int i = 0; i < pairs.length; i += 2) {
            all.put(pairs[i], pairs[i + 1]);
        }
        return EndpointSettings.parse(all);
    }

    private EndpointServer start(String... pairs) throws SettingException {
        EndpointServer server =
                EndpointServer.start(network, settings(pairs), (endpoint, state, reason) -> states.add(state.name()));
        servers.add(server);
        return server;
    }

    private Socket connect(EndpointServer server) throws IOException {
        Socket client = new Socket("127.0.0.1", server.endpoint().address().getPort());
        client.setSoTimeout(10_000);
        clients.add(client);
        return client;
    }

    private static String all(Socket client) throws IOException {
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private static String some(Socket client, int count) throws IOException {
        return new String(client.getInputStream().readNBytes(count), StandardCharsets.US_ASCII);
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void aPortInUseIsOneLineThatNamesSettingAndFile() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> start("port", Integer.toString(taken.getLocalPort())))
                    .isInstanceOf(SettingException.class)
                    .hasMessage("endpoint smtp: port " + taken.getLocalPort() + " on 127.0.0.1 is in use"
                            + " (setting port in org.mailrack.transport.endpoint~smtp.cfg)");
        }
    }

    @Test
    void anAddressOfAnotherMachineIsOneLine() {
        assertThatThrownBy(() -> start("address", "192.0.2.1"))
                .isInstanceOf(SettingException.class)
                .hasMessage("endpoint smtp: address 192.0.2.1 is none of this machine's"
                        + " (setting address in org.mailrack.transport.endpoint~smtp.cfg)");
    }

    @Test
    void theStateFollowsTheProtocol() throws Exception {
        start();
        protocols.add("smtp", new Greeter("one"), 0, 1);
        protocols.remove("smtp", 1);
        assertThat(states).containsExactly("WAITING", "ACCEPTING", "WAITING");
    }

    /** Promise 4: a swap refuses no connection. */
    @Test
    void aClientThatComesWhileTheProtocolIsAbsentIsServedWhenItReturns() throws Exception {
        EndpointServer server = start("absent.wait", "1 h");
        Socket client = connect(server);
        protocols.add("smtp", new Greeter("one"), 0, 1);
        assertThat(some(client, 5)).isEqualTo("one\r\n");
    }

    @Test
    void aClientThatWaitedLongEnoughIsTurnedAwayInTheWordsOfTheProtocol() throws Exception {
        EndpointServer server = start("absent.wait", "1 ms");
        protocols.add("smtp", new Greeter("one"), 0, 1);
        protocols.remove("smtp", 1);
        assertThat(all(connect(server))).isEqualTo("one says UNAVAILABLE\r\n");
    }

    @Test
    void aClientThatWaitedForAProtocolNeverSeenIsClosedWithoutAWord() throws Exception {
        assertThat(all(connect(start("absent.wait", "1 ms")))).isEmpty();
    }

    /** Promise 4: no session is dropped without its goodbye. */
    @Test
    void sessionsOfAReplacedProtocolSayGoodbyeAndNewOnesGoToTheSuccessor() throws Exception {
        EndpointServer server = start();
        protocols.add("smtp", new Greeter("one"), 0, 1);
        Socket old = connect(server);
        assertThat(some(old, 5)).isEqualTo("one\r\n");
        protocols.add("smtp", new Greeter("two"), 10, 2);
        assertThat(all(old)).isEqualTo("one leaves\r\n");
        assertThat(some(connect(server), 5)).isEqualTo("two\r\n");
        assertThat(states).containsOnly("WAITING", "ACCEPTING");
    }

    @Test
    void aServiceOfLowerRankingReplacesNothing() throws Exception {
        EndpointServer server = start();
        protocols.add("smtp", new Greeter("one"), 0, 1);
        Socket old = connect(server);
        protocols.add("smtp", new Greeter("two"), -1, 2);
        protocols.add("smtp", new Greeter("six"), 0, 3);
        assertThat(some(old, 5)).isEqualTo("one\r\n");
        assertThat(some(connect(server), 5)).isEqualTo("one\r\n");
    }

    @Test
    void aProtocolHasGoneOnlyWhenItsSessionsHaveEnded() throws Exception {
        EndpointServer server = start();
        Greeter greeter = new Greeter("one");
        protocols.add("smtp", greeter, 0, 1);
        some(connect(server), 5);
        protocols.remove("smtp", 1);
        assertThat(greeter.closed).hasSize(1);
    }

    @Test
    void aSessionThatSaysNoGoodbyeIsEndedAfterABoundedTime() throws Exception {
        EndpointServer server = start("goodbye.timeout", "50 ms");
        Greeter greeter = new Greeter("mute");
        greeter.mute = true;
        protocols.add("smtp", greeter, 0, 1);
        Socket client = connect(server);
        some(client, 6);
        protocols.remove("smtp", 1);
        assertThat(all(client)).isEmpty();
    }

    @Test
    void aSessionThatHangsHoldsUpNoOther() throws Exception {
        EndpointServer server = start("goodbye.timeout", "50 ms");
        Greeter greeter = new Greeter("one");
        protocols.add("smtp", greeter, 0, 1);
        Socket hanging = connect(server);
        hanging.getOutputStream().write('!');
        until(() -> greeter.hanging.getCount() == 1);
        Socket other = connect(server);
        other.getOutputStream().write('x');
        assertThat(some(other, 6)).isEqualTo("one\r\nx");
        greeter.release.countDown();
    }

    @Test
    void moreConnectionsThanAllowedAreTurnedAwayInTheWordsOfTheProtocol() throws Exception {
        EndpointServer server = start("max.connections", "1");
        protocols.add("smtp", new Greeter("one"), 0, 1);
        Socket first = connect(server);
        assertThat(some(first, 5)).isEqualTo("one\r\n");
        assertThat(all(connect(server))).isEqualTo("one says TOO_MANY_CONNECTIONS\r\n");
        first.close();
        until(() -> {
            try {
                return some(connect(server), 5).equals("one\r\n");
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Test
    void aClientThatTakesNoOutputIsDropped() throws Exception {
        EndpointServer server = start("write.timeout", "50 ms");
        Greeter greeter = new Greeter("big");
        greeter.flood = 32 << 20;
        protocols.add("smtp", greeter, 0, 1);
        connect(server);
        until(() -> !greeter.closed.isEmpty());
    }

    @Test
    void aClientThatNeverFinishesTheHandshakeIsDropped() throws Exception {
        EndpointServer server = start("tls", "implicit", "handshake.timeout", "50 ms");
        Greeter greeter = new Greeter("one");
        protocols.add("smtp", greeter, 0, 1);
        Socket client = connect(server);
        client.getOutputStream().write(0x16);
        assertThat(all(client)).isEmpty();
        assertThat(greeter.closed).isEmpty();
    }

    @Test
    void newLimitsApplyWithoutListeningAnew() throws Exception {
        EndpointServer server = start();
        protocols.add("smtp", new Greeter("one"), 0, 1);
        assertThat(server.canTake(settings("max.connections", "1"))).isTrue();
        assertThat(server.canTake(settings("tls", "starttls"))).isFalse();
        server.take(settings("max.connections", "1", "auth", "plain"));
        assertThat(server.endpoint().settings()).containsEntry("auth", "plain");
        some(connect(server), 5);
        assertThat(all(connect(server))).startsWith("one says");
    }

    @Test
    void fiftyStartsAndStopsLeaveNoThreadBehind() throws Exception {
        Set<Thread> before = threads();
        Protocols own = new Protocols();
        own.add("smtp", new Greeter("one"), 0, 1);
        for (int i = 0; i < 50; i++) {
            try (Network cycle = new Network(own, LoopbackTls::context, 1, 2)) {
                EndpointServer server = EndpointServer.start(cycle, settings(), (endpoint, state, reason) -> {});
                some(connect(server), 5);
                server.stop();
            }
        }
        until(() -> before.containsAll(threads()));
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !thread.getName().startsWith("Common-Cleaner"))
                .collect(Collectors.toSet());
    }

    /** Greets, gives back what it gets, hangs when it gets an exclamation mark. */
    private static final class Greeter implements Protocol {

        private final String name;
        private final List<String> closed = new CopyOnWriteArrayList<>();
        private final CountDownLatch hanging = new CountDownLatch(2);
        private final CountDownLatch release = new CountDownLatch(1);
        private boolean mute;
        private int flood;

        Greeter(String name) {
            this.name = name;
        }

        @Override
        public ByteBuffer refusal(Refusal reason) {
            return ByteBuffer.wrap((name + " says " + reason + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public Session open(Connection connection) {
            return new Session() {
                @Override
                public void opened() {
                    connection.write(name + "\r\n");
                    if (flood > 0) {
                        connection.write(ByteBuffer.allocate(flood));
                    }
                }

                @Override
                public void received(ByteBuffer input) {
                    ByteBuffer copy = ByteBuffer.allocate(input.remaining());
                    if (input.get(input.position()) == '!') {
                        hanging.countDown();
                        try {
                            release.await(10, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                    connection.write(copy.put(input).flip());
                }

                @Override
                public void secured() {}

                @Override
                public void idle() {}

                @Override
                public void goodbye() {
                    if (!mute) {
                        connection.write(name + " leaves\r\n");
                        connection.close();
                    }
                }

                @Override
                public void closed() {
                    closed.add(connection.id());
                }
            };
        }
    }
}
