package org.mailrack.store.derby.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections, and with the next one the database when it went down by itself. That takes it a moment, which those who come
 * wait; when it does not open then, it is tried once a second, and whoever comes in between hears why the last try failed.
 */
final class Opening {

    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** How long a database may take to go down. */
    private static final Duration GOING_DOWN = Duration.ofSeconds(2);

    private static final long STEP_MILLIS = 20;

    private final Engine engine;
    private final DiskRoom room;

    /** Whether it was ever up. */
    private boolean opened;
    /** Why it is down; null while it is up. */
    private volatile SQLException down;

    /** When it was last seen down; 0 for never. */
    private volatile long lastDown;

    private long downSince;
    /** Whether it was tried in vain to open it, and when. */
    private boolean tried;

    private long lastTry;

    Opening(Engine engine, DiskRoom room) {
        this.engine = engine;
        this.room = room;
    }

    synchronized Connection connect(boolean create) throws SQLException {
        if (tried && System.nanoTime() - lastTry < PAUSE.toNanos()) {
            throw new SQLException(down.getMessage(), down.getSQLState(), down.getErrorCode(), down);
        }
        Connection connection = null;
        while (connection == null) {
            try {
                connection = open(create);
            } catch (SQLException e) {
                wentDown(e);
                if (!opened || !waits()) {
                    tried = true;
                    lastTry = System.nanoTime();
                    throw e;
                }
            }
        }
        opened = true;
        tried = false;
        return connection;
    }

    /** A transaction has succeeded: not before that is it said that the database is up, as one going down still lets people in. */
    void worked() {
        if (down != null) {
            isUp();
        }
    }

    /**
     * Whether an interrupt is likely the engine's: one that goes down interrupts those who were at work in it, and they may notice
     * only when it is open again and they do something else.
     */
    boolean interrupts() {
        long last = lastDown;
        return down != null || last != 0 && System.nanoTime() - last < GOING_DOWN.toNanos();
    }

    private synchronized void isUp() {
        if (down != null) {
            down = null;
            tried = false;
            lastDown = System.nanoTime();
            LOG.info("database is open again");
        }
    }

    /**
     * Never for reading only, which is what the engine falls back to when it cannot write: it then leaves out its recovery, and
     * shows mailboxes as they were some time ago.
     */
    private Connection open(boolean create) throws SQLException {
        Connection connection = engine.connect(create);
        if (!connection.isReadOnly()) {
            return connection;
        }
        connection.close();
        engine.shutDownDatabase();
        throw new SQLException(room.whyReadOnly(), "08004", Failures.DATABASE_SEVERITY);
    }

    /** Waits a little for a database that is going down; false when it has had the time. */
    private boolean waits() {
        if (System.nanoTime() - downSince > GOING_DOWN.toNanos()) {
            return false;
        }
        try {
            wait(STEP_MILLIS);
            return true;
        } catch (InterruptedException e) {
            // The engine's, which goes down just now; anybody else's is heard again, since the wait has an end.
            LOG.debug("interrupt by the database engine is forgotten while it opens");
            return true;
        }
    }

    /** A connection was lost, which may be the first that is seen of a database that goes down. */
    void lost() {
        lastDown = System.nanoTime();
    }

    /** The database failed as a whole. */
    synchronized void wentDown(SQLException why) {
        if (down == null) {
            downSince = System.nanoTime();
            if (opened) {
                LOG.error("database is down until it can be opened again reason=\"{}\"", Failures.reason(why));
            }
        }
        down = why;
        lastDown = System.nanoTime();
        if (Failures.isFull(why) && room.release()) {
            tried = false;
        }
    }
}
