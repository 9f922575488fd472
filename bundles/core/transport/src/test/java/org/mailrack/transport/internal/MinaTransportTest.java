package org.mailrack.transport.internal;

import java.net.InetSocketAddress;
import java.util.Map;

import org.mailrack.api.net.Endpoint.TlsMode;
import org.mailrack.api.net.Protocol;
import org.mailrack.testkit.ConnectionContract;
import org.mailrack.testkit.LoopbackTls;

class MinaTransportTest extends ConnectionContract {

    private final Protocols protocols = new Protocols();
    private final Network network = new Network(protocols, LoopbackTls::context, 2, 4);
    private EndpointServer server;

    @Override
    protected InetSocketAddress serve(Protocol protocol, TlsMode tls) throws Exception {
        protocols.add("probe", protocol, 0, 1);
        EndpointSettings settings = EndpointSettings.parse(
                Map.of("service.pid", EndpointSettings.PID + "~probe", "port", "0", "tls", tls.name()));
        server = EndpointServer.start(network, settings, (endpoint, state, reason) -> {});
        return server.endpoint().address();
    }

    @Override
    protected void goodbye() {
        server.goodbye();
    }

    @Override
    protected void stop() {
        server.stop();
        network.close();
    }
}
