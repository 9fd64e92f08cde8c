package dev.reseat.rpc.transport.rabbit;

import dev.reseat.runtime.PemKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Makes Java's TLS out of the PEM files that oslo's options name. */
final class TlsContext {
    private TlsContext() {}

    /** @throws IllegalArgumentException if a file cannot be read as what it should be */
    static SSLContext of(TlsOptions options) {
        try {
            SSLContext context = SSLContext.getInstance(options.protocol());
            context.init(keys(options.identity()), trust(options.authorities()), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("[oslo_messaging_rabbit] ssl options cannot be used: " + e, e);
        }
    }

    private static TrustManager[] trust(Optional<Path> authorities) throws GeneralSecurityException, IOException {
        if (authorities.isEmpty()) {
            return new TrustManager[]{new TrustAnyone()};
        }
        KeyStore store = emptyStore();
        int position = 0;
        for (Certificate authority : certificates(authorities.get())) {
            store.setCertificateEntry("authority-" + position++, authority);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager[] keys(Optional<TlsOptions.Identity> identity)
            throws GeneralSecurityException, IOException {
        if (identity.isEmpty()) {
            return new KeyManager[0];
        }
        char[] noPassword = {};
        KeyStore store = emptyStore();
        store.setKeyEntry("identity", PemKey.read(identity.get().key()), noPassword,
                certificates(identity.get().certificates()).toArray(Certificate[]::new));
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, noPassword);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws GeneralSecurityException, IOException {
        var pem = new ByteArrayInputStream(Files.readAllBytes(file));
        Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509").generateCertificates(pem);
        if (found.isEmpty()) {
            throw new IOException("no certificate in " + file);
        }
        return found;
    }

    /**
     * What {@code ssl} without {@code ssl_ca_file} means upstream: the wire is encrypted, the broker may be anybody.
     */
    private static final class TrustAnyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
