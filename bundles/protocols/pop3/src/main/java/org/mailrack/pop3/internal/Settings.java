package org.mailrack.pop3.internal;

import java.time.Duration;
import java.util.function.IntSupplier;

/** The checked configuration. Immutable. */
record Settings(
        Duration idleTimeout,
        int maxLine,
        int maxAuthLine,
        int maxErrors,
        int maxLoginFailures,
        int loginThreads,
        int loginQueue,
        boolean utf8Strict) {

    /**
     * Checks a configuration.
     *
     * @throws IllegalArgumentException with a sentence that names the setting at fault
     */
    static Settings of(Pop3Config config) {
        return new Settings(
                Duration.ofSeconds(in("idle.timeout", config::idle_timeout, 1, 86400)),
                in("max.line", config::max_line, 64, 65536),
                in("max.auth.line", config::max_auth_line, 255, 65536),
                in("max.errors", config::max_errors, 1, 1_000_000),
                in("max.login.failures", config::max_login_failures, 1, 1_000_000),
                in("login.threads", config::login_threads, 1, 1024),
                in("login.queue", config::login_queue, 1, 1_000_000),
                config.utf8_strict());
    }

    private static int in(String setting, IntSupplier value, int min, int max) {
        int found;
        try {
            found = value.getAsInt();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("org.mailrack.pop3: " + setting + " is not a number", e);
        }
        if (found < min || found > max) {
            throw new IllegalArgumentException(
                    "org.mailrack.pop3: " + setting + " is " + found + ", not from " + min + " to " + max);
        }
        return found;
    }
}
