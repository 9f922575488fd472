package org.mailrack.transport.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a client sent and the connection's turn has not taken. When much waits, reading stops: further octets stay in the kernel,
 * and TCP tells the client to wait. Thread-safe.
 */
final class Arrivals {

    private static final int LIMIT = 32 * 1024;

    private final ClientConnection.Wire wire;
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>(2);
    private int octets;
    private boolean suspended;
    private boolean end;

    Arrivals(ClientConnection.Wire wire) {
        this.wire = wire;
    }

    synchronized void add(ByteBuffer piece) {
        waiting.add(piece);
        octets += piece.remaining();
        if (octets >= LIMIT && !suspended) {
            suspended = true;
            wire.suspendReading();
        }
    }

    /** The client sends no more. */
    synchronized void end() {
        end = true;
        wire.suspendReading();
    }

    /** Whether the client sends no more and all was taken. */
    synchronized boolean ended() {
        return end && waiting.isEmpty();
    }

    /** Moves what there is room for; says whether there was anything. */
    synchronized boolean take(InputBuffer target) {
        boolean any = false;
        while (!waiting.isEmpty()) {
            int count = target.append(waiting.peek());
            octets -= count;
            any |= count > 0;
            if (waiting.peek().hasRemaining()) {
                break;
            }
            waiting.poll();
        }
        readOn();
        return any;
    }

    synchronized void clear() {
        waiting.clear();
        octets = 0;
        readOn();
    }

    private void readOn() {
        if (suspended && octets < LIMIT / 2) {
            suspended = false;
            if (!end) {
                wire.resumeReading();
            }
        }
    }
}
