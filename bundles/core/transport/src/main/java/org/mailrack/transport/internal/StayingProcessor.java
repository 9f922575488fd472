package org.mailrack.transport.internal;

import java.util.concurrent.Executor;

import org.apache.mina.transport.socket.nio.NioProcessor;

/**
 * A thread for sockets that stays when the last client leaves. MINA's own ends then, and the next client waits for it to be started
 * again, which costs as much as some commands.
 */
public final class StayingProcessor extends NioProcessor {

    /** Called by MINA's pool, by reflection. */
    public StayingProcessor(Executor executor) {
        super(executor);
    }

    @Override
    protected int allSessionsCount() {
        // MINA's loop goes on while there are sessions, or until it is disposed of.
        return super.allSessionsCount() + (isDisposing() ? 0 : 1);
    }
}
