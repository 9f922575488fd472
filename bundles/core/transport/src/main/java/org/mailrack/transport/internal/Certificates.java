package org.mailrack.transport.internal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.net.TlsContext;

/**
 * The server's certificate: the operator's files, or a self-signed one while there are none. The files are looked at when a context
 * is asked for, at most once a second; a broken pair is reported once and the one before stays in use.
 */
final class Certificates implements TlsContext {

    private static final Logger log = LoggerFactory.getLogger(Certificates.class);
    private static final long LOOK_AGAIN = TimeUnit.SECONDS.toNanos(1);

    private record Stamp(Look certificate, Look key) {}

    /** What tells one state of a file from another; also a permission that is given later makes a file another one. */
    private record Look(FileTime time, long size, boolean readable) {

        static Look at(Path file) throws IOException {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                return new Look(found.lastModifiedTime(), found.size(), Files.isReadable(file));
            } catch (NoSuchFileException e) {
                return new Look(FileTime.fromMillis(0), -1, false);
            }
        }
    }

    private final Path certificateFile;
    private final Path keyFile;
    private final Path ownFolder;
    private final Supplier<String> hostname;
    private SSLContext context;
    private Stamp seen;
    private long lookedAt;

    Certificates(Path certificateFile, Path keyFile, Path ownFolder, Supplier<String> hostname) {
        this.certificateFile = certificateFile;
        this.keyFile = keyFile;
        this.ownFolder = ownFolder;
        this.hostname = hostname;
    }

    @Override
    public synchronized SSLContext server() {
        long now = System.nanoTime();
        if (context == null || now - lookedAt >= LOOK_AGAIN) {
            lookedAt = now;
            try {
                look();
            } catch (GeneralSecurityException | IOException e) {
                if (context == null) {
                    throw new IllegalStateException("no certificate: " + reason(e), e);
                }
                log.warn("self-signed certificate not usable folder={} reason={}", ownFolder, reason(e));
            }
        }
        return context;
    }

    /** Has the files looked at again with the next call of {@link #server()}. */
    synchronized void lookAgain() {
        lookedAt = System.nanoTime() - LOOK_AGAIN;
    }

    private void look() throws GeneralSecurityException, IOException {
        Stamp stamp = stamp();
        if (context != null && java.util.Objects.equals(stamp, seen)) {
            return;
        }
        seen = stamp;
        if (stamp != null) {
            try {
                use(Pem.read(certificateFile, keyFile), certificateFile);
                return;
            } catch (GeneralSecurityException | IOException e) {
                String kept = context == null ? "self-signed certificate" : "certificate used before";
                log.warn("certificate not usable file={} keeping='{}' reason={}", certificateFile, kept, reason(e));
                if (context != null) {
                    return;
                }
            }
        }
        use(SelfSigned.in(ownFolder, hostname.get()), ownFolder.resolve("cert.pem"));
    }

    /** Null when neither file is there. */
    private Stamp stamp() throws IOException {
        boolean certificate = Files.exists(certificateFile);
        boolean key = Files.exists(keyFile);
        if (!certificate && !key) {
            return null;
        }
        return new Stamp(Look.at(certificateFile), Look.at(keyFile));
    }

    /** Some exceptions of the file system say no more than the file's name. */
    private static String reason(Exception e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied: " + e.getMessage();
        }
        return e instanceof NoSuchFileException ? "no such file: " + e.getMessage() : e.getMessage();
    }

    private void use(Pem.Pair pair, Path from) throws GeneralSecurityException, IOException {
        byte[] secret = new byte[24];
        new SecureRandom().nextBytes(secret);
        char[] password = Base64.getEncoder().encodeToString(secret).toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", pair.key(), password, pair.chain().toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext fresh = SSLContext.getInstance("TLS");
        // Without a trust manager of its own the context would read all public authorities, for clients we never ask.
        fresh.init(keys.getKeyManagers(), new TrustManager[] {new TrustNobody()}, null);
        context = fresh;
        X509Certificate own = pair.chain().get(0);
        log.info(
                "certificate in use file={} subject='{}' expires={}",
                from,
                own.getSubjectX500Principal(),
                own.getNotAfter().toInstant());
    }

    private static final class TrustNobody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType)
                throws java.security.cert.CertificateException {
            throw new java.security.cert.CertificateException("client certificates are not asked for");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType)
                throws java.security.cert.CertificateException {
            throw new java.security.cert.CertificateException("this context is for servers");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
