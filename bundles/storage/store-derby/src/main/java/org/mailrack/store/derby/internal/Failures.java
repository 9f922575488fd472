package org.mailrack.store.derby.internal;

import java.sql.SQLException;
import java.util.Set;

import org.mailrack.api.store.StoreException;
import org.mailrack.api.store.StoreException.Kind;

/** Turns the database's failures into the store's. */
final class Failures {

    /** From this error code on, the connection (or the whole database) is gone. */
    private static final int SESSION_SEVERITY = 40000;
    /** From this one on, the database is. */
    static final int DATABASE_SEVERITY = 45000;

    private static final Set<String> DAMAGED = Set.of("XSDG0", "XSDG2", "XSDB0", "XSDB1", "XSDB2", "XSRS7");

    private Failures() {}

    static StoreException translate(String what, SQLException failure) {
        Kind kind = kind(failure);
        String reason =
                switch (kind) {
                    case EXISTS -> "the name is taken";
                    case NO_SPACE -> isTooLong(failure) ? "a value is too long" : "no space left on disk";
                    case DAMAGED -> "the database is damaged";
                    case UNAVAILABLE, NOT_FOUND ->
                        isInUse(failure)
                                ? "the database is in use by another process; an instance folder serves one server only"
                                : "the database failed";
                };
        return new StoreException(
                kind, what + ": " + reason + " (" + failure.getSQLState() + ": " + failure.getMessage() + ")", failure);
    }

    static Kind kind(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (saysFull(cause)) {
                return Kind.NO_SPACE;
            }
            if (cause instanceof SQLException e && e.getSQLState() != null) {
                String state = e.getSQLState();
                if (state.equals("23505")) {
                    return Kind.EXISTS;
                }
                if (state.equals("22001") || state.equals("XSLA4")) {
                    return Kind.NO_SPACE;
                }
                if (DAMAGED.contains(state)) {
                    return Kind.DAMAGED;
                }
            }
        }
        return Kind.UNAVAILABLE;
    }

    /** Whether the same transaction may succeed when it is tried again. */
    static boolean isLockConflict(SQLException failure) {
        String state = failure.getSQLState();
        return "40001".equals(state) || "40XL1".equals(state) || "40XL2".equals(state);
    }

    /** Whether the connection cannot be used any more. */
    static boolean isFatal(SQLException failure) {
        String state = failure.getSQLState();
        return failure.getErrorCode() >= SESSION_SEVERITY
                || state == null
                || state.startsWith("08")
                // An exception inside the engine, such as those that it meets while it goes down.
                || state.equals("XJ001");
    }

    /** Whether the database is down. */
    static boolean isDown(SQLException failure) {
        return failure.getErrorCode() >= DATABASE_SEVERITY;
    }

    static boolean saysFull(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("No space left on device") || message.contains("Disk quota exceeded");
    }

    /** Whether the disk has no room. */
    static boolean isFull(SQLException failure) {
        return kind(failure) == Kind.NO_SPACE && !isTooLong(failure);
    }

    /** What is behind a failure, which says more than what came of it. */
    static String reason(SQLException failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }

    static boolean isInUse(SQLException failure) {
        return has(failure, "XSDB6");
    }

    private static boolean isTooLong(SQLException failure) {
        return has(failure, "22001");
    }

    private static boolean has(SQLException failure, String state) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e && state.equals(e.getSQLState())) {
                return true;
            }
        }
        for (SQLException next = failure.getNextException(); next != null; next = next.getNextException()) {
            if (state.equals(next.getSQLState())) {
                return true;
            }
        }
        return false;
    }
}
