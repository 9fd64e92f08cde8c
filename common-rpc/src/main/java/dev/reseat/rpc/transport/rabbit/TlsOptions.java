package dev.reseat.rpc.transport.rabbit;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Encryption on the way to the broker.
 *
 * @param protocol {@code ssl_version} in Java's words
 * @param authorities {@code ssl_ca_file}; without it the broker's certificate is not verified, as upstream
 * @param identity {@code ssl_cert_file} and {@code ssl_key_file}
 * @param verifiesHost {@code ssl_enforce_hostname_verification}; has a meaning only with authorities
 */
public record TlsOptions(
        String protocol, Optional<Path> authorities, Optional<Identity> identity, boolean verifiesHost) {

    private static final String ANY_PROTOCOL = "TLS";

    static Optional<TlsOptions> from(Options options) {
        boolean encrypted = options.flag("ssl", false);
        Optional<Path> authorities = options.file("ssl_ca_file");
        Optional<Path> certificates = options.file("ssl_cert_file");
        Optional<Path> key = options.file("ssl_key_file");
        boolean verifiesHost = options.flag("ssl_enforce_hostname_verification", true);
        if (!encrypted) {
            return Optional.empty();
        }
        String protocol = options.text("ssl_version").isEmpty()
                ? ANY_PROTOCOL
                : options.read("ssl_version", ANY_PROTOCOL, TlsOptions::protocol);
        Optional<Identity> identity = options.together(() -> Identity.of(certificates, key), Optional::empty);
        return Optional.of(new TlsOptions(protocol, authorities, identity, verifiesHost));
    }

    /** Whether the broker's name has to be in its certificate. */
    boolean checksHost() {
        return verifiesHost && authorities.isPresent();
    }

    private static String protocol(String version) {
        return switch (version.strip().toLowerCase(Locale.ROOT)) {
            case "sslv23" -> ANY_PROTOCOL;
            case "tlsv1" -> "TLSv1";
            case "tlsv1_1" -> "TLSv1.1";
            case "tlsv1_2" -> "TLSv1.2";
            default -> throw new IllegalArgumentException("must be TLSv1, TLSv1_1, TLSv1_2 or SSLv23");
        };
    }

    /** What this process shows the broker: certificate chain and private key, both PEM. */
    public record Identity(Path certificates, Path key) {
        private static Optional<Identity> of(Optional<Path> certificates, Optional<Path> key) {
            if (certificates.isPresent() != key.isPresent()) {
                throw new IllegalArgumentException("ssl_cert_file and ssl_key_file need each other");
            }
            return certificates.map(file -> new Identity(file, key.orElseThrow()));
        }
    }
}
