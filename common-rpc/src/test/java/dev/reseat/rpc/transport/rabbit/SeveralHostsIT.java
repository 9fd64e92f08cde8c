package dev.reseat.rpc.transport.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.rabbitmq.client.Connection;
import dev.reseat.broker.PrivateRabbitNode;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Received;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.testing.FrozenProcess;
import dev.reseat.testing.RabbitBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of several hosts is used, and when the next one is. */
@Tag("broker")
@Tag("slow")
final class SeveralHostsIT {
    private static final Duration WITHIN = Duration.ofSeconds(90);
    private static final String DEAD = "127.0.0.1:1";
    private static final ExecutorService CALLBACKS = Executors.newVirtualThreadPerTaskExecutor();

    @TempDir private static Path directory;

    private static PrivateRabbitNode first;
    private static PrivateRabbitNode second;

    @BeforeAll
    static void launch() {
        first = RabbitBroker.restartable().own();
        second = PrivateRabbitNode.launch(RabbitBroker.serverProgram(), directory.resolve("second"));
    }

    @AfterAll
    static void close() {
        if (second != null) {
            second.close();
        }
        CALLBACKS.shutdown();
    }

    @AfterEach
    void startAgain() {
        first.start();
        second.start();
    }

    private static String url(String... hosts) {
        return "rabbit://" + String.join(",", hosts) + "/";
    }

    private static String host(PrivateRabbitNode node) {
        return "127.0.0.1:" + node.port();
    }

    private static Dialer dialer(String strategy, String... hosts) {
        return new Dialer(TransportUrl.parse(url(hosts)), RabbitTransports.config(
                Map.of("kombu_failover_strategy", strategy)), Optional.empty(), "reseat-test", CALLBACKS,
                new HoldingSockets.Buffers(1024, 1024));
    }

    /** @return the ports that so many connections in a row lead to */
    private static List<Integer> dialled(Dialer dialer, int times) throws Exception {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            try (Connection connection = dialer.dial().connection()) {
                ports.add(connection.getPort());
            }
        }
        return ports;
    }

    @Test
    void roundRobinTakesTheHostsInTurnAndPassesOverThoseThatAreDown() throws Exception {
        List<Integer> ports = dialled(dialer("round-robin", host(first), DEAD, host(second)), 6);
        for (int i = 1; i < ports.size(); i++) {
            assertThat(ports.get(i)).isNotEqualTo(ports.get(i - 1));
        }
    }

    @Test
    void everyProcessBeginsWithAnotherHost() throws Exception {
        Set<Integer> begin = new HashSet<>();
        for (int i = 0; i < 40 && begin.size() < 2; i++) { // by chance all the same: once in 10^12
            begin.addAll(dialled(dialer("round-robin", host(first), host(second)), 1));
        }
        assertThat(begin).containsExactlyInAnyOrder(first.port(), second.port());
    }

    @Test
    void shuffleTakesHostsByChance() throws Exception {
        List<Integer> ports = dialled(dialer("shuffle", host(first), DEAD, host(second)), 40);
        assertThat(ports).contains(first.port(), second.port());
        boolean twiceInARow = false;
        for (int i = 1; i < ports.size(); i++) {
            twiceInARow |= ports.get(i).equals(ports.get(i - 1));
        }
        assertThat(twiceInARow).isTrue();
    }

    @Test
    void ifNoneCanBeReachedEachIsNamedWithItsReason() {
        var refused = assertThrows(Unreachable.class, () -> dialer(
                "round-robin", DEAD, "guest:wrong@" + host(first)).dial());
        assertThat(refused.getMessage()).contains(DEAD, host(first), "ACCESS_REFUSED").doesNotContain("wrong");
    }

    @Test
    void aFrozenHostIsNoticedByItsMissingHeartbeatsAndTheNextOneUsed() throws Exception {
        String topic = "topic-" + UUID.randomUUID();
        String url = url(host(first), host(second));
        try (Transport listening = RabbitTransports.open(url, Map.of("heartbeat_timeout_threshold", "2"));
                Transport sending = RabbitTransports.open(url)) {
            var received = Received.acknowledging();
            listening.listen(new ListenAddress.Server("exchange-" + topic, topic, "host-a"), received);
            boolean isOnFirst = first.control("list_queues", "name").contains(topic);
            PrivateRabbitNode used = isOnFirst ? first : second;
            PrivateRabbitNode other = isOnFirst ? second : first;

            long pid = used.beam().orElseThrow().pid();
            FrozenProcess.freeze(pid);
            try {
                awaitQueue(topic, other);
                // may try the frozen host first, and learns at the handshake
                sending.send(new Address.Topic("exchange-" + topic, topic), Outgoing.of("after".getBytes(UTF_8)),
                        WITHIN);
                assertThat(received.text()).isEqualTo("after");
            } finally {
                FrozenProcess.thaw(pid);
            }
        }
    }

    private static void awaitQueue(String name, PrivateRabbitNode node) {
        long end = System.nanoTime() + WITHIN.toNanos();
        while (!node.control("list_queues", "name").contains(name)) {
            assertThat(System.nanoTime()).as("time").isLessThan(end);
        }
    }
}
