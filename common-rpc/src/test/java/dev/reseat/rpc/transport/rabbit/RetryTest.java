package dev.reseat.rpc.transport.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A broker that accepts connections and closes them at once. The real oslo.messaging 14.0.3, given the same, makes one
 * attempt with {@code retry=0}, two with 1 and three with 2.
 */
final class RetryTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final AtomicInteger attempts = new AtomicInteger();
    private ServerSocket broker;
    private Transport transport;

    @BeforeEach
    void open() throws IOException {
        broker = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::refuse);
        transport = RabbitTransports.open("rabbit://guest:guest@127.0.0.1:" + broker.getLocalPort() + "/");
    }

    @AfterEach
    void close() throws IOException {
        transport.close();
        broker.close();
    }

    private void refuse() {
        try {
            while (true) {
                try (Socket _ = broker.accept()) {
                    attempts.incrementAndGet();
                }
            }
        } catch (IOException e) {
            assertThat(broker.isClosed()).isTrue(); // the end of the test
        }
    }

    private void send(int retry, Duration within) {
        transport.send(
                new Address.Topic("exchange", "key"), Outgoing.of("{}".getBytes(UTF_8)).retrying(retry), within);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aMessageIsGivenUpAfterThatManyFurtherAttempts(int retry) {
        assertThatThrownBy(() -> send(retry, LONG))
                .isExactlyInstanceOf(RpcException.NotDelivered.class)
                .hasMessageContaining("Unable to connect to AMQP server after " + retry + " tries: ");

        assertThat(attempts).hasValue(retry + 1);
    }

    @Test
    void aMessageThatIsNotToBeTriedForLongDoesNotWaitForALongBackOff() {
        transport.close();
        transport = RabbitTransports.open(
                "rabbit://guest:guest@127.0.0.1:" + broker.getLocalPort() + "/",
                Map.of("rabbit_retry_backoff", "3600", "rabbit_interval_max", "3600"));
        for (int retry : new int[]{1, 0, 0}) {
            assertThatThrownBy(() -> send(retry, LONG))
                    .isExactlyInstanceOf(RpcException.NotDelivered.class)
                    .hasMessageContaining("Unable to connect to AMQP server after " + retry + " tries: ");
        }

        assertThat(attempts).as("one for each try, but two may share one").hasValueBetween(3, 4);
    }

    @Test
    void withoutLimitOnlyTimeEndsIt() {
        assertThatThrownBy(() -> send(-1, Duration.ofMillis(1500)))
                .isExactlyInstanceOf(RpcException.NotDelivered.class)
                .hasMessageContaining("not confirmed within 1500 ms");

        assertThat(attempts).hasPositiveValue();
    }

    @Test
    void timeAlsoEndsWhatHasAttemptsLeft() {
        assertThatThrownBy(() -> send(1000, Duration.ofMillis(200)))
                .isExactlyInstanceOf(RpcException.NotDelivered.class)
                .hasMessageContaining("not confirmed within 200 ms");
    }
}
