package org.mailrack.directory.internal;

import java.util.Locale;
import java.util.function.IntSupplier;

import org.mailrack.api.mail.AddressException;
import org.mailrack.api.mail.MailAddress;

/** The checked configuration. Immutable; times in seconds. */
record Settings(
        String hostname,
        String defaultDomain,
        boolean plaintextLoopback,
        int refreshInterval,
        Argon2.Parameters argon2,
        int hashConcurrency,
        int hashWait,
        int verifierLifetime,
        int verifierMax,
        FailureTable.Limits nameFailures,
        FailureTable.Limits clientFailures) {

    /**
     * Checks a configuration.
     *
     * @throws IllegalArgumentException with a sentence that names the setting at fault
     */
    static Settings of(DirectoryConfig config) {
        int delay = in("failure.delay", config::failure_delay, 0, 3600);
        int delayMax = in("failure.delay.max", config::failure_delay_max, 0, 86400);
        int window = in("failure.window", config::failure_window, 1, 86400);
        int table = in("failure.table", config::failure_table, 1, 10_000_000);
        int parallelism = in("argon2.parallelism", config::argon2_parallelism, 1, Argon2.MAX_PARALLELISM);
        return new Settings(
                domain("hostname", config.hostname()),
                domain("default.domain", config.default_domain()),
                config.plaintext_loopback(),
                in("refresh.interval", config::refresh_interval, 0, 86400),
                new Argon2.Parameters(
                        in("argon2.memory", config::argon2_memory, 8 * parallelism, Argon2.MAX_MEMORY),
                        in("argon2.iterations", config::argon2_iterations, 1, Argon2.MAX_ITERATIONS),
                        parallelism),
                in("hash.concurrency", config::hash_concurrency, 1, 1024),
                in("hash.wait", config::hash_wait, 0, 60),
                in("verifier.lifetime", config::verifier_lifetime, 0, 86400),
                in("verifier.max", config::verifier_max, 1, 10_000_000),
                new FailureTable.Limits(
                        in("failure.limit", config::failure_limit, 1, 1_000_000), delay, delayMax, window, table),
                new FailureTable.Limits(
                        in("failure.limit.client", config::failure_limit_client, 1, 1_000_000),
                        delay,
                        delayMax,
                        window,
                        table));
    }

    private static int in(String setting, IntSupplier value, int min, int max) {
        int found;
        try {
            found = value.getAsInt();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("org.mailrack.directory: " + setting + " is not a number", e);
        }
        if (found < min || found > max) {
            throw new IllegalArgumentException(
                    "org.mailrack.directory: " + setting + " is " + found + ", not from " + min + " to " + max);
        }
        return found;
    }

    private static String domain(String setting, String value) {
        String name = value.strip().toLowerCase(Locale.ROOT);
        if (name.isEmpty()) {
            return name;
        }
        try {
            return new MailAddress("postmaster", name).domain();
        } catch (AddressException e) {
            throw new IllegalArgumentException(
                    "org.mailrack.directory: " + setting + " is no domain name: " + e.getMessage(), e);
        }
    }
}
