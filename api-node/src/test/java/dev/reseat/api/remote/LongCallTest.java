package dev.reseat.api.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.model.Volume;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.rpc.transport.Delivery;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that take long: as long as the service shows that it lives, and never longer than their deadline. */
final class LongCallTest {
    private static final RequestContext ADMIN = RequestContext.admin();
    private static final String HOST = "host@fake1";
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(1);

    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Transport transport = new MemoryTransport(new MemoryBroker());
    private final RpcClient rpc = new RpcClient(transport, codec, ClientConfig.withTimeout(RESPONSE_TIMEOUT), meters);
    private final VolumeClient volumes = new VolumeClient(
            rpc,
            Settings.parse("[reseat]\ndriver_timeout = 60\ncall_monitor_timeout = 2").checked(RemoteConfig::from));
    private final Volume volume = VolumeClientTest.volume(Optional.of(HOST), Optional.empty());
    private final AtomicReference<Deadline> told = new AtomicReference<>();

    @AfterEach
    void close() {
        rpc.close();
        transport.close();
    }

    @Test
    void aServerThatLivesIsWaitedForLongerThanAResponseUsuallyTakes() {
        var done = new CountDownLatch(1);
        serve(done);
        CompletableFuture.delayedExecutor(3 * RESPONSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .execute(done::countDown);

        assertThat(volumes.resetStatus(ADMIN, volume, "available").orThrow().outcome())
                .isEqualTo(ResetStatus.Outcome.PROVED);
    }

    @Test
    void aServerThatDiesEndsTheCallWhenItsSignsOfLifeStop() {
        transport.listen(
                new ListenAddress.Server("reseat", VolumeRpc.OWN_TOPIC, HOST),
                Delivery::acknowledge); // and dies over it
        var wholeTime = Deadline.after(Duration.ofSeconds(60));

        assertThatThrownBy(() -> volumes.resetStatus(ADMIN, volume, "available"))
                .isInstanceOf(RpcException.OutcomeUnknown.class);

        assertThat(wholeTime.remaining()).isGreaterThan(Duration.ofSeconds(20));
    }

    @Test
    void aServerIsToldWhatIsLeftOfTheCallersTime() {
        serve(new CountDownLatch(0));
        var outer = Deadline.after(Duration.ofSeconds(20));

        volumes.resetStatus(ADMIN, volume, "available", outer);

        assertThat(told.get().remaining()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
        volumes.resetStatus(ADMIN, volume, "available");
        assertThat(told.get().remaining()).isBetween(Duration.ofSeconds(21), Duration.ofSeconds(60));
    }

    @Test
    void nothingIsSentWhenNoTimeIsLeft() {
        serve(new CountDownLatch(0));

        assertThatThrownBy(() -> volumes.resetStatus(ADMIN, volume, "available", Deadline.after(Duration.ZERO)))
                .isInstanceOf(RpcException.NotDelivered.class)
                .hasMessageContaining("no time left");

        assertThat(told.get()).isNull();
    }

    private void serve(CountDownLatch done) {
        new RpcServer(transport, codec, VolumeRpc.own(HOST), List.of(Endpoint.of(VolumeRpc.NAMESPACE, 1, 1)
                .timed(ResetStatus.METHOD, ResetStatus.class, (_, _, deadline) -> {
                    told.set(deadline);
                    try {
                        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return new ResetStatus.Result(ResetStatus.Outcome.PROVED, "test", "nobody is there", List.of());
                })
                .build()), ServerConfig.DEFAULT, meters).start();
    }
}
