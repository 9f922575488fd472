package org.mailrack.transport.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and private keys in PEM files (RFC 7468): PKCS#8, and the older forms {@code RSA PRIVATE KEY} (PKCS#1, RFC 8017) and
 * {@code EC PRIVATE KEY} (SEC 1, RFC 5915), not encrypted. Messages name the file and never its content.
 */
final class Pem {

    private static final long MAX_FILE = 1 << 20;
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \\1-----");
    private static final byte[] RSA = Der.sequence(Der.oid("1.2.840.113549.1.1.1"), Der.of(Der.NULL));
    private static final int SEC1_PARAMETERS = 0xa0;

    /** A certificate chain with the server's own first, and the key that fits it. */
    record Pair(List<X509Certificate> chain, PrivateKey key) {}

    private Pem() {}

    static Pair read(Path certificateFile, Path keyFile) throws GeneralSecurityException, IOException {
        List<X509Certificate> chain = certificates(certificateFile);
        PrivateKey key = key(keyFile);
        boolean fits;
        try {
            fits = fits(chain.get(0).getPublicKey(), key);
        } catch (GeneralSecurityException e) {
            // Such as one of a kind that can be read, but not used.
            throw new InvalidKeyException("key in " + keyFile + " cannot be used: " + e.getMessage(), e);
        }
        if (!fits) {
            throw new InvalidKeyException(
                    "key in " + keyFile + " does not belong to the first certificate in " + certificateFile);
        }
        return new Pair(chain, key);
    }

    static String write(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    private static Matcher blocks(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE) {
            throw new IOException(file + " is larger than " + MAX_FILE + " octets");
        }
        return BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    }

    private static byte[] der(Path file, String body) throws InvalidKeyException {
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new InvalidKeyException(file + " is no PEM file: its base64 is broken", e);
        }
    }

    private static List<X509Certificate> certificates(Path file) throws GeneralSecurityException, IOException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> chain = new ArrayList<>();
        Matcher block = blocks(file);
        while (block.find()) {
            if (block.group(1).equals("CERTIFICATE")) {
                byte[] der = der(file, block.group(2));
                try {
                    chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
                } catch (GeneralSecurityException e) {
                    throw new GeneralSecurityException(
                            "certificate " + (chain.size() + 1) + " in " + file + " is damaged", e);
                }
            }
        }
        if (chain.isEmpty()) {
            throw new GeneralSecurityException(file + " holds no certificate in PEM form");
        }
        return List.copyOf(chain);
    }

    private static PrivateKey key(Path file) throws GeneralSecurityException, IOException {
        Matcher block = blocks(file);
        boolean encrypted = false;
        while (block.find()) {
            String label = block.group(1);
            encrypted |= label.equals("ENCRYPTED PRIVATE KEY") || block.group(2).contains("ENCRYPTED");
            if (encrypted || !label.endsWith("PRIVATE KEY")) {
                continue;
            }
            byte[] der = der(file, block.group(2));
            try {
                return switch (label) {
                    case "RSA PRIVATE KEY" ->
                        pkcs8(Der.sequence(Der.integer(0), RSA, Der.of(Der.OCTET_STRING, der)), "RSA");
                    case "EC PRIVATE KEY" -> pkcs8(sec1(der), "EC");
                    default -> pkcs8(der, "RSA", "EC", "EdDSA");
                };
            } catch (GeneralSecurityException e) {
                throw new InvalidKeyException("key in " + file + " is damaged or of an unknown kind", e);
            }
        }
        // With dashes in its Proc-Type lines an old encrypted key matches no block at all.
        throw new InvalidKeyException(file
                + (encrypted
                                || Files.readString(file, StandardCharsets.ISO_8859_1)
                                        .contains("ENCRYPTED")
                        ? " holds an encrypted key; store it without a passphrase, readable by the server only"
                        : " holds no private key in PEM form"));
    }

    /** Wraps a SEC 1 key, which names its curve inside, as PKCS#8. */
    private static byte[] sec1(byte[] der) throws InvalidKeyException {
        byte[] content = Der.read(der, 0).content();
        for (int at = 0; at < content.length; ) {
            Der.Element element = Der.read(content, at);
            if (element.tag() == SEC1_PARAMETERS) {
                byte[] algorithm = Der.sequence(Der.oid("1.2.840.10045.2.1"), element.content());
                return Der.sequence(Der.integer(0), algorithm, Der.of(Der.OCTET_STRING, der));
            }
            at = element.end();
        }
        throw new InvalidKeyException("the key does not name its curve");
    }

    private static PrivateKey pkcs8(byte[] der, String... algorithms) throws GeneralSecurityException {
        InvalidKeySpecException last = null;
        for (String algorithm : algorithms) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                last = e;
            }
        }
        throw last;
    }

    private static boolean fits(PublicKey publicKey, PrivateKey key) throws GeneralSecurityException {
        if (!publicKey.getAlgorithm().equals(key.getAlgorithm())) {
            return false;
        }
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        byte[] probe = "mailrack".getBytes(StandardCharsets.US_ASCII);
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(probe);
        Signature verifying = Signature.getInstance(algorithm);
        verifying.initVerify(publicKey);
        verifying.update(probe);
        return verifying.verify(signing.sign());
    }
}
