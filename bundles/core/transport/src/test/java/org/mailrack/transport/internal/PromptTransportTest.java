package org.mailrack.transport.internal;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

import org.mailrack.api.net.Connection;
import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.api.net.Protocol;
import org.mailrack.api.net.Session;

/** All that a connection promises, also for sessions that run in the threads of the sockets. */
class PromptTransportTest extends MinaTransportTest {

    @Override
    protected InetSocketAddress serve(Protocol protocol, TlsMode tls) throws Exception {
        return super.serve(new Prompt(protocol), tls);
    }

    private record Prompt(Protocol protocol) implements Protocol {
        @Override
        public Session open(Connection connection) {
            return new PromptSession(protocol.open(connection));
        }

        @Override
        public ByteBuffer refusal(Refusal reason) {
            return protocol.refusal(reason);
        }

        @Override
        public boolean prompt() {
            return true;
        }
    }

    private record PromptSession(Session session) implements Session {
        @Override
        public boolean prompt() {
            return true;
        }

        @Override
        public void opened() {
            session.opened();
        }

        @Override
        public void received(ByteBuffer input) {
            session.received(input);
        }

        @Override
        public void secured() {
            session.secured();
        }

        @Override
        public void idle() {
            session.idle();
        }

        @Override
        public void goodbye() {
            session.goodbye();
        }

        @Override
        public void closed() {
            session.closed();
        }
    }
}
