package dev.reseat.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.testing.CapturedLog;
import dev.reseat.testing.Openssl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Handshakes with a server whose certificate is in files. */
final class ServerTlsTest {
    @TempDir private Path directory;
    private Openssl openssl;

    @BeforeEach
    void make() throws Exception {
        openssl = Openssl.in(directory);
        openssl.authority("authority");
        openssl.issue("server", "IP:127.0.0.1", "-newkey", "rsa:2048");
    }

    private ServerTls tls(String name) {
        return new ServerTls(directory.resolve(name + ".pem"), directory.resolve(name + ".key"), Optional.empty());
    }

    /** The certificate that a client is shown. */
    private X509Certificate shown(SSLContext server, String... protocols) throws Exception {
        try (var listening = (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0)) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> answer(listening));
            SSLContext client = TrustedCertificates.in(directory.resolve("authority.pem"));
            try (var socket =
                    (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", listening.getLocalPort())) {
                if (protocols.length > 0) {
                    socket.setEnabledProtocols(protocols);
                }
                socket.startHandshake();
                assertThat(socket.getInputStream().read()).isEqualTo(7);
                answered.join();
                return (X509Certificate) socket.getSession().getPeerCertificates()[0];
            }
        }
    }

    private static void answer(SSLServerSocket listening) {
        try (var socket = listening.accept()) {
            socket.getOutputStream().write(7);
        } catch (IOException refused) {
            throw new IllegalStateException(refused);
        }
    }

    @ParameterizedTest
    @CsvSource({"rsa:2048, TLSv1.3", "rsa:2048, TLSv1.2", "ec, TLSv1.3", "ec, TLSv1.2", "ed25519, TLSv1.3"})
    void everyKindOfKeyIsShown(String kind, String protocol) throws Exception {
        if (kind.equals("ec")) {
            openssl.issue("other", "IP:127.0.0.1", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
        } else {
            openssl.issue("other", "IP:127.0.0.1", "-newkey", kind);
        }

        assertThat(shown(tls("other").context(), protocol).getSubjectX500Principal().getName()).isEqualTo("CN=other");
    }

    @Test
    void aRenewedCertificateIsShownFromTheNextConnectionOn() throws Exception {
        SSLContext context = tls("server").context();
        X509Certificate first = shown(context);
        openssl.issue("renewed", "IP:127.0.0.1", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");

        try (var log = CapturedLog.of(ServerCertificate.class.getName())) {
            replace("renewed.pem", "server.pem");
            assertThat(shown(context)).as("while its key is not there").isEqualTo(first);
            assertThat(shown(context)).isEqualTo(first);
            assertThat(log.lines("WARN")).as("once, however often it is looked at").hasSize(1);
            Files.delete(directory.resolve("server.pem"));
            assertThat(shown(context)).isEqualTo(first);
            assertThat(log.lines("WARN")).as("and again when it is something else").hasSize(2);
        }
        replace("renewed.pem", "server.pem");
        replace("renewed.key", "server.key");

        assertThat(shown(context).getSubjectX500Principal().getName()).isEqualTo("CN=renewed");
    }

    private void replace(String file, String by) throws IOException {
        Files.copy(directory.resolve(file), directory.resolve(by), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void anOldProtocolIsNotSpoken() {
        assertThatThrownBy(() -> shown(tls("server").context(), "TLSv1.1")).isInstanceOf(SSLHandshakeException.class);
        assertThat(ServerTls.PROTOCOLS).containsExactly("TLSv1.3", "TLSv1.2");
    }

    @Test
    void onlyWhereItIsWantedAreFilesLookedAt() throws IOException {
        String missing = "[ssl]\ncert_file = /nowhere/cert.pem\nkey_file = /nowhere/key.pem\n";
        Files.writeString(directory.resolve("empty.pem"), "");
        String other = "[ssl]\ncert_file = " + directory.resolve("server.pem") + "\nkey_file = "
                + directory.resolve("authority.key") + "\n";

        assertThat(checked(missing, false)).isEmpty();
        assertThatThrownBy(() -> checked(missing, true)).isInstanceOf(SettingsException.class)
                .hasMessageContaining("[ssl]")
                .hasMessageContaining("/nowhere/cert.pem");
        assertThatThrownBy(() -> checked("", true)).hasMessageContaining("cert_file and key_file");
        assertThatThrownBy(() -> checked(other, true)).hasMessageContaining("is not the key of the certificate");
    }

    private static Optional<ServerTls> checked(String text, boolean wanted) {
        return Settings.parse(text).checked(settings -> ServerTls.from(settings, wanted));
    }
}
