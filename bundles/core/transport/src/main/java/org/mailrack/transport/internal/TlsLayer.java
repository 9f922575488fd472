package org.mailrack.transport.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * The server's side of TLS 1.2 or 1.3 between the octets of the network and those of the session. Knows nothing of sockets.
 * Not thread-safe.
 */
final class TlsLayer {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private final SSLEngine engine;
    private final Queue<ByteBuffer> outgoing = new ArrayDeque<>();
    /** Decrypted octets of one record for which the session's buffer had no room yet. */
    private ByteBuffer plain = NOTHING;

    private boolean established;

    TlsLayer(SSLContext context) throws SSLException {
        engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(VERSIONS);
        engine.beginHandshake();
    }

    /** Moves from the network's octets to the session's as far as there is input and room; says whether anything happened. */
    boolean unwrap(InputBuffer net, InputBuffer into) throws SSLException {
        boolean progress = false;
        while (true) {
            if (plain.hasRemaining()) {
                progress |= into.append(plain) > 0;
                if (plain.hasRemaining()) {
                    return progress;
                }
                plain = NOTHING;
            }
            boolean did =
                    switch (engine.getHandshakeStatus()) {
                        case NEED_TASK -> runTasks();
                        case NEED_WRAP -> wrap(NOTHING.duplicate());
                        default -> unwrapRecord(net);
                    };
            if (!established && engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
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

    private boolean unwrapRecord(InputBuffer net) throws SSLException {
        if (net.size() == 0 || engine.isInboundDone()) {
            return false;
        }
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        SSLEngineResult result = engine.unwrap(net.view(), record);
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
            throw new SSLException("record larger than allowed");
        }
        net.consume(result.bytesConsumed());
        plain = record.flip();
        return result.bytesConsumed() > 0;
    }

    /** Encrypts octets, or takes the next piece of the handshake when there are none; the result is in {@link #outgoing()}. */
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

    /** Ends our side with a close_notify, so that the client can tell an end from a cut (RFC 8446 section 6.1). */
    void close() throws SSLException {
        engine.closeOutbound();
        wrap(NOTHING.duplicate());
    }

    /** After a failure: makes the alert that tells the client, if there is one. */
    void alert() {
        try {
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                wrap(NOTHING.duplicate());
            }
        } catch (SSLException e) {
            // The engine is past telling anything; the connection ends without an alert.
            outgoing.clear();
        }
    }

    Queue<ByteBuffer> outgoing() {
        return outgoing;
    }

    boolean established() {
        return established;
    }

    /** Whether the client ended its side and all it sent was given out. */
    boolean inputEnded() {
        return engine.isInboundDone() && !plain.hasRemaining();
    }

    SSLSession session() {
        return engine.getSession();
    }
}
