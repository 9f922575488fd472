package org.mailrack.directory.internal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers for a short time that a password was right, so that a client which polls does not cost a full hash each time. Holds
 * an HMAC under a key that never leaves this process, over the account, its stored hash and the password. Why this is a fair
 * bargain: see the package. Thread-safe.
 */
final class VerifierCache {

    private record Verifier(byte[] mac, long since) {}

    private final Map<String, Verifier> verifiers = new LinkedHashMap<>(16, 0.75f, true);
    private final SecretKeySpec key;
    private final LongSupplier nanoTime;
    private long lifetime;
    private int max;

    VerifierCache(int lifetimeSeconds, int max, LongSupplier nanoTime) {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, "HmacSHA256");
        this.nanoTime = nanoTime;
        limits(lifetimeSeconds, max);
    }

    synchronized void limits(int lifetimeSeconds, int entries) {
        lifetime = TimeUnit.SECONDS.toNanos(lifetimeSeconds);
        max = entries;
        verifiers.clear();
    }

    /** Whether the same password was right for the same stored hash not long ago. */
    boolean knows(String account, String storedHash, byte[] password) {
        byte[] mac = mac(account, storedHash, password);
        synchronized (this) {
            Verifier verifier = verifiers.get(account);
            if (verifier == null) {
                return false;
            }
            if (nanoTime.getAsLong() - verifier.since >= lifetime) {
                verifiers.remove(account);
                return false;
            }
            return MessageDigest.isEqual(mac, verifier.mac);
        }
    }

    /** Remembers a password that was right. */
    void remember(String account, String storedHash, byte[] password) {
        byte[] mac = mac(account, storedHash, password);
        synchronized (this) {
            if (lifetime == 0) {
                return;
            }
            verifiers.put(account, new Verifier(mac, nanoTime.getAsLong()));
            if (verifiers.size() > max) {
                var oldest = verifiers.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
    }

    private byte[] mac(String account, String storedHash, byte[] password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(account.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            mac.update(storedHash.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return mac.doFinal(password);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
