package dev.reseat.rpc.transport.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reseat.process.broker.PrivateRabbitNode;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.testing.RabbitBroker;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted connections to a node that asks its clients for a certificate. */
@Tag("broker")
final class RabbitTlsIT {
    /** Enough for a few attempts. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    @TempDir private static Path directory;

    private static PrivateRabbitNode node;
    private static int port;

    @BeforeAll
    static void launch() throws Exception {
        Path server = RabbitBroker.serverProgram();
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=authority", "-keyout", "authority.key", "-out", "authority.pem");
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=stranger", "-keyout", "stranger.key", "-out", "stranger.pem");
        issue("broker", "rsa:2048", "IP:127.0.0.1");
        issue("client", "rsa:2048", "DNS:client");
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        node = PrivateRabbitNode.launch(server, directory.resolve("node"), """
                listeners.ssl.1 = 127.0.0.1:%d
                ssl_options.cacertfile = %2$s/authority.pem
                ssl_options.certfile = %2$s/broker.pem
                ssl_options.keyfile = %2$s/broker.key
                ssl_options.verify = verify_peer
                ssl_options.fail_if_no_peer_cert = true
                """.formatted(port, directory));
    }

    @AfterAll
    static void close() {
        if (node != null)
            node.close();
    }

    private static void issue(String name, String key, String alternative) throws Exception {
        openssl("req", "-x509", "-newkey", key, "-nodes", "-days", "2", "-subj", "/CN=" + name,
                "-addext", "subjectAltName=" + alternative, "-CA", "authority.pem", "-CAkey", "authority.key",
                "-keyout", name + ".key", "-out", name + ".pem");
    }

    private static void openssl(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), printed);
    }

    private static void send(String host, Map<String, String> more) {
        send(host, more, Duration.ofSeconds(30));
    }

    private static void send(String host, Map<String, String> more, Duration within) {
        Map<String, String> options = new HashMap<>(Map.of(
                "ssl", "true",
                "ssl_cert_file", directory.resolve("client.pem").toString(),
                "ssl_key_file", directory.resolve("client.key").toString()));
        options.putAll(more);
        try (Transport transport = RabbitTransports.open("rabbit://" + host + ":" + port, options)) {
            transport.send(new Address.Topic("tls", "key"), Outgoing.of(new byte[0]), within);
        }
    }

    private static Map<String, String> authority(String name) {
        return Map.of("ssl_ca_file", directory.resolve(name).toString());
    }

    @Test
    void aBrokerOfOurAuthorityIsTrusted() {
        assertDoesNotThrow(() -> send("127.0.0.1", authority("authority.pem")));
    }

    @Test
    void withoutAnAuthorityAnyBrokerIsTrusted() {
        assertDoesNotThrow(() -> send("localhost", Map.of()));
    }

    @Test
    void aBrokerOfAnotherAuthorityIsNotTrusted() {
        assertThrows(RpcException.NotDelivered.class, () -> send("127.0.0.1", authority("stranger.pem"), SHORT));
    }

    @Test
    void aBrokerOfAnotherNameIsNotTrustedUnlessNamesAreNotChecked() {
        assertThrows(RpcException.NotDelivered.class, () -> send("localhost", authority("authority.pem"), SHORT));
        Map<String, String> lenient = new HashMap<>(authority("authority.pem"));
        lenient.put("ssl_enforce_hostname_verification", "false");
        assertDoesNotThrow(() -> send("localhost", lenient));
    }

    @Test
    void aFileThatIsNoKeyIsNamed() {
        Map<String, String> wrong = Map.of("ssl_key_file", directory.resolve("client.pem").toString());
        var failure = assertThrows(IllegalArgumentException.class, () -> send("127.0.0.1", wrong));
        assertTrue(failure.getMessage().contains("client.pem"), failure.getMessage());
    }
}
