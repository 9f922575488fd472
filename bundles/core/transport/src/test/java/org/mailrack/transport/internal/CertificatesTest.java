package org.mailrack.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {

    @TempDir
    Path folder;

    private Certificates certificates() {
        return new Certificates(
                folder.resolve("cert.pem"),
                folder.resolve("key.pem"),
                folder.resolve("data/tls"),
                () -> "mx.crepes.fr");
    }

    private Pem.Pair another(String name) throws Exception {
        return SelfSigned.in(folder.resolve(name), name);
    }

    private void install(String name) throws Exception {
        another(name);
        Files.copy(folder.resolve(name).resolve("cert.pem"), folder.resolve("cert.pem"));
        Files.copy(folder.resolve(name).resolve("key.pem"), folder.resolve("key.pem"));
    }

    @Test
    void aServerWithoutCertificateMakesOneAndKeepsIt() throws Exception {
        SSLContext first = certificates().server();
        assertThat(first).isNotNull();
        byte[] made = Files.readAllBytes(folder.resolve("data/tls/cert.pem"));
        certificates().server();
        assertThat(Files.readAllBytes(folder.resolve("data/tls/cert.pem"))).isEqualTo(made);
    }

    @Test
    void aCertificateMadeBeforeTheNameWasKnownIsMadeAnew() throws Exception {
        Path own = folder.resolve("own");
        SelfSigned.in(own, "localhost");
        Pem.Pair named = SelfSigned.in(own, "mx.crepes.fr");
        assertThat(named.chain().get(0).getSubjectX500Principal().getName()).isEqualTo("CN=mx.crepes.fr");
        assertThat(SelfSigned.in(own, "localhost").chain()).isEqualTo(named.chain());
    }

    @Test
    void onlyTheOwnerReadsTheKey() throws Exception {
        certificates().server();
        Path own = folder.resolve("data/tls");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own.resolve("key.pem"))))
                .isEqualTo("rw-------");
    }

    /** RFC 5280. */
    @Test
    void theSelfSignedCertificateIsWhatItSays() throws Exception {
        X509Certificate certificate = another("mx.crepes.fr").chain().get(0);
        certificate.verify(certificate.getPublicKey());
        certificate.checkValidity();
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=mx.crepes.fr");
        assertThat(List.copyOf(certificate.getSubjectAlternativeNames()))
                .isEqualTo(List.of(List.of(2, "mx.crepes.fr"), List.of(2, "localhost")));
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    }

    @Test
    void theOperatorsFilesReplaceTheSelfSignedOneWithoutARestart() throws Exception {
        Certificates certificates = certificates();
        SSLContext own = certificates.server();
        assertThat(certificates.server()).isSameAs(own);
        install("first");
        certificates.lookAgain();
        SSLContext first = certificates.server();
        assertThat(first).isNotSameAs(own);
        certificates.lookAgain();
        assertThat(certificates.server()).isSameAs(first);
    }

    @Test
    void aBrokenPairKeepsTheOneBefore() throws Exception {
        install("first");
        Certificates certificates = certificates();
        SSLContext first = certificates.server();
        Files.writeString(folder.resolve("cert.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        certificates.lookAgain();
        assertThat(certificates.server()).isSameAs(first);
        Files.delete(folder.resolve("key.pem"));
        certificates.lookAgain();
        assertThat(certificates.server()).isSameAs(first);
    }

    @Test
    void aKeyThatDoesNotBelongIsRefusedByName() throws Exception {
        another("first");
        another("second");
        assertThatThrownBy(() -> Pem.read(
                        folder.resolve("first").resolve("cert.pem"),
                        folder.resolve("second").resolve("key.pem")))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("does not belong");
    }

    @Test
    void anEncryptedKeyIsRefusedWithAdvice() throws Exception {
        another("first");
        Path key = folder.resolve("key.pem");
        Files.writeString(key, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        assertThatThrownBy(() -> Pem.read(folder.resolve("first").resolve("cert.pem"), key))
                .hasMessageContaining("encrypted key");
        Files.writeString(
                key,
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n"
                        + "-----END RSA PRIVATE KEY-----\n");
        assertThatThrownBy(() -> Pem.read(folder.resolve("first").resolve("cert.pem"), key))
                .hasMessageContaining("encrypted key");
    }

    /** RFC 5915: the form that {@code openssl ecparam -genkey} writes. */
    @Test
    void readsAnEcKeyInItsOldForm() throws Exception {
        Pem.Pair pair = another("first");
        byte[] pkcs8 = Der.read(pair.key().getEncoded(), 0).content();
        Der.Element version = Der.read(pkcs8, 0);
        Der.Element algorithm = Der.read(pkcs8, version.end());
        byte[] inner = Der.read(pkcs8, algorithm.end()).content();
        byte[] sec1 = Der.read(inner, 0).content();
        int curveAt = Der.read(algorithm.content(), 0).end();
        byte[] curve = Arrays.copyOfRange(algorithm.content(), curveAt, algorithm.content().length);
        int rest = Der.read(sec1, Der.read(sec1, 0).end()).end();
        byte[] old = Der.sequence(Arrays.copyOf(sec1, rest), Der.of(0xa0, curve));
        Path key = folder.resolve("key.pem");
        Files.writeString(key, Pem.write("EC PRIVATE KEY", old));
        PrivateKey read =
                Pem.read(folder.resolve("first").resolve("cert.pem"), key).key();
        assertThat(((ECPrivateKey) read).getS()).isEqualTo(((ECPrivateKey) pair.key()).getS());
    }

    /** RFC 8017: the form that {@code openssl genrsa -traditional} writes. */
    @Test
    void readsAnRsaKeyInItsOldForm() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        byte[] pkcs8 = Der.read(pair.getPrivate().getEncoded(), 0).content();
        int at = Der.read(pkcs8, Der.read(pkcs8, 0).end()).end();
        Path key = folder.resolve("key.pem");
        Files.writeString(key, Pem.write("RSA PRIVATE KEY", Der.read(pkcs8, at).content()));
        another("first");
        // Read well, and then found not to belong to the certificate of the other kind.
        assertThatThrownBy(() -> Pem.read(folder.resolve("first").resolve("cert.pem"), key))
                .hasMessageContaining("does not belong");
    }

    /** One bit of the algorithm's identifier away from P-256, c2tnb191v3 can be read and not be used. */
    @Test
    void aKeyOnACurveThatIsNotSupportedIsRefusedByName() throws Exception {
        byte[] pkcs8 = another("first").key().getEncoded();
        String hex = HexFormat.of().formatHex(pkcs8).replace("2a8648ce3d030107", "2a8648ce3d030007");
        Path key = folder.resolve("curve.pem");
        Files.writeString(key, Pem.write("PRIVATE KEY", HexFormat.of().parseHex(hex)));
        assertThatThrownBy(() -> Pem.read(folder.resolve("first").resolve("cert.pem"), key))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("curve.pem");
    }

    @Test
    void damagedFilesAreRefusedWithTheirName() throws Exception {
        another("first");
        Path certificate = folder.resolve("first").resolve("cert.pem");
        byte[] good = Files.readAllBytes(folder.resolve("first").resolve("key.pem"));
        Path key = folder.resolve("damaged.pem");
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < 300; i++) {
            byte[] damaged = good.clone();
            damaged[28 + random.nextInt(damaged.length - 28)] ^= (byte) (1 << random.nextInt(7));
            Files.write(key, Arrays.copyOf(damaged, damaged.length - random.nextInt(3)));
            try {
                Pem.read(certificate, key);
            } catch (GeneralSecurityException e) {
                assertThat(e).hasMessageContaining("damaged.pem");
            }
        }
    }
}
