package dev.reseat.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A server's certificate and key in PEM files, read again when the files have changed: a renewed one is shown from the
 * next connection on. While the files do not fit each other the former one stays. Thread-safe.
 */
final class ServerCertificate extends X509ExtendedKeyManager {
    private static final System.Logger LOG = System.getLogger(ServerCertificate.class.getName());

    private final Path certificateFile;
    private final Path keyFile;
    private volatile Identity current;
    /** A handshake may have begun with the one before. */
    private volatile Optional<Identity> former = Optional.empty();
    private List<FileTime> seen; // guarded by this
    /** Why the files as they are cannot be used, if that was said: they are looked at several times a handshake. */
    private Optional<String> said = Optional.empty(); // guarded by this

    private record Identity(String alias, List<X509Certificate> chain, PrivateKey key) {}

    /**
     * @param certificateFile the server's first, then those that lead to its authority
     * @throws IOException if a file cannot be read
     * @throws GeneralSecurityException if they are not what they should be, or do not fit each other
     */
    ServerCertificate(Path certificateFile, Path keyFile) throws IOException, GeneralSecurityException {
        this.certificateFile = certificateFile;
        this.keyFile = keyFile;
        this.seen = times();
        this.current = read(0);
    }

    private List<FileTime> times() throws IOException {
        return List.of(Files.getLastModifiedTime(certificateFile), Files.getLastModifiedTime(keyFile));
    }

    private Identity read(int number) throws IOException, GeneralSecurityException {
        List<X509Certificate> chain;
        try (InputStream pem = Files.newInputStream(certificateFile)) {
            chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(pem)
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        }
        if (chain.isEmpty()) {
            throw new IOException("no certificate in " + certificateFile);
        }
        PrivateKey key = PemKey.read(keyFile);
        if (!fit(chain.getFirst().getPublicKey(), key)) {
            throw new GeneralSecurityException(keyFile + " is not the key of the certificate in " + certificateFile);
        }
        return new Identity("identity-" + number, chain, key);
    }

    private static boolean fit(PublicKey published, PrivateKey key) throws GeneralSecurityException {
        if (!family(published.getAlgorithm()).equals(family(key.getAlgorithm()))) {
            return false;
        }
        Signature signature = Signature.getInstance(switch (family(key.getAlgorithm())) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        });
        byte[] text = {1, 2, 3};
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(published);
        signature.update(text);
        return signature.verify(signed);
    }

    /** As handshakes call kinds of keys; those before TLS 1.3 also name what signed the certificate. */
    private static String family(String algorithm) {
        return switch (algorithm.split("_", 2)[0]) {
            case "Ed25519", "Ed448" -> "EdDSA";
            case String other -> other;
        };
    }

    private synchronized Identity renewed() {
        List<FileTime> now = List.of();
        try {
            now = times();
            if (now.equals(seen)) {
                said = Optional.empty();
            } else {
                Identity next = read(Integer.parseInt(current.alias().replaceFirst(".*-", "")) + 1);
                former = Optional.of(current);
                current = next;
                seen = now;
                said = Optional.empty();
                LOG.log(Level.INFO, "{0} has been renewed", certificateFile);
            }
        } catch (IOException | GeneralSecurityException notYet) {
            Optional<String> why = Optional.of(notYet.getMessage() + " " + now);
            if (!why.equals(said)) {
                said = why;
                LOG.log(Level.WARNING, "a renewed certificate cannot be used, the one before stays: "
                        + notYet.getMessage());
            }
        }
        return current;
    }

    private String chosen(String kind) {
        Identity now = renewed();
        return family(kind).equals(family(now.key().getAlgorithm())) ? now.alias() : null;
    }

    private Optional<Identity> named(String alias) {
        Identity now = current;
        return now.alias().equals(alias) ? Optional.of(now) : former.filter(one -> one.alias().equals(alias));
    }

    @Override
    public String chooseEngineServerAlias(String kind, Principal[] issuers, SSLEngine engine) {
        return chosen(kind);
    }

    @Override
    public String chooseServerAlias(String kind, Principal[] issuers, Socket socket) {
        return chosen(kind);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return named(alias).map(one -> one.chain().toArray(X509Certificate[]::new)).orElse(null);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return named(alias).map(Identity::key).orElse(null);
    }

    @Override
    public String[] getServerAliases(String kind, Principal[] issuers) {
        return new String[]{current.alias()};
    }

    @Override
    public String[] getClientAliases(String kind, Principal[] issuers) {
        return new String[0];
    }

    @Override
    public String chooseClientAlias(String[] kinds, Principal[] issuers, Socket socket) {
        return null;
    }
}
