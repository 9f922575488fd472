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
    /** How often a transaction is tried that the database chose as the victim of a lock conflict. */
    private static final int ATTEMPTS = 5;

    private final Engine engine;
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
        boolean open = false;
        try {
            open(schema);
            open = true;
        } catch (SQLException e) {
            throw Failures.translate("cannot open " + settings.database(), e);
        } catch (IOException e) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot create " + settings.database() + ": " + e, e);
        } finally {
            if (!open) {
                engine.shutDownDatabase();
                engine.stop();
            }
        }
        pool = new Pool(engine, settings.maxConnections());
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
            engine.shutDownDatabase();
            LOG.warn("database creation was cut off and begins anew remains={}", files.setAside());
        }
        boolean create = !files.exist();
        if (create) {
            files.mark();
        }
        try (Connection connection = engine.connect(create)) {
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
            return schema.version(connection) > 0;
        } catch (SQLException e) {
            if (Failures.isInUse(e)) {
                throw Failures.translate("cannot open " + settings.database(), e);
            }
            LOG.warn("database of an unfinished creation does not open state={}", e.getSQLState());
            return false;
        }
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
        engine.shutDownDatabase();
        engine.stop();
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
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(work);
            } catch (SQLException e) {
                if (!Failures.isLockConflict(e) || attempt == ATTEMPTS) {
                    throw Failures.translate(what, e);
                }
                LOG.debug("transaction is repeated what={} attempt={} state={}", what, attempt, e.getSQLState());
            }
        }
    }

    private <T> T attempt(Work<T> work) throws SQLException {
        Tx tx = pool.take(settings.connectionWait());
        boolean sound = false;
        try {
            T result = work.run(tx);
            tx.commit();
            sound = true;
            return result;
        } catch (SQLException e) {
            sound = !Failures.isFatal(e) && rolledBack(tx);
            throw e;
        } catch (RuntimeException e) {
            sound = rolledBack(tx);
            throw e;
        } finally {
            pool.give(tx, sound);
        }
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
