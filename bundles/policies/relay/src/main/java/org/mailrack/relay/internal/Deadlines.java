package org.mailrack.relay.internal;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Closes sockets whose time is over. A blocking socket knows a timeout for each read only: a server that sends an octet now and
 * then, or takes none, could hold a thread for ever.
 */
final class Deadlines implements AutoCloseable {

    /** The time of one conversation. */
    static final class Guard implements AutoCloseable {
        private final Deadlines owner;
        private final Socket socket;
        private volatile long until;
        private volatile boolean expired;

        private Guard(Deadlines owner, Socket socket, Duration time) {
            this.owner = owner;
            this.socket = socket;
            allow(time);
        }

        /** From now on there is that much time. */
        void allow(Duration time) {
            until = System.nanoTime() + time.toNanos();
        }

        boolean expired() {
            return expired;
        }

        private void expire() {
            expired = true;
            try {
                socket.close();
            } catch (IOException e) {
                // The thread that uses the socket learns of its state by itself.
                expired = true;
            }
        }

        @Override
        public void close() {
            owner.guards.remove(this);
        }
    }

    private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock;

    Deadlines(ScheduledExecutorService clock) {
        this.clock = clock;
        clock.scheduleWithFixedDelay(this::look, 100, 100, TimeUnit.MILLISECONDS);
    }

    Guard guard(Socket socket, Duration time) {
        Guard guard = new Guard(this, socket, time);
        guards.add(guard);
        return guard;
    }

    private void look() {
        long now = System.nanoTime();
        for (Guard guard : guards) {
            if (now - guard.until > 0) {
                guard.expire();
            }
        }
    }

    /** Ends all conversations. */
    void expireAll() {
        guards.forEach(Guard::expire);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        expireAll();
    }
}
