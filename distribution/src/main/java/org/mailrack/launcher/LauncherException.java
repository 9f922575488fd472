package org.mailrack.launcher;

/** What was asked cannot be done. The message is all that the user is told. */
final class LauncherException extends RuntimeException {

    /** A command failed. */
    static final int FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** No server runs, the code of LSB's status. */
    static final int NOT_RUNNING = 3;
    /** Whether a server runs cannot be told, the code of LSB's status. */
    static final int UNKNOWN = 4;

    private final int exitCode;

    LauncherException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    LauncherException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }

    static LauncherException failed(String message) {
        return new LauncherException(FAILED, message);
    }

    static LauncherException usage(String message) {
        return new LauncherException(USAGE, message);
    }
}
