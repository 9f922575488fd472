package org.mailrack.transport.internal;

import java.nio.ByteBuffer;

import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.session.IoSession;

/** A socket as MINA gives it. */
record MinaWire(IoSession session) implements ClientConnection.Wire {

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
        session.resumeRead();
    }

    @Override
    public void close() {
        session.closeNow();
    }
}
