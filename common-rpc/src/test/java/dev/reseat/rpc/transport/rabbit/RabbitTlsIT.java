package dev.reseat.rpc.transport.rabbit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.rabbitmq.client.Connection;
import dev.reseat.broker.LoopbackPorts;
import dev.reseat.broker.PrivateRabbitNode;
import dev.reseat.rpc.RpcException.OutcomeUnknown;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.testing.CuttableLink;
import dev.reseat.testing.Openssl;
import dev.reseat.testing.RabbitBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted connections, and every login, to a node that asks its clients for a certificate. */
@Tag("broker")
final class RabbitTlsIT {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final ExecutorService CALLBACKS = Executors.newVirtualThreadPerTaskExecutor();

    @TempDir private static Path directory;

    private static PrivateRabbitNode node;
    private static int port;

    @BeforeAll
    static void launch() throws Exception {
        Path server = RabbitBroker.serverProgram();
        Openssl openssl = Openssl.in(directory);
        openssl.authority("authority");
        openssl.authority("stranger");
        openssl.issue("broker", "IP:127.0.0.1", "-newkey", "rsa:2048");
        openssl.issue("client", "DNS:client", "-newkey", "rsa:2048");
        openssl.issueUntil("expired", "IP:127.0.0.1", "20210101000000Z", "-newkey", "rsa:2048");
        openssl.run("openssl", "rsa", "-traditional", "-in", "client.key", "-out", "pkcs1.key");
        Files.copy(directory.resolve("client.pem"), directory.resolve("pkcs1.pem"));
        openssl.run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-out", "sec1.key");
        openssl.issue("sec1", "DNS:client", "-key", "sec1.key");
        port = LoopbackPorts.reserve();
        Path home = Files.createDirectory(directory.resolve("node"));
        Files.writeString(home.resolve("enabled_plugins"), "[rabbitmq_auth_mechanism_ssl].");
        node = PrivateRabbitNode.launch(server, home, """
                listeners.ssl.1 = 127.0.0.1:%d
                ssl_options.cacertfile = %2$s/authority.pem
                ssl_options.certfile = %2$s/broker.pem
                ssl_options.keyfile = %2$s/broker.key
                ssl_options.verify = verify_peer
                ssl_options.fail_if_no_peer_cert = true
                ssl_cert_login_from = common_name
                auth_mechanisms.1 = PLAIN
                auth_mechanisms.2 = AMQPLAIN
                auth_mechanisms.3 = EXTERNAL
                auth_mechanisms.4 = RABBIT-CR-DEMO
                """.formatted(port, directory));
    }

    @AfterAll
    static void close() {
        if (node != null) {
            node.close();
        }
        CALLBACKS.shutdown();
    }

    private static Map<String, String> options(Map<String, String> more) {
        Map<String, String> options = new HashMap<>(certificate("client"));
        options.put("ssl", "true");
        options.putAll(more);
        return options;
    }

    private static Map<String, String> certificate(String name) {
        return Map.of(
                "ssl_cert_file", directory.resolve(name + ".pem").toString(),
                "ssl_key_file", directory.resolve(name + ".key").toString());
    }

    private static Map<String, String> authority(String name) {
        return Map.of("ssl_ca_file", directory.resolve(name + ".pem").toString());
    }

    private static void send(String host, Map<String, String> more) {
        try (var transport = RabbitTransports.open("rabbit://" + host + ":" + port, options(more))) {
            transport.send(new Address.Topic("tls", "key"), Outgoing.of(new byte[0]), WITHIN);
        }
    }

    /** @return why there is no connection */
    private static String refusal(String address, Map<String, String> options) {
        RabbitConfig config = RabbitTransports.config(options);
        var dialer = new Dialer(
                TransportUrl.parse("rabbit://" + address), config, config.tls().map(TlsContext::of), "reseat-test",
                CALLBACKS, new HoldingSockets.Buffers(1024, 1024));
        return assertThrows(Unreachable.class, dialer::dial).getMessage();
    }

    private static String refusal(Map<String, String> more) {
        return refusal("127.0.0.1:" + port, options(more));
    }

    @Test
    void aBrokerOfOurAuthorityIsTrusted() {
        assertDoesNotThrow(() -> send("127.0.0.1", authority("authority")));
    }

    @Test
    void withoutAnAuthorityAnyBrokerIsTrusted() {
        assertDoesNotThrow(() -> send("localhost", Map.of()));
    }

    @Test
    void aBrokerOfAnotherAuthorityIsNotTrusted() {
        assertThat(refusal(authority("stranger"))).contains("127.0.0.1:" + port, "unable to find valid certification");
    }

    @Test
    void aBrokerOfAnotherNameIsNotTrustedUnlessNamesAreNotChecked() {
        assertThat(refusal("localhost:" + port, options(authority("authority")))).contains("localhost");
        Map<String, String> lenient = new HashMap<>(authority("authority"));
        lenient.put("ssl_enforce_hostname_verification", "false");
        assertDoesNotThrow(() -> send("localhost", lenient));
    }

