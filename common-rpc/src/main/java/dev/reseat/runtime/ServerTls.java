package dev.reseat.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * How a server shows who it is: oslo.service's group {@code [ssl]}.
 *
 * @param certificateFile its certificate, PEM, and those that lead to its authority
 * @param keyFile the key, PEM, unencrypted
 * @param clientAuthorities who must have signed a client's certificate; empty if clients need none
 */
public record ServerTls(Path certificateFile, Path keyFile, Optional<Path> clientAuthorities) {
    /** Those that are still safe. */
    public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private static final String GROUP = "ssl";

    /**
     * What {@code [ssl]} says; empty if TLS is not wanted, whatever stands there for others.
     *
     * @param wanted by the setting of one server
     */
    public static Optional<ServerTls> from(Settings settings, boolean wanted) {
        Optional<Path> certificate = settings.optionalText(GROUP, "cert_file").map(Path::of);
        Optional<Path> key = settings.optionalText(GROUP, "key_file").map(Path::of);
        Optional<Path> authorities = settings.optionalText(GROUP, "ca_file").map(Path::of);
        if (!wanted) {
            return Optional.empty();
        }
        if (certificate.isEmpty() || key.isEmpty()) {
            settings.refuse("[ssl] cert_file and key_file are needed where TLS is switched on");
            return Optional.empty();
        }
        ServerTls tls = new ServerTls(certificate.get(), key.get(), authorities);
        try {
            tls.context();
        } catch (IllegalArgumentException unusable) {
            settings.refuse(unusable.getMessage());
        }
        return Optional.of(tls);
    }

    /**
     * A context that shows the certificate as it stands in the file at each handshake.
     *
     * @throws IllegalArgumentException if a file cannot be used
     */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = {new ServerCertificate(certificateFile, keyFile)};
            context.init(keys, clientAuthorities.map(TrustedCertificates::managers).orElse(new TrustManager[0]), null);
            return context;
        } catch (IOException | GeneralSecurityException unusable) {
            throw new IllegalArgumentException("[ssl] cannot be used: " + unusable.getMessage(), unusable);
        }
    }
}
