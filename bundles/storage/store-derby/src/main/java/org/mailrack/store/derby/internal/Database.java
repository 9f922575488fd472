package org.mailrack.store.derby.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.store.StoreException;
import org.mailrack.api.store.StoreException.Kind;

/** The open database: runs transactions, and repeats one that lost against another. */
@Component(service = Database.class, immediate = true, configurationPid = "org.mailrack.store.derby")
@Designate(ocd = DerbyConfig.class)
public final class Database {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    /** How often a transaction is tried that lost against another, or that lost its connection. */
    private static final int ATTEMPTS = 5;

    private final Engine engine;
    private final DiskRoom room;
    private final Opening opening;
    private final Pool pool;
    private volatile Settings settings;

    /** What is done in one transaction; may be done again from the start. */
    @FunctionalInterface
    interface Work<T> {
        T run(Tx tx) throws SQLException;
    }

    /** Opens the database of the instance. */
    @Activate
    public Database(BundleContext context, DerbyConfig config) {
        this(Settings.of(base(context), config), Schema.bundled());
    }

    Database(Settings settings, Schema schema) {
        long start = System.nanoTime();
        this.settings = settings;
        engine = Engine.start(settings);
        room = new DiskRoom(this::settings);
        opening = new Opening(engine, room);
        boolean open = false;
        try {
            open(schema);
            room.open();
            open = true;
        } catch (SQLException e) {
            throw Failures.translate("cannot open " + settings.database(), e);
        } catch (IOException e) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot create " + settings.database() + ": " + e, e);
        } finally {
            if (!open) {
                engine.stop();
            }
        }
        pool = new Pool(opening, settings.maxConnections());
        LOG.info("database open path={} ms={}", settings.database(), (System.nanoTime() - start) / 1_000_000);
    }

    private static Path base(BundleContext context) {
        String base = context.getProperty("mailrack.base");
        return Path.of(base == null ? "." : base);
    }

    private void open(Schema schema) throws SQLException, IOException {
        DatabaseFiles files = new DatabaseFiles(settings.database());
        boolean unfinished = files.marked();
        if (unfinished && files.exist() && !hasSchema(schema)) {
            LOG.warn("database creation was cut off and begins anew remains={}", files.setAside());
        }
        boolean create = !files.exist();
        if (create) {
            files.mark();
        }
        try (Connection connection = opening.connect(create)) {
            connection.setAutoCommit(false);
            schema.migrate(connection);
        }
        if (create || unfinished) {
            files.unmark();
        }
    }

    private boolean hasSchema(Schema schema) {
        try (Connection connection = engine.connect(false)) {
            connection.setAutoCommit(false);
            if (schema.version(connection) > 0) {
                return true;
            }
        } catch (SQLException e) {
            if (Failures.isInUse(e)) {
                throw Failures.translate("cannot open " + settings.database(), e);
            }
            LOG.warn("database of an unfinished creation does not open state={}", e.getSQLState());
            return false;
        }
        engine.shutDownDatabase();
        return false;
    }

    @Modified
    void modified(BundleContext context, DerbyConfig config) {
        Settings wanted = Settings.of(base(context), config);
        Settings now = settings;
        if (wanted.pageCache() != now.pageCache()
                || wanted.maxConnections() != now.maxConnections()
                || !wanted.lockWait().equals(now.lockWait())) {
            LOG.warn("setting takes effect at the next start settings=page.cache,max.connections,lock.wait");
        }
        settings = wanted;
    }

    @Deactivate
    void close() {
        pool.close();
        engine.stop();
        room.close();
        LOG.info("database closed path={}", settings.database());
    }

    Settings settings() {
        return settings;
    }

    /**
     * Runs work as one transaction, durable on return.
     *
     * @param what for the message of a failure, such as {@code append}
     */
    <T> T run(String what, Work<T> work) {
        return run(what, DiskRoom.Need.NONE, work);
    }

    /**
     * Runs work that needs some room on the disk; NO_SPACE or UNAVAILABLE when there is too little or it cannot be written.
     *
     * @param what for the message of a failure, such as {@code append}
     */
    <T> T run(String what, DiskRoom.Need need, Work<T> work) {
        boolean interrupted = Thread.currentThread().isInterrupted();
        for (int attempt = 1; ; attempt++) {
            room.require(need);
            Tx tx = null;
            boolean sound = false;
            try {
                tx = pool.take(settings.connectionWait());
                T result = work.run(tx);
                tx.commit();
                sound = true;
                opening.worked();
                return result;
            } catch (SQLException e) {
                sound = tx != null && !Failures.isFatal(e) && rolledBack(tx);
                if (attempt == ATTEMPTS || !again(e, tx)) {
                    throw Failures.translate(what, e);
                }
                LOG.debug("transaction is repeated what={} attempt={} state={}", what, attempt, e.getSQLState());
            } catch (RuntimeException e) {
                sound = tx != null && rolledBack(tx);
                throw e;
            } finally {
                if (tx != null) {
                    pool.give(tx, sound);
                }
                // An engine that goes down interrupts all who are at work in it, which is not meant for what they do
                // next.
                if (!interrupted && opening.interrupts() && Thread.interrupted()) {
                    LOG.debug("interrupt by the database engine is forgotten what={}", what);
                }
            }
        }
    }

    /** Whether a transaction that failed may be repeated: it lost against another, or the database went away under it. */
    private boolean again(SQLException failure, Tx tx) {
        if (Failures.isFatal(failure)) {
            pool.forgetIdle();
            opening.lost();
            if (Failures.isDown(failure)) {
                opening.wentDown(failure);
            }
            return (tx == null || !tx.committing()) && Failures.kind(failure) != Kind.DAMAGED;
        }
        return Failures.isLockConflict(failure);
    }

    private static boolean rolledBack(Tx tx) {
        try {
            tx.rollback();
            return true;
        } catch (SQLException e) {
            LOG.debug("rollback failed, connection is dropped state={}", e.getSQLState());
            return false;
        }
    }
}
