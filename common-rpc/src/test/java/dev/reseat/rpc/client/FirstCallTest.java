package dev.reseat.rpc.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.rpc.transport.rabbit.RabbitConfig;
import dev.reseat.rpc.transport.rabbit.RabbitTransport;
import dev.reseat.runtime.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first call of a process, to a broker that takes connections and says nothing. */
final class FirstCallTest {
    private ServerSocket silent;
    private Transport transport;
    private RpcClient client;

    @BeforeEach
    void open() throws Exception {
        silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TransportUrl url = TransportUrl.parse("rabbit://guest:guest@127.0.0.1:" + silent.getLocalPort() + "/");
        transport = RabbitTransport.of(url, RabbitConfig.from(url, Settings.parse("")), "first");
        client = new RpcClient(
                transport,
                new EnvelopeCodec(WireMapper.create()),
                ClientConfig.withTimeout(Duration.ofMillis(300)),
                new SimpleMeterRegistry());
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        transport.close();
        silent.close();
    }

    private void call(Duration timeout) {
        client.prepare(Target.of("nova", "compute"))
                .timeout(timeout)
                .call(RequestContext.admin(), "ping", Map.of(), Void.class);
    }

    @Test
    void endsAtItsDeadlineThoughTheBrokerDoesNotAnswer() {
        long begun = System.nanoTime();

        assertThatThrownBy(() -> call(Duration.ofMillis(300))).isInstanceOf(RpcException.NotDelivered.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void endsWhenItIsInterrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> call(Duration.ofMinutes(1))).isInstanceOf(RpcException.NotDelivered.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void endsWhenTheClientIsClosed() throws Exception {
        var called = CompletableFuture.runAsync(() -> call(Duration.ofMinutes(1)), Thread::startVirtualThread);
        try (Socket peer = silent.accept()) {
            assertThat(peer.isConnected()).isTrue(); // so the call waits for it
            client.close();

            assertThatThrownBy(() -> called.get(3, SECONDS)).hasCauseInstanceOf(RpcException.NotDelivered.class);
        }
    }
}
