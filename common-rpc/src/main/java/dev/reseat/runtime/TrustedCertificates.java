package dev.reseat.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the certificates of a PEM file, and in no others. */
public final class TrustedCertificates {
    private TrustedCertificates() {}

    /** @throws IllegalArgumentException if the file cannot be used */
    public static SSLContext in(Path file) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(file), null);
            return context;
        } catch (GeneralSecurityException failure) {
            throw new IllegalArgumentException(file + " cannot be used: " + failure.getMessage(), failure);
        }
    }

    /** @throws IllegalArgumentException if the file cannot be used */
    static TrustManager[] managers(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return trust.getTrustManagers();
        } catch (IOException | GeneralSecurityException failure) {
            throw new IllegalArgumentException(file + " cannot be used: " + failure.getMessage(), failure);
        }
    }
}
