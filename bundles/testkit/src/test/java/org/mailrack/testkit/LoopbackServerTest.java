package org.mailrack.testkit;

import java.net.InetSocketAddress;

import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.api.net.Protocol;

class LoopbackServerTest extends ConnectionContract {

    private LoopbackServer server;

    @Override
    protected InetSocketAddress serve(Protocol protocol, TlsMode tls) {
        server = LoopbackServer.serve(protocol, "probe", tls);
        return server.endpoint().address();
    }

    @Override
    protected void goodbye() {
        server.goodbye();
    }

    @Override
    protected void stop() {
        server.close();
    }
}