    @Test
    void aBrokerWhoseCertificateHasExpiredIsNotTrusted() throws Exception {
        int other = LoopbackPorts.reserve();
        Process server = new ProcessBuilder("openssl", "s_server", "-accept", "127.0.0.1:" + other, "-cert",
                "expired.pem", "-key", "expired.key").directory(directory.toFile()).redirectErrorStream(true).start();
        try (var output = server.inputReader()) {
            assertThat(output.lines().anyMatch(line -> line.contains("ACCEPT"))).isTrue();
            assertThat(refusal("127.0.0.1:" + other, options(authority("authority")))).contains("NotAfter");
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void aBrokerThatWantsACertificateRefusesUsWithoutOne() {
        assertThat(refusal("127.0.0.1:" + port, Map.of("ssl", "true"))).contains("127.0.0.1:" + port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stranger", "expired"})
    void aBrokerRefusesACertificateThatIsNotGood(String name) {
        assertThat(refusal(certificate(name))).contains("127.0.0.1:" + port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pkcs1", "sec1"})
    void olderFormsOfKeysAreUnderstood(String name) {
        assertDoesNotThrow(() -> send("127.0.0.1", certificate(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1_2", "SSLv23", "tlsv1_2"})
    void theVersionCanBeChosen(String version) {
        assertDoesNotThrow(() -> send("127.0.0.1", Map.of("ssl_version", version)));
    }

    @Test
    void aFileThatIsNoKeyIsNamed() {
        Map<String, String> wrong = Map.of("ssl_key_file", directory.resolve("client.pem").toString());
        var failure = assertThrows(IllegalArgumentException.class, () -> send("127.0.0.1", wrong));
        assertThat(failure).hasMessageContaining("client.pem");
    }

    /** It accepts the connection, as the kernel of a frozen machine may, and says nothing. */
    @Test
    void aHostThatIsSilentInTheHandshakeIsPassedOver() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String hosts = "127.0.0.1:" + silent.getLocalPort() + ",127.0.0.1:" + port;
            RabbitConfig config = RabbitTransports.config(options(Map.of()));
            var dialer = new Dialer(
                    TransportUrl.parse("rabbit://" + hosts), config, config.tls().map(TlsContext::of), "reseat-test",
                    CALLBACKS, new HoldingSockets.Buffers(1024, 1024));
            do {
                try (Connection connection = dialer.dial().connection()) {
                    assertThat(connection.getPort()).isEqualTo(port);
                }
            } while (!wasCalled(silent));
        }
    }

    private static boolean wasCalled(ServerSocket silent) throws IOException {
        silent.setSoTimeout(1);
        try (var _ = silent.accept()) {
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Test
    void aConnectionOnWhichNothingIsReadIsClosedLongBeforeHeartbeatsWouldTell() throws Exception {
        var address = new Address.Topic("tls", "key");
        var large = Outgoing.of(new byte[32 << 20]);
        try (var link = new CuttableLink(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            link.mend();
            var transport = RabbitTransports.open(
                    "rabbit://127.0.0.1:" + link.port(), options(Map.of("heartbeat_timeout_threshold", "60")));
            transport.send(address, Outgoing.of(new byte[0]), WITHIN);
            link.freeze();
            assertThrows(OutcomeUnknown.class, () -> transport.send(address, large, Duration.ofSeconds(2)));

            CompletableFuture.runAsync(transport::close, Thread::startVirtualThread).get(40, SECONDS);
        }
    }

    @Test
    void withExternalTheCertificateIsTheAccount() {
        Map<String, String> external = Map.of("rabbit_login_method", "EXTERNAL");
        assertThat(refusal(external)).contains("ACCESS_REFUSED", "EXTERNAL");

        node.control("add_user", "client", "not-used");
        node.control("set_permissions", "client", ".*", ".*", ".*");
        String url = "rabbit://somebody:wrong@127.0.0.1:" + port;
        try (var transport = RabbitTransports.open(url, options(external))) {
            transport.send(new Address.Topic("tls", "key"), Outgoing.of(new byte[0]), WITHIN);
            List<String> connections = node.control("list_connections", "user", "auth_mechanism").lines().toList();
            assertThat(connections).contains("client\tEXTERNAL");
        } finally {
            node.control("delete_user", "client");
        }
    }

    @Test
    void withoutACertificateToLookAtExternalIsRefused() {
        Map<String, String> external = Map.of("rabbit_login_method", "EXTERNAL");
        assertThat(refusal("127.0.0.1:" + node.port(), external)).contains("No compatible authentication mechanism");
    }

    @ParameterizedTest
    @CsvSource({"PLAIN", "AMQPLAIN", "RABBIT-CR-DEMO"})
    void everyOtherLoginShowsThePassword(String method) {
        Map<String, String> login = Map.of("rabbit_login_method", method);
        try (var transport = RabbitTransports.open(node.transportUrl(), login)) {
            transport.send(new Address.Topic("tls", "key"), Outgoing.of(new byte[0]), WITHIN);
            assertThat(node.control("list_connections", "user", "auth_mechanism").lines()).contains("guest\t" + method);
        }
        assertThat(refusal("guest:wrong@127.0.0.1:" + node.port(), login)).contains("ACCESS_REFUSED", method)
                .doesNotContain("wrong");
    }
}
