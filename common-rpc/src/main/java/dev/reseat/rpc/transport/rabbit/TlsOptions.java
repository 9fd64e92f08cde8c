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

    static Optional<TlsOptions> from(Options options) {
        if (!options.flag("ssl", false))
            return Optional.empty();
        return Optional.of(
                new TlsOptions(
                        protocol(options),
                        options.file("ssl_ca_file"),
                        Identity.from(options),
                        options.flag("ssl_enforce_hostname_verification", true)));
    }

    /** Whether the broker's name has to be in its certificate. */
    boolean checksHost() {
        return verifiesHost && authorities.isPresent();
    }

    private static String protocol(Options options) {
        return options.text("ssl_version").map(version -> switch (version.toLowerCase(Locale.ROOT)) {
            case "sslv23" -> "TLS";
            case "tlsv1" -> "TLSv1";
            case "tlsv1_1" -> "TLSv1.1";
            case "tlsv1_2" -> "TLSv1.2";
            default -> throw Options.unreadable("ssl_version", version, "TLSv1, TLSv1_1, TLSv1_2 or SSLv23");
        }).orElse("TLS");
    }

    /** What this process shows the broker: certificate chain and private key, both PEM. */
    public record Identity(Path certificates, Path key) {
        static Optional<Identity> from(Options options) {
            Optional<Path> certificates = options.file("ssl_cert_file");
            Optional<Path> key = options.file("ssl_key_file");
            if (certificates.isPresent() != key.isPresent())
                throw new IllegalArgumentException(
                        "[oslo_messaging_rabbit] ssl_cert_file and ssl_key_file need each other");
            return certificates.map(file -> new Identity(file, key.orElseThrow()));
        }
    }
}
