package org.mailrack.store.derby.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.store.StoreException;
import org.mailrack.api.store.StoreException.Kind;

/**
 * Brings the schema to the newest version by numbered scripts, {@code schema/0001.sql} and so on without a gap. Each script runs in a
 * transaction of its own together with the note of its number, so that one that was cut off is as if it had never run. A script that
 * was released is never changed.
 */
final class Schema {

    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);
    private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*--.*$");
    private static final Pattern END = Pattern.compile(";\\s*(\\n|$)");

    private final IntFunction<Optional<String>> scripts;

    Schema(IntFunction<Optional<String>> scripts) {
        this.scripts = scripts;
    }

    /** The scripts in this bundle. */
    static Schema bundled() {
        return new Schema(Schema::script);
    }

    static Optional<String> script(int number) {
        try (InputStream in = Schema.class.getResourceAsStream("schema/%04d.sql".formatted(number))) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The version of the database; 0 when it has none yet. */
    int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery(
                    "SELECT 1 FROM sys.systables WHERE tablename = 'SCHEMA_VERSIONS' AND tabletype = 'T'")) {
                if (!found.next()) {
                    return 0;
                }
            }
            try (ResultSet version = statement.executeQuery("SELECT MAX(version) FROM schema_versions")) {
                version.next();
                return version.getInt(1);
            }
        } finally {
            connection.rollback();
        }
    }

    /** Runs the scripts that the database has not seen; the connection must not commit by itself. */
    void migrate(Connection connection) throws SQLException {
        int from = version(connection);
        int version = from;
        for (Optional<String> next = scripts.apply(version + 1); next.isPresent(); next = scripts.apply(version + 1)) {
            version++;
            apply(connection, version, next.get());
        }
        if (from > 0 && version > from) {
            LOG.info("database schema migrated from={} to={}", from, version);
        } else if (from > 0 && scripts.apply(from).isEmpty()) {
            throw new StoreException(
                    Kind.UNAVAILABLE,
                    "the database has schema version " + from + ", made by a newer release; this one cannot use it");
        }
    }

    private static void apply(Connection connection, int version, String script) throws SQLException {
        boolean done = false;
        try (Statement statement = connection.createStatement()) {
            if (version == 1) {
                statement.executeUpdate(
                        "CREATE TABLE schema_versions (version INT NOT NULL, applied TIMESTAMP NOT NULL)");
            }
            for (String command : END.split(COMMENT.matcher(script).replaceAll(""))) {
                if (!command.isBlank()) {
                    statement.executeUpdate(command);
                }
            }
            statement.executeUpdate("INSERT INTO schema_versions VALUES (" + version + ", CURRENT_TIMESTAMP)");
            connection.commit();
            done = true;
        } finally {
            if (!done) {
                connection.rollback();
            }
        }
    }
}
