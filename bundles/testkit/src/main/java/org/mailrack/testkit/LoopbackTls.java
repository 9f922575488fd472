package org.mailrack.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A throwaway certificate for {@code localhost}, {@code 127.0.0.1} and {@code ::1}. Its key lies open in this bundle: it protects
 * nothing.
 */
public final class LoopbackTls {

    private static final char[] PASSWORD = "mailrack".toCharArray();

    private LoopbackTls() {}

    /** For a server that shows the certificate, and for a client that trusts it and no other. */
    public static SSLContext context() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream file = LoopbackTls.class.getResourceAsStream("loopback.p12")) {
                store.load(file, PASSWORD);
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("loopback", store.getCertificate("loopback"));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the testkit's certificate cannot be read", e);
        }
    }
}
