package org.mailrack.directory.internal;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id (RFC 9106) with hashes written as PHC strings, {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash}. The parameters of a
 * check are the hash's own, within bounds, so that a damaged or planted hash cannot exhaust the server.
 */
final class Argon2 {

    static final int MAX_MEMORY = 256 * 1024;
    static final int MAX_ITERATIONS = 64;
    static final int MAX_PARALLELISM = 16;
    private static final int SALT = 16;
    private static final int HASH = 32;
    private static final Pattern PHC = Pattern.compile("\\$argon2id\\$v=19\\$m=(\\d{1,9}),t=(\\d{1,9}),p=(\\d{1,9})"
            + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");
    private static final SecureRandom RANDOM = new SecureRandom();

    private Argon2() {}

    /** What a hash costs: KiB of memory, passes, lanes. */
    record Parameters(int memory, int iterations, int parallelism) {

        boolean inBounds() {
            return parallelism >= 1
                    && parallelism <= MAX_PARALLELISM
                    && iterations >= 1
                    && iterations <= MAX_ITERATIONS
                    && memory >= 8 * parallelism
                    && memory <= MAX_MEMORY;
        }
    }

    /** A hash taken apart. */
    record Hash(Parameters parameters, byte[] salt, byte[] value) {

        /** Reads a PHC string; empty when it is none, or asks for more than the bounds allow. */
        static Optional<Hash> parse(String phc) {
            Matcher parts = PHC.matcher(phc);
            if (!parts.matches()) {
                return Optional.empty();
            }
            Parameters parameters = new Parameters(
                    Integer.parseInt(parts.group(1)),
                    Integer.parseInt(parts.group(2)),
                    Integer.parseInt(parts.group(3)));
            if (!parameters.inBounds()) {
                return Optional.empty();
            }
            try {
                return Optional.of(new Hash(
                        parameters,
                        Base64.getDecoder().decode(parts.group(4)),
                        Base64.getDecoder().decode(parts.group(5))));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        /** A hash of no password at all, that costs as much to check as any other. */
        static Hash dummy(Parameters parameters) {
            return new Hash(parameters, random(SALT), random(HASH));
        }

        boolean matches(byte[] password) {
            byte[] computed = compute(parameters, salt, password, value.length);
            boolean same = MessageDigest.isEqual(computed, value);
            Arrays.fill(computed, (byte) 0);
            return same;
        }

        @Override
        public String toString() {
            Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
            return "$argon2id$v=19$m=" + parameters.memory + ",t=" + parameters.iterations + ",p="
                    + parameters.parallelism + '$' + base64.encodeToString(salt) + '$' + base64.encodeToString(value);
        }
    }

    /** Hashes a password with a new salt. */
    static Hash hash(Parameters parameters, byte[] password) {
        byte[] salt = random(SALT);
        return new Hash(parameters, salt, compute(parameters, salt, password, HASH));
    }

    private static byte[] compute(Parameters parameters, byte[] salt, byte[] password, int length) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(parameters.memory())
                .withIterations(parameters.iterations())
                .withParallelism(parameters.parallelism())
                .withSalt(salt)
                .build());
        byte[] value = new byte[length];
        generator.generateBytes(password, value);
        return value;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
