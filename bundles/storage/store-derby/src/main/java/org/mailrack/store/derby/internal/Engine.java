package org.mailrack.store.derby.internal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.derby.jdbc.EmbeddedDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.libs.derby.EngineClasses;
import org.mailrack.libs.derby.EngineLog;

/**
 * The Derby engine of this JVM, which runs while a database is open. It is configured by system properties only, so these are set
 * before it boots and taken back after it stopped. No lookups by DriverManager: they would keep class loaders alive.
 */
final class Engine {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private static final Recent SAID = new Recent(Duration.ofMinutes(10), 100);

    private static int users;
    private static List<String> properties = List.of();

    private final Path database;

    private Engine(Path database) {
        this.database = database;
    }

    static Engine start(Settings settings) {
        synchronized (Engine.class) {
            if (users++ == 0) {
                EngineLog.to(Engine::log);
                Map<String, String> wanted = Map.of(
                        "derby.system.home",
                        settings.data().toString(),
                        "derby.stream.error.method",
                        EngineLog.METHOD,
                        "derby.storage.pageCacheSize",
                        Integer.toString(settings.pageCache()),
                        "derby.storage.useDefaultFilePermissions",
                        "false",
                        "derby.storage.indexStats.auto",
                        "false",
                        "derby.locks.waitTimeout",
                        Long.toString(Math.max(1, settings.lockWait().toSeconds())),
                        "derby.locks.deadlockTimeout",
                        "1",
                        "derby.locks.escalationThreshold",
                        "20000");
                properties = List.copyOf(wanted.keySet());
                wanted.forEach(System::setProperty);
                initializeClasses();
            }
        }
        return new Engine(settings.database());
    }

    private static void initializeClasses() {
        try {
            EngineClasses.initialize();
        } catch (InterruptedException e) {
            // The engine works without, only this bundle may stay in memory after an update.
            Thread.currentThread().interrupt();
        }
    }

    /** Opens a connection, and boots the database if it is not. */
    Connection connect(boolean create) throws SQLException {
        // Threads that the engine starts keep the context class loader of their starter.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(EmbeddedDataSource.class.getClassLoader());
        try {
            EmbeddedDataSource source = source();
            if (create) {
                source.setCreateDatabase("create");
            }
            return source.getConnection();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Shuts the database down; it can be booted again by {@link #connect}. */
    void shutDownDatabase() {
        EmbeddedDataSource source = source();
        source.setShutdownDatabase("shutdown");
        shutDown(source, "08006");
    }

    /** Ends the use of the engine: shuts the database down if it is up, and the engine after its last use. */
    void stop() {
        synchronized (Engine.class) {
            if (--users > 0) {
                shutDownDatabase();
                return;
            }
            EmbeddedDataSource all = new EmbeddedDataSource();
            all.setDatabaseName("");
            all.setShutdownDatabase("shutdown");
            shutDown(all, "XJ015");
            properties.forEach(System::clearProperty);
            EngineLog.toNobody();
        }
    }

    private static void shutDown(EmbeddedDataSource source, String expected) {
        try {
            source.getConnection().close();
        } catch (SQLException e) {
            // Derby says by an exception that it has shut down, and 08003, 08004 or XJ004 that it was down before.
            if (!expected.equals(e.getSQLState())) {
                LOG.debug("database shutdown said state={} message={}", e.getSQLState(), e.getMessage());
            }
        }
    }

    private EmbeddedDataSource source() {
        EmbeddedDataSource source = new EmbeddedDataSource();
        source.setDatabaseName(database.toString());
        return source;
    }

    private static void log(String line) {
        // One line per failure; the stack traces after it are of the engine's inside. It says the same at each try.
        if (line.startsWith("ERROR ") && SAID.isNew(line.split(":", 2)[0])) {
            LOG.warn("database engine says: {}", line);
        } else {
            LOG.debug("database engine says: {}", line);
        }
    }
}
