package org.mailrack.transport.internal;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * Makes a self-signed P-256 certificate (RFC 5280, RFC 5480) for a server that has none yet, and keeps it in a folder that only its
 * owner can enter. The JDK reads certificates but offers no way to make one, and a library for that one would be larger than the
 * rest of this bundle.
 */
final class SelfSigned {

    private static final int YEARS = 10;
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private SelfSigned() {}

    /** The kept pair, made when it is not there, cannot be read, has expired, or dates from before the name was known. */
    static Pem.Pair in(Path folder, String hostname) throws GeneralSecurityException, IOException {
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        if (Files.exists(certificate) && Files.exists(key)) {
            try {
                Pem.Pair kept = Pem.read(certificate, key);
                kept.chain().get(0).checkValidity();
                boolean nameless =
                        kept.chain().get(0).getSubjectX500Principal().getName().equals("CN=localhost");
                if (!nameless || hostname.equals("localhost")) {
                    return kept;
                }
            } catch (GeneralSecurityException e) {
                // Ours to replace: nobody else writes there.
                Files.delete(certificate);
            }
        }
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder.toAbsolutePath().getParent());
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        write(key, Pem.write("PRIVATE KEY", pair.getPrivate().getEncoded()));
        write(certificate, Pem.write("CERTIFICATE", certificate(pair, hostname)));
        return Pem.read(certificate, key);
    }

    /** Whole or not at all, and never readable by others, not even for a moment. */
    private static void write(Path file, String text) throws IOException {
        Path fresh = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                "new",
                ".pem",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] certificate(KeyPair pair, String hostname) throws GeneralSecurityException {
        Instant now = Instant.now();
        byte[] algorithm = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
        byte[] name = name(hostname);
        byte[] alternatives = Der.sequence(Der.text(0x82, hostname), Der.text(0x82, "localhost"));
        byte[] body = Der.sequence(
                Der.of(0xa0, Der.integer(2)),
                Der.integer(new BigInteger(120, new SecureRandom()).setBit(119)),
                algorithm,
                name,
                Der.sequence(
                        Der.text(Der.UTC_TIME, UTC_TIME.format(now.minus(1, ChronoUnit.DAYS))),
                        Der.text(Der.UTC_TIME, UTC_TIME.format(now.plus(365L * YEARS, ChronoUnit.DAYS)))),
                name,
                pair.getPublic().getEncoded(),
                Der.of(
                        0xa3,
                        Der.sequence(
                                // May not sign others, serves TLS, and is known by these names.
                                extension("2.5.29.19", Der.sequence()),
                                extension("2.5.29.37", Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"))),
                                extension("2.5.29.17", alternatives))));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(body);
        return Der.sequence(body, algorithm, Der.bits(signature.sign()));
    }

    private static byte[] name(String hostname) {
        // A common name holds 64 characters; the alternative names hold all.
        String common = hostname.substring(0, Math.min(64, hostname.length()));
        return Der.sequence(Der.of(Der.SET, Der.sequence(Der.oid("2.5.4.3"), Der.text(Der.UTF8, common))));
    }

    private static byte[] extension(String oid, byte[] value) {
        return Der.sequence(Der.oid(oid), Der.of(Der.OCTET_STRING, value));
    }
}
