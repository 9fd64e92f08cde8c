package dev.reseat.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.testing.Openssl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys as OpenSSL writes them. */
final class PemKeyTest {
    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "RSA | SHA256withRSA | BEGIN PRIVATE KEY | openssl genrsa 2048",
            "RSA | SHA256withRSA | BEGIN RSA PRIVATE KEY | openssl genrsa -traditional 2048",
            "RSA | SHA256withRSA | BEGIN RSA PRIVATE KEY | openssl genrsa -traditional 1024",
            "EC | SHA256withECDSA | BEGIN EC PRIVATE KEY | openssl ecparam -name prime256v1 -genkey -noout",
            "EC | SHA256withECDSA | BEGIN EC PARAMETERS | openssl ecparam -name secp384r1 -genkey",
            "EC | SHA256withECDSA | BEGIN EC PRIVATE KEY | openssl ecparam -name secp521r1 -genkey",
            "EC | SHA256withECDSA | BEGIN PRIVATE KEY | openssl genpkey -algorithm EC -pkeyopt group:P-256",
            "Ed25519 | Ed25519 | BEGIN PRIVATE KEY | openssl genpkey -algorithm ed25519",
    })
    void everyFormOfAKeyIsRead(String kind, String signing, String form, String command) throws Exception {
        Path file = written(Openssl.in(directory).run(command.split(" ")));
        assertThat(Files.readString(file)).contains(form);

        PrivateKey key = PemKey.read(file);

        var signature = Signature.getInstance(signing);
        signature.initSign(key);
        signature.update("text".getBytes(UTF_8));
        byte[] signed = signature.sign();
        signature.initVerify(publicKey(kind));
        signature.update("text".getBytes(UTF_8));
        assertThat(signature.verify(signed)).isTrue();
    }

    private Path written(String pem) throws IOException {
        return Files.writeString(directory.resolve("key.pem"), pem);
    }

    private PublicKey publicKey(String kind) throws Exception {
        String pem = Openssl.in(directory).run("openssl", "pkey", "-in", "key.pem", "-pubout");
        byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", ""));
        return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(encoded));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "openssl genrsa -aes128 -passout pass:secret 2048",
            "openssl genrsa -traditional -aes128 -passout pass:secret 2048"})
    void anEncryptedKeyIsSaidToBeOne(String command) throws Exception {
        Path file = written(Openssl.in(directory).run(command.split(" ")));
        assertThatThrownBy(() -> PemKey.read(file)).isInstanceOf(IOException.class)
                .hasMessageContaining("key.pem is encrypted");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----",
            "-----BEGIN EC PRIVATE KEY-----\nMIIB\n-----END EC PRIVATE KEY-----",
            "-----BEGIN EC PRIVATE KEY-----\nMAMCAQE=\n-----END EC PRIVATE KEY-----",
            "-----BEGIN EC PRIVATE KEY-----\nMIT/////\n-----END EC PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nMAMCAQE=\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN DSA PRIVATE KEY-----\nMAMCAQE=\n-----END DSA PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nMAMCAQE=\n-----END PRIVATE KEY-----"})
    void whatIsNoKeyIsRefusedByItsName(String pem) throws Exception {
        Path file = written(pem);
        assertThatThrownBy(() -> PemKey.read(file)).isInstanceOf(IOException.class).hasMessageContaining("key.pem");
    }

    @Test
    void aFileThatIsMissingIsNamed() {
        assertThatThrownBy(() -> PemKey.read(directory.resolve("missing.pem"))).isInstanceOf(IOException.class)
                .hasMessageContaining("missing.pem");
    }
}
