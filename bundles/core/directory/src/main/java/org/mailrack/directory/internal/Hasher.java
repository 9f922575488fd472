package org.mailrack.directory.internal;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Hashes few passwords at a time, because each takes much memory; who waits too long is turned away. Thread-safe. */
final class Hasher {

    private record Limits(Argon2.Parameters parameters, Semaphore turns, int concurrency, int waitSeconds) {}

    private volatile Limits limits;

    Hasher(Settings settings) {
        settings(settings);
    }

    final void settings(Settings changed) {
        Limits old = limits;
        // Hashes that run under an old semaphore end soon; keep it when its size stays.
        Semaphore turns = old != null && old.concurrency == changed.hashConcurrency()
                ? old.turns
                : new Semaphore(changed.hashConcurrency(), true);
        limits = new Limits(changed.argon2(), turns, changed.hashConcurrency(), changed.hashWait());
    }

    /** A new hash, or empty when there was no turn. */
    Optional<String> hash(byte[] password) {
        return inTurn(() -> Argon2.hash(limits.parameters, password).toString());
    }

    /** Whether the password fits the hash, or empty when there was no turn. */
    Optional<Boolean> matches(Argon2.Hash hash, byte[] password) {
        return inTurn(() -> hash.matches(password));
    }

    /** A hash that fits no password and costs as much as a new one. */
    Argon2.Hash dummy() {
        return Argon2.Hash.dummy(limits.parameters);
    }

    <T> Optional<T> inTurn(Supplier<T> work) {
        Limits now = limits;
        try {
            if (!now.turns.tryAcquire(now.waitSeconds, TimeUnit.SECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            return Optional.of(work.get());
        } finally {
            now.turns.release();
        }
    }
}
