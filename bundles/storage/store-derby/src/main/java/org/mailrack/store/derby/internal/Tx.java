package org.mailrack.store.derby.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A connection with its prepared statements, used by one thread at a time for one transaction. */
final class Tx {

    private final Connection connection;
    /** Bounded, because statements are constants of this package. */
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    private boolean committing;

    /** Makes something of a row. */
    @FunctionalInterface
    interface Mapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    Tx(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
    }

    <T> List<T> list(String sql, Mapper<T> mapper, Object... args) throws SQLException {
        List<T> found = new ArrayList<>();
        try (ResultSet rows = prepare(sql, args).executeQuery()) {
            while (rows.next()) {
                found.add(mapper.map(rows));
            }
        }
        return found;
    }

    <T> Optional<T> first(String sql, Mapper<T> mapper, Object... args) throws SQLException {
        try (ResultSet rows = prepare(sql, args).executeQuery()) {
            return rows.next() ? Optional.of(mapper.map(rows)) : Optional.empty();
        }
    }

    /** Returns how many rows were changed. */
    int update(String sql, Object... args) throws SQLException {
        return prepare(sql, args).executeUpdate();
    }

    void batch(String sql, List<Object[]> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        PreparedStatement statement = prepare(sql);
        for (Object[] row : rows) {
            set(statement, row);
            statement.addBatch();
        }
        statement.executeBatch();
    }

    /** A statement that stays open with the connection. */
    private PreparedStatement prepare(String sql, Object... args) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        statement.clearBatch();
        set(statement, args);
        return statement;
    }

    private static void set(PreparedStatement statement, Object... args) throws SQLException {
        for (int i = 0; i < args.length; i++) {
            statement.setObject(i + 1, args[i]);
        }
    }

    void commit() throws SQLException {
        committing = true;
        connection.commit();
        committing = false;
    }

    /** Whether a commit has failed: nobody knows what became of it. */
    boolean committing() {
        return committing;
    }

    void rollback() throws SQLException {
        connection.rollback();
    }

    void close() throws SQLException {
        connection.close();
    }
}
