package org.mailrack.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/** The server's side of TLS between a socket's octets and a session's; used by one thread. */
final class LoopbackTlsEngine {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    /** Decrypted octets that found no room yet, in reading order. */
    private ByteBuffer plain = NOTHING;

    private final Queue<ByteBuffer> outgoing = new ArrayDeque<>();
    private boolean established;

    LoopbackTlsEngine(SSLContext context) throws SSLException {
        engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        engine.beginHandshake();
    }

    /** Takes what it can from {@code net}, and puts what comes of it into {@code into}; says whether it did anything. */
    boolean unwrap(ByteBuffer net, ByteBuffer into) throws SSLException {
        boolean progress = false;
        while (true) {
            if (plain.hasRemaining()) {
                int count = Math.min(plain.remaining(), into.remaining());
                into.put(plain.slice().limit(count));
                plain.position(plain.position() + count);
                progress |= count > 0;
                if (plain.hasRemaining()) {
                    return progress;
                }
            }
            boolean did =
                    switch (engine.getHandshakeStatus()) {
                        case NEED_TASK -> runTasks();
                        case NEED_WRAP -> wrapHandshake();
                        default -> unwrapRecord(net);
                    };
            if (!established && engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING) {
                established = true;
                return true;
            }
            if (!did) {
                return progress;
            }
            progress = true;
        }
    }

    private boolean runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        return true;
    }

    private boolean wrapHandshake() throws SSLException {
        return wrap(NOTHING.duplicate());
    }

    private boolean unwrapRecord(ByteBuffer net) throws SSLException {
        if (!net.hasRemaining() || engine.isInboundDone()) {
            return false;
        }
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        SSLEngineResult result = engine.unwrap(net, record);
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
            throw new SSLException("record larger than its session allows");
        }
        plain = record.flip();
        return result.bytesConsumed() > 0;
    }

    /** Encrypts octets; the result is in {@link #outgoing()}. */
    boolean wrap(ByteBuffer octets) throws SSLException {
        boolean progress = false;
        do {
            ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            SSLEngineResult result = engine.wrap(octets, record);
            if (record.position() > 0) {
                outgoing.add(record.flip());
                progress = true;
            }
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                break;
            }
        } while (octets.hasRemaining());
        return progress;
    }

    /** Says goodbye in TLS's own words. */
    void close() throws SSLException {
        engine.closeOutbound();
        wrapHandshake();
    }

    /** After a failure: the alert that tells the client. */
    void alert() {
        try {
            if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
                wrapHandshake();
            }
        } catch (SSLException e) {
            // There is no alert to send then.
            outgoing.clear();
        }
    }

    /** What goes to the socket. */
    Queue<ByteBuffer> outgoing() {
        return outgoing;
    }

    boolean established() {
        return established;
    }

    boolean inboundDone() {
        return engine.isInboundDone() && !plain.hasRemaining();
    }

    SSLSession session() {
        return engine.getSession();
    }
}
