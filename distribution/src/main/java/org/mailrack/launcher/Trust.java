package org.mailrack.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which bundles may come into the running server, by {@code deploy.trust} in {@code etc/mailrack.cfg}. What lies in the
 * installation's features when the server starts is the installation, and not asked about.
 */
final class Trust {

    /** Values of {@code deploy.trust}. */
    enum Mode {
        ANY,
        SIGNED,
        NONE
    }

    private static final String MODE = "deploy.trust";
    private static final String CERTIFICATES = "deploy.certificates";
    private static final String NORMALLY = "deploy-certificates.pem";
    /** RFC 5280 section 4.2.1.12: id-kp-codeSigning. */
    private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";

    private static final String ANY_PURPOSE = "2.5.29.37.0";

    private final Mode mode;
    private final Set<X509Certificate> trusted;

    private Trust(Mode mode, Set<X509Certificate> trusted) {
        this.mode = mode;
        this.trusted = trusted;
    }

    /**
     * As the settings say now.
     *
     * @throws LauncherException when they are wrong, in one line
     */
    static Trust of(Instance instance) {
        Path settings = instance.etc().resolve(Instance.SETTINGS);
        Properties values = instance.settings();
        String text = values.getProperty(MODE, "any").strip();
        Mode mode;
        try {
            mode = Mode.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw LauncherException.failed(settings + ": " + MODE + "=" + text + " is none of any, signed, none");
        }
        return new Trust(mode, mode == Mode.SIGNED ? read(certificates(instance, values)) : Set.of());
    }

    /** The file with the certificates that are trusted. */
    static Path certificates(Instance instance) {
        return certificates(instance, instance.settings());
    }

    private static Path certificates(Instance instance, Properties settings) {
        return instance.etc()
                .resolve(settings.getProperty(CERTIFICATES, NORMALLY).strip());
    }

    private static Set<X509Certificate> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Set<X509Certificate> found = new LinkedHashSet<>();
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                found.add((X509Certificate) certificate);
            }
            if (found.isEmpty()) {
                throw LauncherException.failed(file + " (setting " + CERTIFICATES + ") has no certificate in it");
            }
            return found;
        } catch (IOException e) {
            throw LauncherException.failed(
                    "cannot read " + file + " (setting " + CERTIFICATES + "): " + Instance.reason(e));
        } catch (CertificateException e) {
            throw LauncherException.failed(
                    file + " (setting " + CERTIFICATES + ") has no certificates in PEM: " + e.getMessage());
        }
    }

    Mode mode() {
        return mode;
    }

    /** Whether one of them signed with a certificate that is trusted, or that an issuer who is trusted gave him. */
    void check(CodeSigner[] signers) throws Refusal {
        String reason = "";
        for (CodeSigner signer : signers) {
            reason = fault(signer);
            if (reason.isEmpty()) {
                return;
            }
        }
        throw new Refusal(reason);
    }

    private String fault(CodeSigner signer) {
        CertPath path = signer.getSignerCertPath();
        X509Certificate leaf = (X509Certificate) path.getCertificates().get(0);
        String name = "is signed by " + leaf.getSubjectX500Principal();
        try {
            leaf.checkValidity();
            if (trusted.contains(leaf)) {
                return "";
            }
            if (!forCode(leaf)) {
                return name + ", whose certificate is not for signing code";
            }
            validate(path);
            return "";
        } catch (CertificateException e) {
            return name + ", whose certificate is not valid now: " + e.getMessage();
        } catch (GeneralSecurityException e) {
            return name + ", who is not trusted (" + e.getMessage() + ")";
        }
    }

    /** An issuer that is trusted may give certificates for other purposes to others. */
    private static boolean forCode(X509Certificate certificate) throws CertificateException {
        List<String> purposes = certificate.getExtendedKeyUsage();
        return purposes == null || purposes.contains(CODE_SIGNING) || purposes.contains(ANY_PURPOSE);
    }

    private void validate(CertPath path) throws GeneralSecurityException {
        List<Certificate> chain = new ArrayList<>(path.getCertificates());
        // The anchor itself is no part of what is validated.
        chain.removeIf(trusted::contains);
        PKIXParameters parameters = new PKIXParameters(trusted.stream()
                .map(certificate -> new TrustAnchor(certificate, null))
                .collect(Collectors.toSet()));
        // Whom not to trust any more is said by the file.
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
    }
}
