package org.mailrack.itests.crash;

import java.io.EOFException;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import org.mailrack.itests.rack.Wire;

/** A client that works in one session after the other, each on a connection of its own. */
abstract class LoadClient implements Runnable {

    private static final int LONGEST_PAUSE_MILLIS = 20;

    final Load load;
    final Random random;
    private boolean doubted;

    LoadClient(Load load, Random random) {
        this.load = load;
        this.random = random;
    }

    /** Works until the load is over or the session has lasted long enough. */
    abstract void session() throws IOException;

    @Override
    public final void run() {
        try {
            while (!load.over()) {
                onceMore();
            }
        } catch (IOException e) {
            if (!load.isCut()) {
                load.expectations().problem(this + " lost its connection to a server that runs: " + e);
            }
        } catch (RuntimeException | Error e) {
            load.expectations().problem(this + " does not understand the server: " + e);
        }
    }

    private void onceMore() throws IOException {
        try {
            session();
        } catch (Goodbye e) {
            if (!load.isSwapping()) {
                throw e;
            }
            load.answers().no(getClass().getSimpleName(), "goodbye");
        }
    }

    /** The server has done what it was asked for. */
    final void progress() {
        load.pauses().progress(this);
    }

    /** People are not as fast as programs, and mailboxes shall not grow faster than they are read. */
    final void pause() {
        LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_MILLIS) * 1_000_000L);
    }

    /** Whether a refusal leaves in doubt what happened: for a disk that breaks, that is the first one. */
    final boolean doubtful() {
        boolean first = load.isBreaking() && !doubted;
        doubted |= first;
        return first;
    }

    /** The next line; a connection that ends here is lost. */
    static String line(Wire wire) throws IOException {
        String line = wire.line();
        if (line == null) {
            throw new EOFException("closed by the server");
        }
        if (Goodbye.is(line)) {
            throw new Goodbye(line);
        }
        return line;
    }

    @Override
    public String toString() {
        return getClass().getSimpleName();
    }
}
