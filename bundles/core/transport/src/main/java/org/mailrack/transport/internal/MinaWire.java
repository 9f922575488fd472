package org.mailrack.transport.internal;

import java.io.IOException;
import java.nio.ByteBuffer;

import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.core.write.DefaultWriteRequest;
import org.apache.mina.transport.socket.nio.NioSession;

/** A socket as MINA gives it. */
record MinaWire(IoSession session) implements ClientConnection.Wire {

    @Override
    public void sendNow(ByteBuffer octets) throws IOException {
        // A channel may be written to from any thread; it does not block.
        ((NioSession) session).getChannel().write(octets);
    }

    @Override
    public void send(ByteBuffer octets) {
        // A slice, so that the limit of what MINA hands back in messageSent is the count of octets.
        session.write(IoBuffer.wrap(octets.slice()));
    }

    @Override
    public void suspendReading() {
        session.suspendRead();
    }

    @Override
    public void resumeReading() {
        // MINA changes the selector's interest from whatever thread calls, without waking the selector, and may lose a
        // change that
        // its own thread makes at the same time. An empty write comes back in that thread, as
        // EndpointServer.messageSent.
        session.getFilterChain().fireFilterWrite(new DefaultWriteRequest(IoBuffer.allocate(0)));
    }

    @Override
    public void close() {
        session.closeNow();
    }
}
